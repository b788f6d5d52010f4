"""A petition's progress: the count and the next goal."""

from dataclasses import dataclass

# Automatic goals, as in Proca.
LADDER = (
    *(100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000),
    *(200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000),
)


@dataclass(frozen=True)
class Progress:
    """``count`` signatures on the way to a goal. ``wanted`` is the editor's goal, if any."""

    count: int
    wanted: int | None = None

    @property
    def goal(self) -> int:
        """The editor's goal until it is reached, else the next automatic goal.

        Beyond the highest automatic goal: its next multiple.
        """
        if self.wanted and self.count < self.wanted:
            return self.wanted
        last = LADDER[-1]
        return next((step for step in LADDER if step > self.count), (self.count // last + 1) * last)

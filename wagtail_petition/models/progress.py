"""How far a petition has come: the count and the next goal."""

from dataclasses import dataclass

# Proca's ladder of goals: each looks reachable from the one before.
LADDER = (
    *(100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000),
    *(200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000),
)


@dataclass(frozen=True)
class Progress:
    """``count`` signatures on the way to the editor's goal, or to the ladder's next step."""

    count: int
    wanted: int | None = None

    @property
    def goal(self):
        """The editor's goal until it is reached; then, or without one, the ladder's next step.

        Beyond the ladder: the next multiple of its last step.
        """
        if self.wanted and self.count < self.wanted:
            return self.wanted
        last = LADDER[-1]
        return next((step for step in LADDER if step > self.count), (self.count // last + 1) * last)

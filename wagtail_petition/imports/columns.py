"""Find the cells of a row by their meaning."""

from collections.abc import Iterator, Sequence

from wagtail_petition.exports.cells import unguard

from .mapping import ANSWER
from .reading.table import Cell, as_text


class Columns:
    """Which columns of a file have which meaning.

    ``is_guarded`` is whether texts have the apostrophes with which our exports guard formulas.
    """

    def __init__(
        self, headings: Sequence[str], mapping: dict[str, str], *, is_guarded: bool = False
    ) -> None:
        self.is_guarded = is_guarded
        self._headings = headings
        self._positions: dict[str, list[int]] = {}
        for position, heading in enumerate(headings):
            if meaning := mapping.get(heading):
                self._positions.setdefault(meaning, []).append(position)

    def __contains__(self, meaning: str) -> bool:
        return meaning in self._positions

    def has_any(self, prefix: str) -> bool:
        """Whether a meaning begins with ``prefix``."""
        return any(meaning.startswith(prefix) for meaning in self._positions)

    def get_headings(self, meaning: str) -> list[str]:
        """The headings of the columns with this meaning."""
        return [self._headings[position] for position in self._positions.get(meaning, ())]

    def get_cell(self, cells: Sequence[Cell], meaning: str) -> Cell:
        """The cell with this meaning, None without such a column."""
        positions = self._positions.get(meaning)
        return cells[positions[0]] if positions else None

    def get_text(self, cells: Sequence[Cell], meaning: str) -> str:
        """The text of the cell with this meaning, "" without such a column."""
        positions = self._positions.get(meaning)
        if not positions:
            return ""
        cell = cells[positions[0]]
        text = cell if isinstance(cell, str) else as_text(cell)
        return unguard(text) if text and self.is_guarded else text

    def get_texts(self, cells: Sequence[Cell], *meanings: str) -> Iterator[str]:
        """Yield the texts of all cells with these meanings."""
        for meaning in meanings:
            for position in self._positions.get(meaning, ()):
                yield as_text(cells[position])

    def get_answers(self, cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
        """Yield (id of a question, cell) for the columns with answers."""
        for meaning, positions in self._positions.items():
            if meaning.startswith(ANSWER):
                cell = cells[positions[0]]
                is_guard = self.is_guarded and isinstance(cell, str)
                yield meaning.removeprefix(ANSWER), unguard(cell) if is_guard else cell

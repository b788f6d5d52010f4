"""Collect the signatures of a delivery in one query."""

import json
import pickle
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.functional import cached_property

from wagtail_petition.conf import settings
from wagtail_petition.models.delivery import Delivery

from . import columns, font_coverage, selection
from .breakdowns import Breakdowns
from .proof import NEEDS, Proof


class Unsalted(Exception):
    """A signature was numbered by an older version of this package while the delivery was built."""


class Collected:
    """The rows of a delivery in a file, with their numbers, their proof and other totals.

    Raises ``Unsalted`` if a signature has no salt yet (see ``ledger.give_salts``).
    """

    def __init__(self, delivery: Delivery, folder: Path) -> None:
        self.table = columns.DeliveryTable(delivery)
        self.path = folder / "rows.pickle"
        self.is_printed = "pdf" in delivery.formats
        self.numbers, self.clusters = [], set()
        self.breakdowns = Breakdowns(delivery)
        self.proof = Proof(delivery, folder)
        digest = sha256()
        is_included = selection.get_number_filter(delivery)
        with self.path.open("wb") as file, self.proof:
            signatures = selection.deliverable(delivery)
            for row, known in self.table.rows_with(signatures, *NEEDS, *self.breakdowns.needs):
                number, salt = known[:2]
                if not is_included(number):
                    continue
                if salt is None:
                    raise Unsalted
                pickle.dump(row, file, pickle.HIGHEST_PROTOCOL)
                line = json.dumps(row, default=str, ensure_ascii=False)
                digest.update(line.encode() + b"\n")
                if self.is_printed:
                    self.clusters |= font_coverage.odd_clusters(line)
                self.numbers.append(number)
                self.proof.add(*known[: len(NEEDS)])
                self.breakdowns.add(self.table.get(row, "country"), *known[len(NEEDS) :])
        self.proof.write(self.numbers)
        self.sha256 = digest.hexdigest()

    @property
    def count(self) -> int:
        return len(self.numbers)

    @cached_property
    def unprintable(self) -> set[str]:
        """The clusters (see ``font_coverage``) that no font can print, as a set.

        The typesetter may refuse more of them later, which are added.
        """
        return (
            font_coverage.unprintable(self.clusters, settings.FONT_PATHS)
            if self.is_printed
            else set()
        )

    def printed_rows(self) -> Iterator[list[str]]:
        """Yield the rows as texts to print. Unprintable clusters become codes: [U+1F600]."""
        for row in self.rows():
            yield [font_coverage.with_codes(t, self.unprintable) for t in self.table.printed(row)]

    def with_codes(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (number, names of columns) for each signature that was printed with codes."""
        if not self.unprintable:
            return
        for row in self.rows():
            if names := self.table.names_where(row, self._has_codes):
                yield self.table.get(row, "number"), names

    def _has_codes(self, value: Any) -> bool:
        return isinstance(value, str) and not self.unprintable.isdisjoint(
            font_coverage.odd_clusters(value)
        )

    def rows(self) -> Iterator[list[Any]]:
        """Yield the rows."""
        with self.path.open("rb") as file:
            for _number in self.numbers:
                yield pickle.load(file)

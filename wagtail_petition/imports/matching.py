"""Sort the rows of a file by date of signing, and find duplicates in it.

The rows are stored in an SQLite file in a temporary folder. So a file of any size can be sorted and
compared with itself, without load on the site's database.
"""

import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from wagtail_petition.ledger import Incoming, place_key
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.search import fold

from .person import Person
from .reading import Row, Table
from .reading.inspection import counted_rows
from .rows import Rejected, RowReader

ROWS_AT_ONCE = 2000

SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8000;
CREATE TABLE people (
    row INTEGER PRIMARY KEY, at REAL, email TEXT, reference TEXT, is_derived INTEGER,
    name TEXT, postcode TEXT, city TEXT, data BLOB
);
CREATE TABLE rejected (row INTEGER PRIMARY KEY, reason TEXT);
CREATE TABLE outcomes (row INTEGER PRIMARY KEY, outcome TEXT, reason TEXT, resembled INTEGER);
"""
INDEXES = """
CREATE INDEX in_order ON people (at, row);
CREATE INDEX by_email ON people (email, at, row) WHERE email <> '';
CREATE INDEX by_reference ON people (reference, at, row) WHERE reference <> '';
CREATE INDEX by_postcode ON people (name, postcode) WHERE postcode <> '';
CREATE INDEX by_city ON people (name, city) WHERE city <> '';
"""
# Of two equal rows, the earlier one is kept; the other is a duplicate.
EARLIER = "o.{0} = p.{0} AND o.{0} <> '' AND (o.at, o.row) < (p.at, p.row)"
# A row without an address may duplicate a row with one, or an earlier row, of the same name and
# place.
ALIKE = (
    "o.name = p.name AND o.{0} = p.{0} AND o.{0} <> '' AND o.row <> p.row"
    " AND (o.email <> '' OR (o.at, o.row) < (p.at, p.row))"
)
IN_ORDER = f"""
SELECT p.row, p.data,
    EXISTS (SELECT 1 FROM people o WHERE {EARLIER.format("email")})
    OR (NOT p.is_derived
        AND EXISTS (SELECT 1 FROM people o WHERE {EARLIER.format("reference")})),
    CASE WHEN p.email = '' AND p.name <> '' THEN coalesce(
        (SELECT o.row FROM people o WHERE {ALIKE.format("postcode")} LIMIT 1),
        (SELECT o.row FROM people o WHERE {ALIKE.format("city")} LIMIT 1)) END,
    CASE WHEN p.is_derived
        THEN (SELECT o.row FROM people o WHERE {EARLIER.format("reference")} LIMIT 1) END,
    CASE WHEN p.is_derived
        THEN (SELECT count(*) FROM people o WHERE {EARLIER.format("reference")}) ELSE 0 END
FROM people p ORDER BY p.at, p.row
"""


class Next(NamedTuple):
    """The next person in the order of signing, with the number of their row.

    ``resembled`` is the number of another row that may be the same person, or None.
    """

    row: int
    incoming: Incoming
    resembled: int | None = None


class Outcome(NamedTuple):
    """What becomes of a row: an ``ImportResult``, the reason or "", the row it resembles if any."""

    row: int
    result: str
    reason: str = ""
    resembled: int | None = None


class Rows:
    """All rows of a table: the people among them, and those that can't be read."""

    def __init__(self, batch: ImportBatch, table: Table, folder: Path) -> None:
        self.batch, self.table = batch, table
        self.warnings: Counter[str] = Counter()
        self.total = 0
        self._reader = RowReader(batch, table.headings)
        self._database = sqlite3.connect(folder / "rows.sqlite3", isolation_level=None)
        self._database.executescript(SCHEMA)

    def read(self) -> Iterator[int]:
        """Read all rows. Yields how many were read so far. Raises ``Unreadable``."""
        rows = counted_rows(self.table)
        self._database.execute("BEGIN")
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            self.total += len(batch)
            people, rejected = [], []
            for row in batch:
                try:
                    people.append(self._put_aside(row))
                except Rejected as error:
                    rejected.append((row.number, str(error)))
            self._database.executemany(
                "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", people
            )
            self._database.executemany("INSERT INTO rejected VALUES (?, ?)", rejected)
            yield self.total
        self._database.execute("COMMIT")
        self._database.executescript(INDEXES)

    def _put_aside(self, row: Row) -> tuple:
        if row.error:
            raise Rejected(row.error)
        person = self._reader.read(row.cells)
        self.warnings.update(person.warnings)
        fields = person.fields
        return (
            row.number,
            fields["signed_at"].timestamp(),
            fields["email_key"] or "",
            fields["origin_ref"] and f"{fields['origin']} {fields['origin_ref']}",
            person.is_derived,
            fold(f"{fields['given_name']} {fields['family_name']}"),
            place_key(fields["postcode"]),
            place_key(fields["city"]),
            pickle.dumps(person, pickle.HIGHEST_PROTOCOL),
        )

    def people(self) -> Iterator[Next]:
        """Yield all people, in the order of signing."""
        ticked = self.batch.ticked
        is_all, rows = ticked is True, frozenset(ticked if isinstance(ticked, list) else ())
        for row, data, is_twice, alike, equal, before in self._database.execute(IN_ORDER):
            person: Person = pickle.loads(data)
            resembled = alike or equal
            is_ticked = is_all or row in rows
            incoming = self._incoming(person, is_twice, bool(resembled), is_ticked, before)
            yield Next(row, incoming, resembled)

    def _incoming(self, person, is_twice, is_alike, is_ticked, before) -> Incoming:
        references = person.references
        if person.is_derived and before:
            # Identical to an earlier row. It may be another person of the same name.
            references = [f"{references[0]}-{before}"]
            person.fields["origin_ref"] = references[0]
        return Incoming(
            person.to_signature(self.batch.signed_text),
            tuple(references),
            is_twice=bool(is_twice),
            is_alike=is_alike,
            is_ticked=is_ticked,
        )

    def rejected(self) -> Iterator[tuple[int, str]]:
        """Yield (row, reason) for the rows that can't be read."""
        yield from self._database.execute("SELECT row, reason FROM rejected ORDER BY row")

    @property
    def rejected_count(self) -> int:
        """The number of rows that can't be read."""
        return self._database.execute("SELECT count(*) FROM rejected").fetchone()[0]

    @property
    def count(self) -> int:
        """The number of rows that can be read."""
        return self._database.execute("SELECT count(*) FROM people").fetchone()[0]

    def add_outcomes(self, outcomes: list[Outcome]) -> None:
        """Store outcomes for the report."""
        self._database.executemany("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)", outcomes)

    def with_outcomes(self) -> Iterator[tuple[Row, Outcome]]:
        """Yield (row, outcome) for the rejected rows, and those of ``add_outcomes``.

        Reads the file again, so that its rows need not be stored.
        """
        found = self._database.execute(
            "SELECT row, outcome, reason, resembled FROM outcomes UNION ALL"
            " SELECT row, 'rejected', reason, NULL FROM rejected ORDER BY row"
        )
        outcomes = map(Outcome._make, found)
        wanted = next(outcomes, None)
        for row in self.table.rows():
            if wanted is None:
                return
            if row.number == wanted.row:
                yield row, wanted
                wanted = next(outcomes, None)

    def close(self) -> None:
        """Close the database. The caller deletes its folder."""
        self._database.close()

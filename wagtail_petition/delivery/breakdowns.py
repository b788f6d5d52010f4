"""Count a delivery's signatures by country and by answers, for its letter."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from wagtail_petition.exports.breakdowns import countable_questions
from wagtail_petition.home.registry import get_region_name
from wagtail_petition.models.delivery import Delivery

# A title, the headings of the columns before the counts, and the rows: (label, …, count).
Table = tuple[str, list[str], list[tuple[Any, ...]]]


class Breakdowns:
    """Counts signatures by country, by where they vote, and by the delivery's ``breakdowns``.

    ``needs`` are the names of the fields whose values ``add`` takes besides the country.
    """

    def __init__(self, delivery: Delivery) -> None:
        self._countries = Counter()
        chosen = delivery.breakdowns
        columns = countable_questions(delivery.petition, delivery.language) if chosen else {}
        self._questions = [(columns[pk], Counter()) for pk in chosen if pk in columns]
        self._homes = Counter()
        self.needs = ("home_region", *(("answers",) if self._questions else ()))

    def add(
        self, country: str, home_region: str = "", answers: dict[str, Any] | None = None
    ) -> None:
        """Count a signature. ``country`` is the name of where the person lives."""
        self._countries[country] += 1
        if home_region:
            self._homes[country, home_region] += 1
        for column, counts in self._questions:
            answer = (answers or {}).get(column.question)
            # Counts each of several choices. An empty list counts as no answer.
            counts.update(answer or [None] if isinstance(answer, list) else [answer])

    def tables(self) -> Iterator[Table]:
        """Yield the tables in the active language."""
        yield _("Signatures by country"), [_("Country")], self._countries.most_common()
        if self._homes:
            rows = [
                (country, get_region_name(region), count)
                for (country, region), count in self._homes.most_common()
            ]
            heads = [_("Lives in"), _("Votes in")]
            yield _("Signatures by where people live and vote"), heads, rows
        for column, counts in self._questions:
            several = column.kind == "several_choices"
            what = _("Answers, several possible") if several else _("Answer")
            yield column.column_name, [what], list(_in_order(column, counts))


def _in_order(column, counts):
    """Yield the (label, count) pairs of a question's answers, in the order of its choices."""
    by_label = Counter()
    for answer, count in counts.items():
        if answer is not None:
            given = [answer] if column.kind == "several_choices" else answer
            by_label[column.render({column.question: given})] += count
    for label in dict.fromkeys([*column.labels.values(), *sorted(by_label)]):
        if by_label[label]:
            yield label, by_label[label]
    if counts[None]:
        yield _("No answer"), counts[None]

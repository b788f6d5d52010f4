"""Find questions with countable answers, and recount breakdowns from time to time."""

import json
from collections import Counter
from datetime import timedelta

from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.exports.columns import AnswerColumn
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.models import Breakdown, Petition

# Types of questions whose answers can be counted.
KINDS = ("one_choice", "several_choices", "tick_box")
# A breakdown is recounted after ``SOONEST`` if the petition's count has changed, and always after
# ``LATEST``, since the data of counted signatures may have been erased.
SOONEST, LATEST = timedelta(hours=1), timedelta(days=1)


def countable_questions(petition, language=None):
    """The questions with countable answers that signers were asked: {id: column}."""
    resource = get_signature_resource(petitions=[petition], language=language)
    return {
        column.question: column
        for column in resource.fields.values()
        if isinstance(column, AnswerColumn) and column.kind in KINDS
    }


def is_stale(petition: Petition, breakdown: Breakdown | None) -> bool:
    """Whether the petition's breakdown must be recounted."""
    if breakdown is None:
        return petition.signature_count > 0
    age = timezone.now() - breakdown.counted_at
    has_changed = breakdown.count != petition.signature_count
    return age > LATEST or (has_changed and age > SOONEST)


def count_stale() -> None:
    """Recount all stale breakdowns."""
    for petition in Petition.objects.select_related("breakdown").order_by("pk"):
        if is_stale(petition, getattr(petition, "breakdown", None)):
            ledger.count_breakdown(petition, countable_questions(petition))


def label_answers(column: AnswerColumn, answers: dict[str, int]) -> dict[str, int]:
    """Counted answers to one question as {label: count}. Counts each of several choices."""
    counts: Counter[str] = Counter()
    for answer, count in answers.items():
        given = json.loads(answer) if column.kind == "several_choices" else [answer]
        for each in given:
            counts[column.labels.get(each, each)] += count
    return dict(counts)

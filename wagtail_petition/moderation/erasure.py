"""Erase names and addresses from invalidation rules that match nobody any more."""

from functools import reduce
from operator import and_

from django.db.models import Q

from wagtail_petition.models import Invalidation, Signature

from .matching import CONDITIONS

State = Invalidation.State


def forget_rules() -> None:
    """Erase names and addresses from rules at rest that no signature with data matches.

    ``ledger.forget_in_rules`` erases exact ones together with the signer's data. Left for this
    are patterns, which may match others too, rules that were running then, and rules for people
    who never confirmed.
    """
    rules = Invalidation.objects.exclude(name_pattern="", address="")
    for rule in rules.exclude(state__in=[State.RUNNING, State.REVERSING]):
        if not _matches_somebody(rule):
            Invalidation.objects.filter(pk=rule.pk).forget(*Invalidation.NAMING)


def _matches_somebody(rule: Invalidation) -> bool:
    with_data = Signature.objects.with_data()
    # Those that it invalidated are found by an index, a pattern's matches sometimes by a scan.
    if with_data.filter(invalidation=rule).exists():
        return True
    named = {name: value for name, value in rule.rule.items() if name in Invalidation.NAMING}
    asked: Q = reduce(and_, [CONDITIONS[name](value) for name, value in named.items()])
    return with_data.filter(asked, petition=rule.petition_id).exists()

"""Erase personal data from invalidation rules when the signers' data is erased."""

from datetime import datetime

from django.db.models import QuerySet

from wagtail_petition.models.moderation import Invalidation
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.search import fold
from wagtail_petition.models.signature import Signature


def forget_in_rules(petition: Petition, signatures: QuerySet[Signature]) -> None:
    """Erase the names and addresses of these signers from the petition's rules.

    Call it in the transaction that erases their data, before it does. Patterns with an asterisk
    and running rules are left to ``moderation.erasure``.
    """
    rules = Invalidation.objects.filter(petition=petition).exclude(name_pattern="", address="")
    waiting = list(rules.exclude(state=Invalidation.State.RUNNING))
    if not waiting:
        return
    people = list(signatures.values_list("name_key", "email_key"))
    names, keys = ({person[at] for person in people if person[at]} for at in range(2))
    gone = [rule.pk for rule in waiting if rule.address in keys or fold(rule.name_pattern) in names]
    Invalidation.objects.filter(pk__in=gone).forget(*Invalidation.NAMING)


def forget_petition_in_rules(petition: Petition) -> None:
    """Erase all personal data from a petition's rules. Call it when its data is erased."""
    Invalidation.objects.filter(petition=petition).forget(*Invalidation.PERSONAL)


def forget_networks_in_rules(before: datetime) -> None:
    """Erase networks from rules created before ``before``, except running ones."""
    rules = Invalidation.objects.filter(created_at__lt=before).exclude(network="")
    rules.exclude(state=Invalidation.State.RUNNING).forget("network")

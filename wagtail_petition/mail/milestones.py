"""Tell organisers that the goal or a milestone is reached, each once."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q

from wagtail_petition.ledger import queue_emails_to
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.notice import Notice
from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.pages.organisers import get_organisers

MILESTONES = [10**power for power in range(2, 9)]


def queue_milestones() -> int:
    """Queue the emails about what was reached since the last run. Returns how many."""
    total = F("signature_count") + F("offline_count")
    reached = [Q(milestone__lt=number, so_far__gte=number) for number in MILESTONES]
    reached.append(Q(goal__gt=F("milestone"), goal__lte=F("so_far")))
    return sum(map(_tell, Petition.objects.annotate(so_far=total).filter(reduce(or_, reached))))


@transaction.atomic
def _tell(petition: Petition) -> int:
    """Queue one email per organiser, about the goal or else the highest milestone."""
    total = petition.public_count
    reached = [
        number
        for number in [*MILESTONES, petition.goal or 0]
        if petition.milestone < number <= total
    ]
    if not reached:
        return 0
    # Of several workers, only the one that raises the milestone queues the emails. It is raised
    # for petitions that tell nobody, too: switched on later, they only tell what comes next.
    same = Petition.objects.filter(pk=petition.pk, milestone=petition.milestone)
    if not same.update(milestone=max(reached)) or not petition.notify_milestones:
        return 0
    page = get_page(petition, petition.source_language)
    addresses = get_organisers(page) if page else []
    if not addresses:
        return 0
    is_goal = petition.goal in reached
    notice, is_new = Notice.objects.get_or_create(
        petition=petition,
        number=petition.goal if is_goal else max(reached),
        defaults={
            "kind": Notice.Kind.GOAL if is_goal else Notice.Kind.MILESTONE,
            "figures": {"total": total},
        },
    )
    if not is_new:
        return 0
    kind = OutgoingEmail.Kind.MILESTONE
    return len(queue_emails_to(addresses, kind, petition, {"notice": notice.pk}))

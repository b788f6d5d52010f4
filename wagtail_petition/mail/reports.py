"""The weekly report to organisers: numbers only, on Monday morning, at most once a week."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from wagtail_petition.clock import utc_date
from wagtail_petition.ledger import queue_emails_to
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.notice import Notice
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.tally import FEWEST, count_regions
from wagtail_petition.models.terms import later
from wagtail_petition.moments import in_site_zone
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.pages.organisers import get_organisers, get_readers

Kind, Skipped = Notice.Kind, Notice.Skipped

# On Mondays, in the site's zone.
AT = time(8)
# If no worker ran on that Monday, the next report covers both weeks.
WITHIN = timedelta(days=1)
WEEK = timedelta(weeks=1)
# Reports end this long after a petition has closed, when the last signatures are confirmed.
AFTER_CLOSING = timedelta(weeks=4)


def queue_reports() -> int:
    """Queue the reports of this week, if it is time. Returns how many emails."""
    now = timezone.now()
    today = in_site_zone(now).date()
    monday = today - timedelta(days=today.weekday())
    begins = in_site_zone(datetime.combine(monday, AT))
    if not begins <= now < later(begins, WITHIN):
        return 0
    made = Notice.objects.filter(petition=OuterRef("pk"), week=monday)
    waiting = Petition.objects.filter(~Exists(made), notify_weekly=True)
    return sum(_report(petition, monday) for petition in waiting)


@transaction.atomic
def _report(petition: Petition, monday: date) -> int:
    """Queue the report of one petition, or record why there is none."""
    reports = petition.notices.filter(kind=Kind.REPORT)
    last = reports.first()
    previous = reports.filter(skipped="").first()
    page = get_page(petition, petition.source_language)
    addresses = [*get_organisers(page), *get_readers(page)] if page else []
    figures = _count(petition, monday, previous)
    skipped = _why_not(petition, page, addresses, figures)
    if skipped == Skipped.CLOSED and last and last.skipped == skipped:
        # Said once.
        return 0
    # Of several workers, only the one that makes the row queues the emails.
    notice, is_new = Notice.objects.get_or_create(
        petition=petition,
        week=monday,
        defaults={"kind": Kind.REPORT, "figures": figures, "skipped": skipped},
    )
    if skipped or not is_new:
        return 0
    kind = OutgoingEmail.Kind.REPORT
    return len(queue_emails_to(addresses, kind, petition, {"notice": notice.pk}))


def _why_not(petition, page, addresses, figures):
    ended = petition.closes_at and later(petition.closes_at, AFTER_CLOSING) < timezone.now()
    if petition.erased_at or ended:
        return Skipped.CLOSED
    if page is None:
        return Skipped.OFFLINE
    if not addresses:
        return Skipped.NOBODY
    return "" if figures["new"] else Skipped.NOTHING


def _count(petition: Petition, monday: date, previous: Notice | None) -> dict[str, Any]:
    """The numbers of a report.

    ``total``, ``new`` since the day ``since``, and if people are asked where they vote ``regions``
    as {code: count}, and ``before``, the same at the time of the previous report.
    """
    total = petition.public_count
    if previous and previous.week:
        since, new = previous.week, total - previous.figures["total"]
    else:
        since = monday - WEEK
        first = utc_date(in_site_zone(datetime.combine(since, AT)))
        tallies = petition.tallies.filter(day__gte=first).order_by()
        new = tallies.aggregate(sum=Sum("count"))["sum"] or 0
    figures = {"total": total, "new": new, "since": since.isoformat()}
    if petition.home_country:
        figures["regions"] = count_regions(petition)
        figures["before"] = previous.figures.get("regions") if previous else None
    return figures


def hide_small(regions: dict[str, int]) -> tuple[dict[str, int], int]:
    """``regions`` without numbers under ``FEWEST``, and the sum of those that are left out.

    More are left out until the sum says nothing about one region or a few people. The sum is 0 if
    it would.
    """
    shown = {code: count for code, count in regions.items() if count >= FEWEST}
    hidden = [count for count in regions.values() if count < FEWEST]
    while hidden and shown and (len(hidden) < 2 or sum(hidden) < FEWEST):
        smallest = min(shown, key=lambda code: shown[code])
        hidden.append(shown.pop(smallest))
    is_safe = len(hidden) > 1 and sum(hidden) >= FEWEST
    return shown, sum(hidden) if is_safe else 0

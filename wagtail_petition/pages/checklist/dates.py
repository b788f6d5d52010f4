"""Checks of the opening and closing dates, and of the page's schedule."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_petition.moments import day, day_and_time, in_site_zone

from .check import Check, Level


def dates(page) -> list[Check]:
    """Check the petition's dates, also against the page's schedule."""
    opens_at, closes_at = page.terms.opens_at, page.terms.closes_at
    if not closes_at:
        text = _("Set a closing date: without one, signers’ data is never erased automatically.")
        checks = [Check(Level.ADVICE, text, "closes_at")]
    else:
        checks = [_closing(opens_at, closes_at)]
        if in_site_zone(closes_at).time() == time.min:
            checks.append(_midnight(closes_at))
    return [*checks, *_schedule(page, opens_at, closes_at)]


def _closing(opens_at: datetime | None, closes_at: datetime) -> Check:
    if opens_at and closes_at <= opens_at:
        text = _("Choose a closing date after the opening date: nobody could sign.")
        return Check(Level.MISSING, text, "closes_at")
    if closes_at <= timezone.now():
        text = _("Closed on %(date)s: nobody can sign.") % {"date": day_and_time(closes_at)}
        return Check(Level.ADVICE, text, "closes_at")
    text = _("Closes on %(date)s.") % {"date": day_and_time(closes_at)}
    return Check(Level.DONE, text, "closes_at")


def _midnight(closes_at: datetime) -> Check:
    return Check(
        Level.ADVICE,
        _(
            "Closes at the first moment of %(date)s. To include that day, enter the date without a "
            "time."
        )
        % {"date": day(closes_at)},
        "closes_at",
    )


def _schedule(page, opens_at: datetime | None, closes_at: datetime | None) -> list[Check]:
    """Check that the page is live while people can sign."""
    checks = []
    goes_live = page.go_live_at if page.go_live_at and not page.live else None
    if goes_live and closes_at and closes_at <= goes_live:
        text = _("Scheduled for %(date)s, when the petition is already closed: nobody could sign.")
        checks.append((Level.MISSING, text, goes_live, "closes_at"))
    elif goes_live and opens_at and opens_at < goes_live:
        text = _(
            "Scheduled for %(date)s, after the petition opens: signing starts when the page is "
            "published."
        )
        checks.append((Level.ADVICE, text, goes_live, "opens_at"))
    if page.expire_at and page.expire_at > timezone.now():
        if opens_at and page.expire_at <= opens_at:
            text = _("Unpublished on %(date)s, before the petition opens: nobody could sign.")
            checks.append((Level.MISSING, text, page.expire_at, "opens_at"))
        elif closes_at and page.expire_at < closes_at:
            text = _("Unpublished on %(date)s, before the petition closes.")
            checks.append((Level.ADVICE, text, page.expire_at, "closes_at"))
    return [
        Check(level, text % {"date": day_and_time(moment)}, field)
        for level, text, moment, field in checks
    ]

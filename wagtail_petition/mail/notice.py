"""Render the emails to a petition's organisers: milestones and weekly reports."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_petition import addresses
from wagtail_petition.formats import number
from wagtail_petition.home.registry import get_region_name
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.notice import Notice
from wagtail_petition.models.tally import FEWEST
from wagtail_petition.pages.lookup import get_page

from . import others
from .headers import LinkedMessage
from .organisers import Tell, whom_to_tell
from .rendering import compose, write_parts
from .reports import hide_small


def connect() -> None:
    """Make the emails of milestones and reports when the outbox sends them."""
    for kind in (OutgoingEmail.Kind.MILESTONE, OutgoingEmail.Kind.REPORT):
        others.register(kind, make_message)


def make_message(mail: OutgoingEmail) -> LinkedMessage | None:
    """The email of a notice, for ``mail.others``; None if it is no longer wanted."""
    found = Notice.objects.filter(pk=mail.payload["notice"]).select_related("petition")
    notice = found.first()
    source = notice and get_page(notice.petition, notice.petition.source_language)
    if notice is None or source is None:
        return None
    to = whom_to_tell(mail.address_hash, notice, source)
    return render_notice(notice, to, get_page(notice.petition, to.language)) if to else None


def render_notice(notice: Notice, to: Tell, page: Any) -> LinkedMessage:
    """The email of ``notice`` about ``page``. Readers outside see no small numbers."""
    petition = notice.petition
    stored = petition.script_name
    name = "report" if notice.kind == Notice.Kind.REPORT else "milestone"
    with translation.override(to.language):
        context = {
            "notice": notice,
            "page": page,
            "title": page.title,
            "total": notice.figures["total"],
            "is_organiser": to.is_organiser,
            "page_url": addresses.reachable_url(page, stored=stored),
        }
        if to.is_organiser:
            source = get_page(petition, petition.source_language) or page
            context |= {
                "dashboard_url": addresses.admin_url(
                    "petitions:dashboard", petition.pk, stored=stored
                ),
                "edit_url": addresses.admin_url(
                    "wagtailadmin_pages:edit", source.pk, stored=stored
                ),
            }
        if name == "report":
            context |= _report(notice.figures, to)
        parts = write_parts(name, to.language, context)
    return compose(page, to.address, parts, {"Auto-Submitted": "auto-generated"})


def _report(figures: dict[str, Any], to: Tell) -> dict[str, Any]:
    """What the report's template shows, with texts for the numbers."""
    new = figures["new"]
    is_small = not to.is_organiser and abs(new) < FEWEST
    return {
        "since": date.fromisoformat(figures["since"]),
        "new": _under(FEWEST) if is_small else _signed(new),
        "lines": _lines(figures, to) if "regions" in figures else [],
    }


def _lines(figures: dict[str, Any], to: Tell) -> list[str]:
    """One line per region: its name and number; for organisers, also what is new."""
    regions = dict(figures["regions"])
    unknown = figures["total"] - sum(regions.values())
    if not to.is_organiser:
        # Who didn't say is a number as well, which the total would give away.
        counted = {**regions, "": unknown} if unknown > 0 else regions
        shown, rest = hide_small(counted)
        rest += shown.pop("", 0)
        return [f"{get_region_name(code)}: {number(count)}" for code, count in shown.items()] + (
            [_("Others or unknown: %(number)s") % {"number": number(rest)}] if rest else []
        )
    before = figures.get("before")
    lines = []
    for code, count in regions.items():
        new = count - before.get(code, 0) if before is not None else 0
        more = f" ({_signed(new)})" if new else ""
        lines.append(f"{get_region_name(code)}: {number(count)}{more}")
    if unknown > 0:
        lines.append(_("Unknown: %(number)s") % {"number": number(unknown)})
    return lines


def _signed(count: int) -> str:
    return f"+{number(count)}" if count > 0 else f"−{number(-count)}" if count else "0"


def _under(limit: int) -> str:
    return _("under %(number)s") % {"number": number(limit)}

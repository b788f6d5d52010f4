"""The editor's checklist: what a petition needs before people sign it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import content, dates, privacy, translations
from .acceptance import acceptance
from .check import Check, Level
from .home import home
from .representatives import representatives

__all__ = ["Check", "Level", "checklist", "summary"]


def checklist(page: Any) -> list[Check]:
    """The checks of ``page`` with its unpublished changes: a list of ``Check``, worst first."""
    checks = [
        content.recipient(page),
        content.letter(page),
        content.goal(page),
        *dates.dates(page),
        privacy.organisation(page),
        privacy.consent(page),
        content.alternative_texts(page),
        *filter(None, [home(page), representatives(page)]),
        *acceptance(page),
    ]
    if page.pk:
        checks += filter(None, [privacy.promises(page), content.address(page)])
        checks += translations.translations(page)
    return sorted(checks, key=lambda check: list(Level).index(check.level))


def summary(checks: list[Check]) -> str:
    """One sentence on what is left to do before publishing."""
    missing = sum(check.level is Level.MISSING for check in checks)
    advice = sum(check.level is Level.ADVICE for check in checks)
    if missing:
        text = ngettext("%(count)d item left to do.", "%(count)d items left to do.", missing)
        return text % {"count": missing}
    if advice:
        text = ngettext(
            "Ready to publish, with %(count)d suggestion.",
            "Ready to publish, with %(count)d suggestions.",
            advice,
        )
        return text % {"count": advice}
    return _("Ready to publish.")

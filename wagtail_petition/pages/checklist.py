"""The editor's checklist: what a petition needs before people sign it."""

import re
from enum import Enum
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.panels import Panel

from wagtail_petition import addresses
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.moments import day_of_erasure

from .texts import unnamed_organisation
from .translations import stale_locales

# Shorter words of a title or a name occur in any text.
TELLING_LENGTH = 5


class Level(Enum):
    """How a check went."""

    MISSING = "missing"  # people would notice
    ADVICE = "advice"  # may be meant so
    DONE = "done"


class Check(NamedTuple):
    """One line of the checklist, in words that say what to do unless it is done."""

    level: Level
    text: str


def checklist(page):
    """The checks of ``page`` as the editor has it now, published or not, the worst first: ``Check`` each."""
    checks = [
        _recipient(page),
        _letter(page),
        _goal(page),
        _closing_date(page),
        _organisation(page),
        _consent(page),
        _alternative_texts(page),
    ]
    if page.pk:
        checks += filter(None, [_promises(page), _address(page), _translations(page)])
    return sorted(checks, key=lambda check: list(Level).index(check.level))


def summary(checks: list[Check]) -> str:
    """How far the page is, in one sentence: what is left to do before it is published."""
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


def _recipient(page):
    if _has_recipient(page):
        return Check(Level.DONE, _("Recipient added."))
    return Check(Level.MISSING, _("Add at least one “To” recipient."))


def _letter(page):
    if strip_tags(page.letter or "").strip():
        return Check(Level.DONE, _("Letter added."))
    return Check(Level.MISSING, _("Write the letter."))


def _goal(page):
    if page.terms.goal:
        return Check(Level.DONE, _("A goal is set."))
    return Check(Level.DONE, _("Automatic goal."))


def _closing_date(page):
    if page.terms.closes_at:
        return Check(Level.DONE, _("A closing date is set."))
    return Check(
        Level.ADVICE,
        _("Set a closing date: without one, signers’ data is never erased automatically."),
    )


def _promises(page):
    """Whether some who signed were promised an earlier day; None if nobody was."""
    if not page.erased_at or page.petition.pk is None:
        return None
    earlier = SignedText.objects.filter(erase_at__lt=page.erased_at)
    earlier = earlier.filter(
        Exists(
            Signature.objects.filter(
                petition=page.petition, signed_text=OuterRef("pk"), anonymised_at=None
            )
        )
    )
    first = earlier.order_by("erase_at").values_list("erase_at", flat=True).first()
    if not first:
        return None
    return Check(
        Level.ADVICE,
        _(
            "Some people signed when an earlier date was set. Their data will be erased by "
            "%(date)s, as they were told: deliver their signatures before."
        )
        % {"date": day_of_erasure(first)},
    )


def _has_organisation(page):
    return page.get_organisation() not in ("", unnamed_organisation(page))


def _organisation(page):
    if _has_organisation(page):
        return Check(Level.DONE, _("Responsible organisation added."))
    return Check(
        Level.MISSING,
        _("Add the responsible organisation: people must know who collects their data."),
    )


def _has_recipient(page):
    return any(recipient.get("name") for recipient in page.to)


def _consent(page):
    if not strip_tags(page.consent_text or "").strip():
        if _has_organisation(page) and _has_recipient(page):
            return Check(Level.DONE, _("Standard consent text (complete)."))
        return Check(
            Level.MISSING,
            _("The standard consent text names the organisation and the recipient: add both."),
        )
    if missing := _unnamed(page):
        return Check(
            Level.ADVICE,
            _("Your consent text may be missing: %(missing)s.")
            % {"missing": get_text_list(missing, _("and"))},
        )
    return Check(
        Level.DONE,
        _("Your consent text covers purpose, recipient, controller and retention."),
    )


def _unnamed(page):
    """What a consent text has to name and this one seems not to, judged by its words."""
    text = strip_tags(page.consent_text).casefold()

    def names(*phrases):
        words = [word for phrase in phrases for word in phrase.casefold().split()]
        telling = [word for word in words if len(word) >= TELLING_LENGTH] or words
        return any(word.strip(".,;:!?") in text for word in telling)

    with translation.override(page.language):
        purpose = (page.title, _("petition"), _("signature"))
    checks = [
        (names(page.get_organisation()), _("who is responsible (%s)") % page.get_organisation()),
        (names(*(r.get("name") or "" for r in page.to)), _("the recipient")),
        (names(*purpose), _("what the data is for")),
        (re.search(r"\d", text), _("when the data is erased")),
    ]
    return [label for is_named, label in checks if not is_named]


def _address(page):
    """What keeps people from finding the page, or emails from linking to it; None if nothing."""
    try:
        addresses.root_url(page)
    except addresses.NoAddressError:
        return Check(
            Level.MISSING,
            _("Add a site under Settings › Sites: without one, no emails can be sent."),
        )
    if addresses.page_url(page):
        return None
    return Check(
        Level.MISSING,
        _("Move this page to a site: it has no address, so people can’t find it."),
    )


def _alternative_texts(page):
    count = sum(
        1
        for block in page.body
        if block.block_type == "image"
        and block.value.get("image")
        and not block.value.get("alt_text")
    )
    if not count:
        return Check(Level.DONE, _("All images have alt text."))
    return Check(
        Level.ADVICE,
        ngettext(
            "%(count)d image has no alt text. Leave it blank only for decorative images.",
            "%(count)d images have no alt text. Leave it blank only for decorative images.",
            count,
        )
        % {"count": count},
    )


def _translations(page):
    """How the other languages stand; None if there are none."""
    stale = stale_locales([page]).get(page.translation_key)
    if stale is None:
        return None
    if stale:
        return Check(
            Level.ADVICE,
            _("Translation out of date: %(languages)s.")
            % {"languages": get_text_list([str(locale) for locale in stale], _("and"))},
        )
    return Check(Level.DONE, _("Translations up to date."))


class ChecklistPanel(Panel):
    """The checklist at the top of the editor; folded once there is nothing left to do."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"heading": gettext_lazy("Publishing checklist"), "icon": "list-ul"} | kwargs
        )

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/checklist_panel.html"

        class Media:
            js = ["wagtail_petition/checklist.js"]

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.checks = checklist(self.instance)

        def classes(self):
            """Folded, if all is done."""
            is_done = all(check.level is Level.DONE for check in self.checks)
            return [*super().classes(), *(["collapsed"] if is_done else [])]

        def get_context_data(self, parent_context=None):
            """Adds ``checks`` and their ``summary``."""
            context = {"checks": self.checks, "summary": summary(self.checks)}
            return super().get_context_data(parent_context) | context

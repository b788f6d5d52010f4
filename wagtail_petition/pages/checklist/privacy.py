"""Checks of the texts about personal data."""

import re

from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.moments import day_of_erasure
from wagtail_petition.pages.texts import unnamed_organisation

from .check import Check, Level
from .content import has_recipient

# Shorter words of a title or name may occur in any text.
TELLING_LENGTH = 5


def _has_organisation(page):
    return page.get_organisation() not in ("", unnamed_organisation(page))


def organisation(page):
    """Check that there is a responsible organisation."""
    if _has_organisation(page):
        return Check(Level.DONE, _("Responsible organisation added."), "organisation")
    return Check(
        Level.MISSING,
        _("Add the responsible organisation: people must know who collects their data."),
        "organisation",
    )


def consent(page):
    """Check that the consent text is complete."""
    if not strip_tags(page.consent_text or "").strip():
        if _has_organisation(page) and has_recipient(page):
            return Check(Level.DONE, _("Standard consent text (complete)."), "consent_text")
        return Check(
            Level.MISSING,
            _("The standard consent text names the organisation and the recipient: add both."),
            "organisation" if has_recipient(page) else "recipients",
        )
    if missing := _unnamed(page):
        return Check(
            Level.ADVICE,
            _("Your consent text may be missing: %(missing)s.")
            % {"missing": get_text_list(missing, _("and"))},
            "consent_text",
        )
    return Check(
        Level.DONE,
        _("Your consent text covers purpose, recipient, controller and retention."),
        "consent_text",
    )


def _unnamed(page):
    """What the consent text should name and seems not to, judging by its words."""
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


def promises(page):
    """A check if some signers were promised an earlier erasure, else None."""
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
        "closes_at",
    )

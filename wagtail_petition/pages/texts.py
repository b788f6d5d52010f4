"""The text that people sign, and the default texts of a petition page."""

from datetime import UTC
from html import unescape
from typing import Any

from django.utils import timezone, translation
from django.utils.html import escape, format_html, strip_tags
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.rich_text import expand_db_html

from wagtail_petition.formats import listed
from wagtail_petition.home.answers import get_asked_parts
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.moments import day_of_erasure

# The methods of the page that return the text shown for a blank field.
SHOWN_INSTEAD = {
    "organisation": "get_organisation",
    "consent_text": "get_consent_text",
    "paper_consent_text": "get_paper_consent_text",
    "thanks_text": "get_thanks_text",
    "share_text": "get_share_text",
    "sender_name": "get_organisation",
}
RICH_TEXTS = {"consent_text", "paper_consent_text", "thanks_text"}


def has_words(html: str) -> bool:
    """Whether rich text holds any text. A cleared editor still contains an empty paragraph."""
    return bool(unescape(strip_tags(html or "")).strip())


def shown_instead(page: Any) -> dict[str, Any]:
    """The texts shown for blank fields of ``page``: {field: HTML}, with "" for filled ones."""
    found = {}
    for name, method in SHOWN_INSTEAD.items():
        text = "" if has_words(getattr(page, name)) else getattr(page, method)()
        found[name] = text if name in RICH_TEXTS else escape(text)
    return found


def unnamed_organisation(page: Any) -> str:
    """The phrase for the organisation if neither the page nor the site names one."""
    with translation.override(page.language):
        return _("the organisers of this petition")


def default_consent(page: Any) -> str:
    """The default consent text as HTML: purpose, recipients, controller and retention."""
    with translation.override(page.language):
        withdraw = _("I can withdraw at any time, using the link in the receipt I get by email.")
        return _consent(page, _what_is_asked(page), withdraw)


def default_paper_consent(page: Any) -> str:
    """The default consent text on the sheet as HTML. Who signs on paper gets no email."""
    with translation.override(page.language):
        withdraw = _("I can withdraw at any time by writing to %(organisation)s.") % {
            "organisation": page.reply_to or page.get_organisation()
        }
        return _consent(page, _what_is_asked(page, on_paper=True), withdraw)


def _consent(page, asked, withdraw):
    recipients = listed(r.get("name") or "" for r in page.to) or _("its recipients")
    purpose = _(
        "I agree that %(organisation)s may collect my signature, which reveals a political "
        "opinion, and pass on my %(data)s to %(recipients)s."
    ) % {
        "organisation": page.get_organisation(),
        "data": get_text_list(asked, _("and")),
        "recipients": recipients,
    }
    return format_html("<p>{} {} {}</p>", purpose, _erasure(page), withdraw)


def _what_is_asked(page, *, on_paper=False):
    """The personal data that recipients may get, as text. A sheet asks no message or questions."""
    terms = page.terms
    asked = [
        (True, _("name")),
        (True, _("country")),
        (terms.ask_postcode != "no", _("postcode")),
        (terms.ask_city != "no", _("city")),
        (terms.ask_region != "no", _("state or region")),
        (get_asked_parts(terms), _("where I vote")),
        (not on_paper and terms.ask_message != "no", _("message")),
        (not on_paper and (page.questions or page.own_questions), _("answers")),
    ]
    return [word for is_asked, word in asked if is_asked]


def _erasure(page):
    """The sentence on when the data is erased. ``promise`` gives the same as data."""
    if moment := page.erased_at:
        return _(
            "My data will be erased by %(date)s, even if the petition stays open longer than "
            "planned."
        ) % {"date": day_of_erasure(moment)}
    number = page.terms.retention_months
    return ngettext(
        "My data will be erased %(months)d month after the petition ends.",
        "My data will be erased %(months)d months after the petition ends.",
        number,
    ) % {"months": number}


def default_thanks(page: Any) -> str:
    """The default thank-you message as HTML."""
    with translation.override(page.language):
        return format_html(
            "<p>{}</p>",
            _("Your signature counts. Ask two friends to add theirs: that’s how petitions grow."),
        )


def default_share_text(page: Any) -> str:
    """The default text to share, with the petition's title."""
    with translation.override(page.language):
        return _("I’ve just signed “%(title)s”. Will you sign too?") % {"title": page.title}


def questions_as_data(page: Any) -> list[dict[str, Any]]:
    """The page's questions: a list of ``{"id", "type", "label", "choices"}``."""
    return [
        {
            "id": child.id,
            "type": child.block_type,
            "label": child.value.get("label") or "",
            "choices": [
                {"id": pk, "label": label} for pk, label in child.block.get_choices(child.value)
            ],
        }
        for child in page.questions
    ] + page.own_questions


def text_to_sign(page: Any, *, on_paper: bool = False) -> SignedText:
    """An unsaved ``SignedText`` with everything that a signer of ``page`` agrees to.

    ``on_paper`` is whether they sign the printed sheet, which has its own consent and no questions.
    """
    consent = page.get_paper_consent_text() if on_paper else page.get_consent_text()
    content = {
        "language": page.language,
        "title": page.title,
        "letter": expand_db_html(page.letter),
        "consent": expand_db_html(consent),
        "questions": [] if on_paper else questions_as_data(page),
        **promise(page),
    }
    if not on_paper and page.shows_home:
        # Only then, so that the hashes of other texts don't change.
        content["shows_home"] = True
    return SignedText.make(**content)


def promise(page):
    """The promised retention: ``{"erase_at": datetime}``, or ``{"retention_months": number}``.

    The months count from the end of a petition without a closing date.
    """
    if moment := page.erased_at:
        # Always in UTC, since the text's hash depends on it.
        return {"erase_at": moment.astimezone(UTC) if timezone.is_aware(moment) else moment}
    return {"retention_months": page.terms.retention_months}

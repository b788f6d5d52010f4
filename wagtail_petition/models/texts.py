"""The words of a petition page: what is signed, and what it says where the editor wrote nothing."""

import hashlib
import json

from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.rich_text import expand_db_html

from wagtail_petition.wording import listed

from .signature import SignedText


def default_consent(page):
    """Purpose, recipient, controller and retention in one paragraph of HTML, made from the page."""
    with translation.override(page.language):
        recipients = listed(r.get("name") or "" for r in page.to) or _("its recipients")
        if page.erased_at:
            erased = _("My data is erased on %(date)s.") % {
                "date": date_format(page.erased_at, "DATE_FORMAT")
            }
        else:
            erased = ngettext(
                "My data is erased %(months)d month after the petition ends.",
                "My data is erased %(months)d months after the petition ends.",
                page.retention_months,
            ) % {"months": page.retention_months}
        purpose = _(
            "I agree that %(organisation)s collects my signature, which shows a political "
            "opinion, and hands my name, country and answers to %(recipients)s."
        ) % {"organisation": page.get_organisation(), "recipients": recipients}
        withdraw = _("I can withdraw at any time, by a link in the receipt that comes by mail.")
        return format_html("<p>{} {} {}</p>", purpose, erased, withdraw)


def default_thanks(page):
    """The next useful thing to do, as HTML."""
    with translation.override(page.language):
        return format_html(
            "<p>{}</p>",
            _("Your name counts. Ask two friends to add theirs: that is how petitions grow."),
        )


def default_share_text(page):
    """The petition's title as something one would send to a friend."""
    with translation.override(page.language):
        return _("I have signed “%(title)s”. Will you?") % {"title": page.title}


def questions_as_data(page):
    """The page's questions as plain data: ``{"id", "type", "label", "choices"}`` each."""
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
    ] + own_questions(page)


def own_questions(page):
    """What a form of the site's own asks besides, in the same form and in the page's language."""
    with translation.override(page.language):
        return page.get_sign_form().get_own_questions()


def text_to_sign(page):
    """An unsaved ``SignedText`` with everything a signer of ``page`` sees and agrees to."""
    content = {
        "language": page.language,
        "title": page.title,
        "letter": expand_db_html(page.letter),
        "consent": expand_db_html(page.get_consent_text()),
        "questions": questions_as_data(page),
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return SignedText(sha256=hashlib.sha256(canonical.encode()).hexdigest(), **content)

"""The text that people signed on another platform, stored as proof."""

from typing import Any

from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signed_text import SignedText

from .mapping import ANSWER, get_questions

RULE = "---"


def make_text(
    *,
    petition: Petition,
    title: str,
    letter: str,
    consent: str,
    language: str,
    mapping: dict[str, str] | None = None,
) -> SignedText:
    """An unsaved ``SignedText`` from another platform, with the questions of mapped columns.

    ``letter`` and ``consent`` are plain text. Raises ``ValueError`` without a title or a letter.
    """
    title, letter, consent = (part.replace("\0", "").strip() for part in (title, letter, consent))
    if not title or not letter:
        raise ValueError(_("Give the title and the letter that these people signed."))
    asked = {
        meaning.removeprefix(ANSWER)
        for meaning in (mapping or {}).values()
        if meaning.startswith(ANSWER)
    }
    questions = {q["id"]: q for q in get_questions(petition) if q["id"] in asked}
    content: dict[str, Any] = {
        "language": language,
        "title": title[:255],
        "letter": linebreaks(letter, autoescape=True),
        "consent": linebreaks(consent, autoescape=True),
        "questions": list(questions.values()),
    }
    return SignedText.make(**content)


def from_file(
    content: str, *, petition: Petition, language: str, mapping: dict[str, str]
) -> SignedText:
    """An unsaved ``SignedText`` from one text: title, letter, a line of three hyphens, consent.

    Raises ``ValueError`` with a message for the person.
    """
    title, _end, rest = content.strip().partition("\n")
    lines = rest.splitlines()
    at = next((n for n, line in enumerate(lines) if line.strip() == RULE), len(lines))
    return make_text(
        petition=petition,
        title=title,
        letter="\n".join(lines[:at]),
        consent="\n".join(lines[at + 1 :]),
        language=language,
        mapping=mapping,
    )

"""Store the texts of printed sheets, for the signatures that are typed in from them later."""

from django.db import IntegrityError, transaction

from wagtail_petition.identity.sheet_numbers import make_mark
from wagtail_petition.models.printed_text import PrintedText
from wagtail_petition.pages.mixin import PetitionPageMixin

from .helpers import get_or_create_text, get_petition


def keep_printed_text(page: PetitionPageMixin) -> PrintedText:
    """The stored text of the page's printable sheet, with its mark.

    It is stored once per wording, however often sheets are printed.
    """
    petition = get_petition(page)
    text = page.get_paper_text_to_sign()
    printed = PrintedText.objects.filter(petition=petition, signed_text__sha256=text.sha256)
    if found := printed.first():
        return found
    stored = get_or_create_text(text)
    attempt = 0
    while True:
        mark = make_mark(text.sha256, attempt)
        try:
            with transaction.atomic():
                return PrintedText.objects.create(petition=petition, signed_text=stored, mark=mark)
        except IntegrityError:
            # Another text of the petition has this mark, or somebody has stored this text just now.
            if found := printed.first():
                return found
            attempt += 1

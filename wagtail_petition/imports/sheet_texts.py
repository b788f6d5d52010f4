"""Find the text on a paper sheet by the mark in its number, or let a person choose it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_petition.identity.sheet_numbers import get_mark
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.printed_text import PrintedText
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.moments import day_of_erasure
from wagtail_petition.pages.lookup import pages_with


class SheetTexts:
    """The texts that a petition's sheets have shown, by the marks in their numbers."""

    def __init__(self, petition: Petition) -> None:
        self.petition = petition
        printed = PrintedText.objects.filter(petition=petition).select_related("signed_text")
        self._texts = {each.mark: each.signed_text for each in printed}
        now = timezone.now()
        self._ended = {
            text.pk: due_at
            for text in self._texts.values()
            if (due_at := text.due_at(petition)) and due_at <= now
        }

    def find(self, number: str) -> SignedText | None:
        """The text on the sheet with this number, as ``read_number`` returns it.

        None if the number has no mark. Raises ``ValueError`` with a message if the sheet is one
        of another petition, or if nothing may be recorded from it any more.
        """
        mark = get_mark(number)
        if not mark:
            return None
        text = self._texts.get(mark)
        if text is None:
            raise ValueError(
                _("%(number)s isn’t a sheet of this petition. Compare the title on the sheet.")
                % {"number": number}
            )
        if text.pk in self._ended:
            raise ValueError(retention_is_over(self._ended[text.pk]))
        return text


def get_sheet_texts(petition: Petition) -> dict[str, tuple[SignedText, datetime | None]]:
    """The texts to choose from for a sheet whose number has no mark.

    {hash: (text, date since when sheets have shown it)}. The texts of live pages come first,
    unsaved and with None as date; then those of earlier sheets, newest first.
    """
    texts: dict[str, tuple[SignedText, datetime | None]] = {}
    for page in pages_with(petition.key):
        if page.live:
            text = page.get_paper_text_to_sign()
            texts.setdefault(text.sha256, (text, None))
    for printed in PrintedText.objects.filter(petition=petition).select_related("signed_text"):
        texts.setdefault(printed.signed_text.sha256, (printed.signed_text, printed.created_at))
    typed = ImportBatch.objects.filter(petition=petition).exclude(sheet="")
    used = SignedText.objects.filter(pk__in=typed.order_by().values("signed_text").distinct())
    for text in used.order_by("-pk"):
        texts.setdefault(text.sha256, (text, text.created_at))
    return texts


def retention_is_over(due_at: datetime) -> str:
    """The message for a sheet whose text promised that the data is erased by now."""
    return _(
        "The text on this sheet promises that the data is erased by %(date)s. So nothing from it "
        "can be recorded any more."
    ) % {"date": day_of_erasure(due_at)}

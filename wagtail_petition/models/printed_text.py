"""The texts that printed sheets have shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signed_text import SignedText


class PrintedText(models.Model):
    """A text that a petition's printable sheets have shown.

    Its ``mark`` is part of their numbers (``identity.sheet_numbers``). So signatures typed in from
    a sheet get the text on it, even if the page has changed since.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="printed_texts")
    signed_text = models.ForeignKey(
        SignedText,
        verbose_name=_("signed text"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    mark = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "signed_text"], name="petition_printed_text_unique"
            ),
            models.UniqueConstraint(
                fields=["petition", "mark"], name="petition_printed_mark_unique"
            ),
        ]

    def __str__(self):
        return f"{self.mark}: {self.signed_text}"

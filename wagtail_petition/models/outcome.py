"""What came of a delivery, as its organiser recorded it."""

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .delivery import Delivery


class DeliveryOutcome(models.Model):
    """What a delivery's recipient did: the answer, or that there is none yet.

    Never changed or deleted; a later one takes its place as the delivery's status. The organiser
    decides whether the public sees it, and its text and document can be erased.
    """

    class Kind(models.TextChoices):
        WAITING = "waiting", _("No answer yet")
        ANSWERED = "answered", _("Answered")
        PROMISED = "promised", _("Promised")
        DONE = "done", pgettext_lazy("outcome", "Done")
        REFUSED = "refused", _("Refused")

    # The same in a sentence, which names the recipient.
    SENTENCES: dict[str, str | Promise] = {
        Kind.WAITING: _("No answer yet from %(recipient)s"),
        Kind.ANSWERED: _("Answered by %(recipient)s"),
        Kind.PROMISED: _("Promised by %(recipient)s"),
        Kind.DONE: _("Done by %(recipient)s"),
        Kind.REFUSED: _("Refused by %(recipient)s"),
    }

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(_("what came of it"), max_length=8, choices=Kind.choices)
    day = models.DateField(_("date"))
    # {language: text}
    texts = models.JSONField(default=dict, blank=True)
    # A path in the private storage. The public gets the file if it sees the outcome.
    document = models.CharField(max_length=255, blank=True, editable=False)
    is_public = models.BooleanField(_("show on the petition’s page"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # When the text and the document were erased, and by whom.
    erased_at = models.DateTimeField(null=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["day", "pk"]

    def __str__(self):
        return str(self.SENTENCES[self.kind]) % {"recipient": self.delivery.recipient}

    @property
    def document_name(self) -> str:
        """The document's file name."""
        return self.document.rpartition("/")[2]

    def get_text(self, language: str) -> tuple[str, str]:
        """(text, its language): in ``language``, or else the source's, or any. ("", "") if none."""
        source = self.delivery.petition.source_language
        for code in (language, source, *self.texts):
            if text := self.texts.get(code):
                return text, code
        return "", ""

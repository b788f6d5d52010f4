"""The texts that people signed."""

import hashlib
import json
from datetime import datetime
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.utils import pretty_name
from django.utils.translation import gettext_lazy as _

from wagtail_petition.formats import listed
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.terms import months

# The fields whose values are hashed, and those that are only if they have a value.
CONTENT = ("language", "title", "letter", "consent", "questions")
LATER = ("erase_at", "retention_months", "shows_home")


def canonical(content: dict[str, Any]) -> str:
    """The values of a text as JSON, always the same for the same values."""
    return json.dumps(
        content,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        cls=DjangoJSONEncoder,
    )


class SignedText(models.Model):
    """The text that signers saw in their language, as proof of what they agreed to.

    Stored once per content (``sha256``) and never changed. Signatures refer to it.
    ``questions`` is a list of ``{"id", "type", "label", "choices": [{"id", "label"}]}``.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(_("language"), max_length=16)
    title = models.CharField(_("title"), max_length=255)
    letter = models.TextField(_("letter"))
    consent = models.TextField(_("consent text"))
    questions = models.JSONField(_("questions"), default=list)
    # The promised retention: a date, or months after the petition ends. Texts from before these
    # fields existed have neither.
    erase_at = models.DateTimeField(_("data kept until"), null=True, editable=False)
    retention_months = models.PositiveSmallIntegerField(
        _("data retention (months)"), null=True, editable=False
    )
    # Whether the letter's "From" says where the signer votes.
    shows_home = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("first signed"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("signed text")
        verbose_name_plural = _("signed texts")

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @classmethod
    def make(cls, **content: Any) -> Self:
        """An unsaved text with the hash of its ``content``, the values of its fields."""
        text = cls(**content)
        text.sha256 = hashlib.sha256(canonical(content).encode()).hexdigest()
        return text

    @property
    def canonical(self) -> str:
        """The content as the JSON whose SHA-256 is ``sha256``, or "" if that can't be made again."""
        content = {name: getattr(self, name) for name in CONTENT}
        # The hashes of older texts don't have these.
        more = {name: getattr(self, name) for name in LATER if getattr(self, name)}
        found = canonical(content | more)
        is_same = hashlib.sha256(found.encode()).hexdigest() == self.sha256
        return found if is_same else ""

    def due_at(self, petition: Petition) -> datetime | None:
        """When the data of people who signed this text is erased; None if not known yet.

        The petition's current date or the promised one, whichever is earlier.
        """
        promised = self.erase_at
        if not promised and self.retention_months is not None and petition.erase_at:
            ended_at = petition.erase_at - petition.kept_for
            promised = ended_at + months(self.retention_months)
        return min(filter(None, [promised, petition.erase_at]), default=None)

    def describe(self, answers: dict[str, Any]) -> list[tuple[str, Any]]:
        """The ``answers`` of a signature with this text's labels: (question, answer) pairs.

        Choices become their labels, several joined to one text. Answers without a question in
        the text, from a field of a site's own form, come last, labelled by their name.
        """
        described = []
        known = {question["id"] for question in self.questions}
        others = [
            {"id": name, "label": pretty_name(name), "choices": []}
            for name in answers
            if name not in known
        ]
        for question in [*self.questions, *others]:
            answer = answers.get(question["id"])
            if answer in (None, "", []):
                continue
            labels = {choice["id"]: choice["label"] for choice in question["choices"]}
            if isinstance(answer, list):
                answer = listed(labels.get(item, item) for item in answer)
            elif isinstance(answer, bool):
                answer = _("Yes") if answer else _("No")
            else:
                answer = labels.get(answer, answer)
            described.append((question["label"], answer))
        return described

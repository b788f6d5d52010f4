"""What a recipient accepts, as the editor chooses it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.coreutils import get_content_languages

from .profiles import EMAILS, FORMATS, NEEDS, OWN, PROFILES, Profile


class AcceptanceValue(blocks.StructValue):
    """The value of an acceptance."""

    @property
    def profile(self) -> Profile | None:
        """The chosen ``Profile``, or None if none is."""
        if self.get("kind") == OWN:
            return Profile(
                needs=tuple(self.get("needs") or ()),
                formats=tuple(self.get("formats") or ()),
                languages=tuple(self.get("languages") or ()),
                largest=self.get("largest"),
                emails=self.get("emails") or "",
            )
        return PROFILES.get(self.get("kind") or "")


class LanguagesBlock(blocks.MultipleChoiceBlock):
    """A choice of the site's languages, which aren't part of migrations."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=lambda: list(get_content_languages().items()),
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list, dict[str, Any]]:
        """As without choices, which may differ from site to site."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "choices": []}


class AcceptanceBlock(blocks.StructBlock):
    """What a recipient accepts: one of the known kinds, or the editor's own entries."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("", gettext_lazy("Not known")),
            *((key, profile.label) for key, profile in PROFILES.items()),
            (OWN, gettext_lazy("Other: as below")),
        ],
        required=False,
        label=gettext_lazy("Kind of recipient"),
        help_text=gettext_lazy(
            "The publishing checklist then says what to ask signers for, and “Add delivery” warns if "
            "the files don’t match. Rules change: check with the recipient."
        ),
    )
    needs = blocks.MultipleChoiceBlock(
        choices=NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Needed"),
    )
    formats = blocks.MultipleChoiceBlock(
        choices=FORMATS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Files accepted"),
        help_text=gettext_lazy("Leave blank for any."),
    )
    largest = blocks.IntegerBlock(
        required=False, min_value=1, label=gettext_lazy("Largest size in megabytes")
    )
    languages = LanguagesBlock(
        required=False,
        label=gettext_lazy("Languages accepted"),
        help_text=gettext_lazy("Leave blank for any."),
    )
    emails = blocks.ChoiceBlock(
        choices=EMAILS, required=False, label=gettext_lazy("Signers’ email addresses")
    )

    def clean(self, value: AcceptanceValue) -> AcceptanceValue:
        """Refuse entries that would have no effect."""
        cleaned = super().clean(value)
        if cleaned.get("kind") != OWN and any(
            cleaned.get(name) for name in ("needs", "formats", "largest", "languages", "emails")
        ):
            error = _("Choose “Other: as below” for your own entries, or leave them blank.")
            raise StructBlockValidationError(block_errors={"kind": ValidationError(error)})
        return cleaned

    class Meta:
        icon = "clipboard-list"
        label = gettext_lazy("What it accepts")
        value_class = AcceptanceValue
        collapsed = True

"""The recipients and sponsors of a petition."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from .acceptance import AcceptanceBlock
from .preview import PreviewMeta


class RecipientBlock(blocks.StructBlock):
    """A person or body that the petition is addressed to, or that gets a copy."""

    name = blocks.CharBlock(max_length=200, label=_("Name"))
    office = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("Position or organisation"),
        help_text=_("E.g. United States Attorney General"),
    )
    role = blocks.ChoiceBlock(
        choices=[("to", _("To")), ("cc", _("CC"))],
        default="to",
        label=_("Type"),
        help_text=_("To: asked to act. CC: receives a copy."),
    )
    stands_for = blocks.ChoiceBlock(
        choices=[
            ("", _("Only itself")),
            ("region", _("Representatives by region")),
            ("district", _("Representatives by district")),
        ],
        required=False,
        label=_("Stands for"),
        help_text=_(
            "For a recipient like “Your senators”. List them under Petitions › Representatives: "
            "signers learn who theirs are."
        ),
    )

    email = blocks.EmailBlock(
        max_length=254,
        required=False,
        label=_("Email"),
        help_text=_("For sending deliveries. Never shown on the site."),
    )

    accepts = AcceptanceBlock(required=False)

    def get_api_representation(
        self, value: blocks.StructValue, context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Leaves out the email address, and what the recipient accepts."""
        data = super().get_api_representation(value, context=context)
        return {name: part for name, part in data.items() if name not in ("email", "accepts")}

    class Meta(PreviewMeta):
        icon = "user"
        label = _("Recipient")
        label_format = "{name}"
        template = "wagtail_petition/blocks/recipient.html"
        description = _("Who the petition is addressed to, or who receives a copy.")
        preview_value = {
            "name": "Maria Rossi",
            "office": _("Minister of the Interior"),
            "role": "to",
            "stands_for": "",
            "email": "",
        }


class RecipientsBlock(blocks.StreamBlock):
    """The recipients, in the order of the letter."""

    recipient = RecipientBlock()

    class Meta:
        icon = "group"


class SponsorBlock(blocks.StructBlock):
    """An organisation behind the petition."""

    name = blocks.CharBlock(max_length=200, label=_("Name"))
    logo = ImageChooserBlock(
        required=False,
        label=_("Logo"),
        help_text=_("The sponsor’s name is used as alt text."),
    )
    link = blocks.URLBlock(required=False, label=_("Website"))

    class Meta(PreviewMeta):
        icon = "group"
        label = _("Sponsor")
        label_format = "{name}"
        template = "wagtail_petition/blocks/sponsor.html"
        description = _("An organisation behind the petition, with its logo and website.")
        preview_value = {
            "name": _("Citizens Abroad"),
            "logo": None,
            "link": "https://example.org/",
        }


class SponsorsBlock(blocks.StreamBlock):
    """The sponsors, in the order shown."""

    sponsor = SponsorBlock()

    class Meta:
        icon = "group"

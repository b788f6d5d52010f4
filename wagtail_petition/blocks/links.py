"""Background links."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from wagtail_petition.blocks.headed import HeadedBlock, ShowHeadingBlock
from wagtail_petition.blocks.pasting.adapter import PastedListAdapter
from wagtail_petition.blocks.preview import PreviewMeta
from wagtail_petition.formats import shown_host


class LinkValue(blocks.StructValue):
    """The value of a background link."""

    @property
    def href(self) -> str:
        """The URL of the page in the reader's language, or of the document, or the URL given."""
        if page := self.get("page"):
            return page.localized.url or ""
        if document := self.get("document"):
            return document.url
        return self.get("url") or ""

    @property
    def host(self) -> str:
        """The host of the URL given, or "" for a page or document."""
        if self.get("page") or self.get("document"):
            return ""
        return shown_host(self.get("url"))


class LinkBlock(blocks.StructBlock):
    """A background link to a URL, a page of this site, or a document."""

    title = blocks.CharBlock(max_length=200, label=_("Title"))
    url = blocks.URLBlock(required=False, label=_("Link to a URL"))
    description = blocks.CharBlock(max_length=250, required=False, label=_("Description"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    document = DocumentChooserBlock(required=False, label=_("Document"))

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{title}"
        value_class = LinkValue
        form_layout = [
            "title",
            "url",
            "description",
            blocks.BlockGroup(
                ["page", "document"],
                heading=_("Page or document instead of a URL"),
                icon="doc-full",
                classname="collapsed",
            ),
        ]

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Check that there is at most one target. Without one, only the title is shown."""
        value = super().clean(value)
        given = [name for name in ("url", "page", "document") if value.get(name)]
        if len(given) > 1:
            message = _("Choose only one: URL, page or document.")
            raise StructBlockValidationError(
                block_errors={name: ValidationError(message) for name in given}
            )
        return value


class LinksBlock(HeadedBlock):
    """A list of background links."""

    heading = blocks.CharBlock(
        max_length=120,
        required=False,
        label=_("Heading"),
        help_text=_("Leave blank for “Background” in the language of the page."),
    )
    show_heading = ShowHeadingBlock()
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), collapsed=True)

    class Meta(PreviewMeta):
        icon = "link"
        label = _("Background links")
        template = "wagtail_petition/blocks/links.html"
        description = _("Further reading: websites, pages or documents.")
        preview_value = {
            "heading": _("Background"),
            "links": [
                {
                    "title": _("The policy in full"),
                    "url": "https://www.example.org/policy",
                    "page": None,
                    "document": None,
                    "description": _("As the ministry published it."),
                }
            ],
        }


register(PastedListAdapter("links", _("Paste links"), _("Background")), LinksBlock)

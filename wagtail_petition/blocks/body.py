"""The body of a petition page: what happened, what to read, and free content."""

from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageChooserBlock

from .preview import PreviewMeta

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


def shown_host(url):
    """The host of an address as people name it: ``https://www.justice.gov/x`` is justice.gov."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


class EventValue(blocks.StructValue):
    """An event with what its template needs."""

    @property
    def datetime(self):
        """The machine-readable date, as precise as the editor said: 2018-04-06, 2018-04, 2018."""
        day = self.get("date")
        if not day:
            return ""
        return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.get("precision") or "day"]]

    @property
    def source_host(self):
        """The source's name where the editor gave none: its host."""
        return shown_host(self.get("source"))


class EventBlock(blocks.StructBlock):
    """One event of a timeline."""

    date = blocks.DateBlock(
        label=_("Date"),
        help_text=_("If you know only the month or the year, give any day in it."),
    )
    precision = blocks.ChoiceBlock(
        choices=[("day", _("Day")), ("month", _("Month")), ("year", _("Year"))],
        default="day",
        label=_("How precise the date is"),
    )
    title = blocks.CharBlock(max_length=200, label=_("What happened"))
    text = blocks.RichTextBlock(
        required=False, features=["bold", "italic", "link"], label=_("In more words")
    )
    source = blocks.URLBlock(
        required=False,
        label=_("Source"),
        help_text=_("The address of a page that proves it. Its host is shown."),
    )

    class Meta:
        icon = "calendar"
        label = _("Event")
        label_format = "{date} {title}"
        value_class = EventValue


class TimelineValue(blocks.StructValue):
    """A timeline with its events in the order the editor chose."""

    # On the page the rest of a longer timeline is folded.
    SHOWN = 8

    @property
    def ordered_events(self):
        """The events by date; a draft's events without a date come last."""
        events = list(self.get("events") or [])
        dated = sorted((e for e in events if e.get("date")), key=lambda e: e["date"])
        if self.get("order") == "newest":
            dated.reverse()
        return dated + [e for e in events if not e.get("date")]

    @property
    def shown_events(self):
        """The events shown at once: all, unless folding would hide more than one or two."""
        events = self.ordered_events
        return events if len(events) <= self.SHOWN + 2 else events[: self.SHOWN]

    @property
    def folded_events(self):
        """The events behind "show all"."""
        return self.ordered_events[len(self.shown_events) :]

    def with_deliveries(self, deliveries):
        """This timeline with an event for each of ``deliveries``."""
        told = [EventValue(None, {"date": d.delivered_on, "delivery": d}) for d in deliveries]
        return TimelineValue(self.block, {**self, "events": [*(self.get("events") or []), *told]})


class ShowHeadingBlock(blocks.BooleanBlock):
    """Whether a block's heading is shown, which is a default one where it is left blank."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"required": False, "default": True, "label": _("Show the heading")} | kwargs
        )


class HeadedBlock(blocks.StructBlock):
    """A block with a heading that may be left blank, for one in the language of the page.

    Kept blank before there was the choice, a heading was meant to be absent, and stays so.
    """

    def to_python(self, value):
        return super().to_python(_with_choice(value))

    def bulk_to_python(self, values):
        return super().bulk_to_python([_with_choice(value) for value in values])


def _with_choice(value):
    if "heading" in value and "show_heading" not in value:
        return {**value, "show_heading": bool(value["heading"])}
    return value


class TimelineBlock(HeadedBlock):
    """Events as an ordered list."""

    heading = blocks.CharBlock(
        max_length=120,
        required=False,
        label=_("Heading"),
        help_text=_("Leave blank for “What happened” in the language of the page."),
    )
    show_heading = ShowHeadingBlock()
    order = blocks.ChoiceBlock(
        choices=[("oldest", _("Oldest first")), ("newest", _("Newest first"))],
        default="oldest",
        label=_("Order"),
    )
    events = blocks.ListBlock(EventBlock(), label=_("Events"))

    def get_context(self, value, parent_context=None):
        """The page's last timeline also tells what was delivered, where the page may say so."""
        context = super().get_context(value, parent_context)
        page = context.get("page")
        if deliveries := getattr(page, "deliveries", None):
            timelines = [b.value for b in page.body if isinstance(b.block, TimelineBlock)]
            if timelines and timelines[-1] is value:
                context[self.TEMPLATE_VAR] = value.with_deliveries(deliveries)
        return context

    class Meta(PreviewMeta):
        icon = "history"
        label = _("Timeline")
        template = "wagtail_petition/blocks/timeline.html"
        value_class = TimelineValue
        description = _("Dated events, each with its source. They are sorted for you.")
        preview_value = {
            "heading": _("What happened"),
            "order": "oldest",
            "events": [
                {
                    "date": date(2018, 4, 6),
                    "precision": "day",
                    "title": _("The policy is announced"),
                    "text": "",
                    "source": "https://www.example.org/policy",
                },
                {
                    "date": date(2018, 6, 1),
                    "precision": "month",
                    "title": _("A court is asked to stop it"),
                    "text": "",
                    "source": "",
                },
            ],
        }


class LinkValue(blocks.StructValue):
    """A background link with what its template needs."""

    @property
    def href(self):
        """Where the link leads: the page in the reader's language, the document or the address."""
        if page := self.get("page"):
            return page.localized.url or ""
        if document := self.get("document"):
            return document.url
        return self.get("url") or ""

    @property
    def host(self):
        """The source's host for an address elsewhere, else an empty string."""
        if self.get("page") or self.get("document"):
            return ""
        return shown_host(self.get("url"))


class LinkBlock(blocks.StructBlock):
    """One background link: an address, a page of this site, or a document."""

    title = blocks.CharBlock(max_length=200, label=_("Title"))
    url = blocks.URLBlock(required=False, label=_("Address"))
    page = blocks.PageChooserBlock(required=False, label=_("or a page of this site"))
    document = DocumentChooserBlock(required=False, label=_("or a document"))
    description = blocks.CharBlock(max_length=250, required=False, label=_("In one line"))

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{title}"
        value_class = LinkValue

    def clean(self, value):
        """One target, not two. A draft may have none: then the title is shown without a link."""
        value = super().clean(value)
        given = [name for name in ("url", "page", "document") if value.get(name)]
        if len(given) > 1:
            message = _("Choose one of address, page and document, and empty the others.")
            raise StructBlockValidationError(
                block_errors={name: ValidationError(message) for name in given}
            )
        return value


class LinksBlock(HeadedBlock):
    """What to read for the background."""

    heading = blocks.CharBlock(
        max_length=120,
        required=False,
        label=_("Heading"),
        help_text=_("Leave blank for “Background” in the language of the page."),
    )
    show_heading = ShowHeadingBlock()
    links = blocks.ListBlock(LinkBlock(), label=_("Links"))

    class Meta(PreviewMeta):
        icon = "link"
        label = _("Background links")
        template = "wagtail_petition/blocks/links.html"
        description = _("What to read: pages elsewhere, pages of this site, documents.")
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


class HeadingBlock(blocks.CharBlock):
    """A heading between blocks, one level below the page's title."""

    class Meta(PreviewMeta):
        icon = "title"
        label = _("Heading")
        template = "wagtail_petition/blocks/heading.html"
        description = _("A heading for the blocks that follow.")
        preview_value = _("Why this matters")


class TextBlock(blocks.RichTextBlock):
    """Running text."""

    class Meta(PreviewMeta):
        icon = "pilcrow"
        label = _("Text")
        template = "wagtail_petition/blocks/text.html"
        description = _("Running text with links and lists.")
        preview_value = _("<p>We ask for <b>three things</b>, and we ask for them now.</p>")


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Quotation"))
    author = blocks.CharBlock(max_length=200, required=False, label=_("Who said it"))
    source = blocks.URLBlock(required=False, label=_("Source"))

    class Meta(PreviewMeta):
        icon = "openquote"
        label = _("Quotation")
        template = "wagtail_petition/blocks/quote.html"
        description = _("Somebody's words, with their name and where they said it.")
        preview_value = {
            "text": _("A child belongs with its parents."),
            "author": "Anna Moretti",
            "source": "",
        }


class ImageBlock(blocks.StructBlock):
    """An image with words for those who can't see it.

    Plain fields instead of Wagtail's ImageBlock: an alternative text is a translatable
    segment of its own, also when the image is left out in a draft.
    """

    image = ImageChooserBlock(label=_("Image"))
    alt_text = blocks.CharBlock(
        max_length=250,
        required=False,
        label=_("Alternative text"),
        help_text=_("Say what the image shows. Leave it empty if it only decorates."),
    )
    caption = blocks.CharBlock(max_length=250, required=False, label=_("Caption"))
    credit = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("Credit"),
        help_text=_("Who made the image."),
    )

    class Meta(PreviewMeta):
        icon = "image"
        label = _("Image")
        template = "wagtail_petition/blocks/image.html"
        description = _("An image with its description, caption and credit.")
        preview_value = {
            "image": None,
            "alt_text": "",
            "caption": _("Families at the border, June 2018"),
            "credit": "Anna Moretti",
        }


class VideoBlock(blocks.StructBlock):
    """A film, shown as a link until the reader asks for it: no third party sees the reader."""

    video = EmbedBlock(
        label=_("Address of the video"),
        help_text=_("A page on YouTube, Vimeo or another service that offers embedding."),
    )
    title = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("Title"),
        help_text=_("What the film shows, in a few words."),
    )

    class Meta(PreviewMeta):
        icon = "media"
        label = _("Video")
        template = "wagtail_petition/blocks/video.html"
        description = _("A link to a film. Nothing is loaded from elsewhere until it is clicked.")
        preview_value = {"video": None, "title": _("A mother tells her story")}


class ActionValue(blocks.StructValue):
    """A call to action with where it leads."""

    @property
    def href(self):
        """The page in the reader's language, the address, or the form on this page."""
        if page := self.get("page"):
            return page.localized.url or ""
        return self.get("url") or "#petition-form"


class ActionBlock(blocks.StructBlock):
    """A button within the text."""

    text = blocks.CharBlock(
        max_length=250, required=False, label=_("Text"), help_text=_("One or two sentences.")
    )
    button = blocks.CharBlock(
        max_length=60,
        required=False,
        label=_("Button"),
        help_text=_("Leave blank for “Sign this petition” in the language of the page."),
    )
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(
        required=False,
        label=_("or address"),
        help_text=_("Without page and address the button leads to the form."),
    )

    class Meta(PreviewMeta):
        icon = "arrow-right-full"
        label = _("Call to action")
        template = "wagtail_petition/blocks/action.html"
        value_class = ActionValue
        description = _("A button that leads to the form, or to another page.")
        preview_value = {
            "text": _("Every name counts."),
            "button": _("Sign this petition"),
            "page": None,
            "url": "",
        }


class BodyBlock(blocks.StreamBlock):
    """What a petition page may contain below the letter."""

    timeline = TimelineBlock()
    links = LinksBlock()
    heading = HeadingBlock(max_length=120)
    text = TextBlock(features=RICH_TEXT_FEATURES)
    quote = QuoteBlock()
    image = ImageBlock()
    video = VideoBlock()
    action = ActionBlock()

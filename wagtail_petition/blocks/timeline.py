"""The timeline of events."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register

from wagtail_petition.blocks.headed import HeadedBlock, ShowHeadingBlock
from wagtail_petition.blocks.pasting.adapter import PastedListAdapter
from wagtail_petition.blocks.preview import PreviewMeta
from wagtail_petition.formats import shown_host

if TYPE_CHECKING:
    # The models import this module.
    from wagtail_petition.models.delivery import Delivery
    from wagtail_petition.models.outcome import DeliveryOutcome


class EventValue(blocks.StructValue):
    """The value of an event."""

    @property
    def datetime(self) -> str:
        """The ISO date with the chosen precision: 2018-04-06, 2018-04 or 2018."""
        day = self.get("date")
        if not day:
            return ""
        return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.get("precision") or "day"]]

    @property
    def source_host(self) -> str:
        """The host of the source's URL, for a source without a name."""
        return shown_host(self.get("source"))


class EventBlock(blocks.StructBlock):
    """One event of a timeline."""

    date = blocks.DateBlock(
        label=_("Date"),
        help_text=_("If only the month or year is known, pick any day in it."),
    )
    precision = blocks.ChoiceBlock(
        choices=[("day", _("Day")), ("month", _("Month")), ("year", _("Year"))],
        default="day",
        label=_("Show date as"),
    )
    title = blocks.CharBlock(max_length=200, label=_("What happened"))
    text = blocks.RichTextBlock(
        required=False, features=["bold", "italic", "link"], label=_("Details")
    )
    source = blocks.URLBlock(
        required=False,
        label=_("Source"),
        help_text=_("Link to a source. The site’s name is shown."),
    )

    class Meta:
        icon = "calendar"
        label = _("Event")
        form_classname = "struct-block petition-event-block"
        label_format = "{date} {title}"
        value_class = EventValue


class TimelineValue(blocks.StructValue):
    """The value of a timeline."""

    # The rest of a longer timeline is collapsed.
    SHOWN = 8

    @property
    def ordered_events(self) -> list[EventValue]:
        """The events by date, in the chosen order. Events without a date (in drafts) come last."""
        events = list(self.get("events") or [])
        dated = sorted((e for e in events if e.get("date")), key=lambda e: e["date"])
        if self.get("order") == "newest":
            dated.reverse()
        return dated + [e for e in events if not e.get("date")]

    @property
    def shown_events(self) -> list[EventValue]:
        """The events shown at first: all, unless at least three would be collapsed."""
        events = self.ordered_events
        return events if len(events) <= self.SHOWN + 2 else events[: self.SHOWN]

    @property
    def folded_events(self) -> list[EventValue]:
        """The collapsed events, behind "Show all"."""
        return self.ordered_events[len(self.shown_events) :]

    def with_updates(
        self,
        deliveries: Iterable["Delivery"],
        updates: Iterable[Any],
        outcomes: Iterable["DeliveryOutcome"],
    ) -> "TimelineValue":
        """This timeline with an event for each of ``deliveries``, ``updates`` and ``outcomes``."""
        told = [EventValue(None, {"date": d.delivered_on, "delivery": d}) for d in deliveries]
        told += [EventValue(None, {"date": u.date, "update": u}) for u in updates]
        told += [EventValue(None, {"date": o.day, "outcome": o}) for o in outcomes]
        return TimelineValue(self.block, {**self, "events": [*(self.get("events") or []), *told]})


class TimelineBlock(HeadedBlock):
    """A list of events, ordered by date."""

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
    events = blocks.ListBlock(EventBlock(), label=_("Events"), collapsed=True)

    def get_context(
        self, value: TimelineValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds public deliveries and outcomes, and updates, as events to the page's last timeline."""
        context = super().get_context(value, parent_context)
        page = context.get("page")
        if not hasattr(page, "petition_key"):
            return context  # Another page of the site, or none.
        updates = [update for update in page.updates if update.in_timeline]
        if page.deliveries or updates or page.outcomes:
            timelines = [b.value for b in page.body if isinstance(b.block, TimelineBlock)]
            if timelines and timelines[-1] is value:
                context[self.TEMPLATE_VAR] = value.with_updates(
                    page.deliveries, updates, page.outcomes
                )
        return context

    class Meta(PreviewMeta):
        icon = "history"
        label = _("Timeline")
        template = "wagtail_petition/blocks/timeline.html"
        value_class = TimelineValue
        description = _("Dated events with sources, sorted automatically.")
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


register(PastedListAdapter("events", _("Paste events"), _("What happened")), TimelineBlock)

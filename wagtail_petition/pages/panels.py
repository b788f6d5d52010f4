"""The editor's tabs of a petition page."""

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)

from .checklist.panel import ChecklistPanel
from .texts import shown_instead


class DefaultedFieldPanel(FieldPanel):
    """A field that may be left blank, and below it what is shown then, in the page's language."""

    class BoundPanel(FieldPanel.BoundPanel):
        template_name = "wagtail_petition/admin/defaulted_field_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Adds the ``field_name``, what is ``shown_instead``, and its ``language``."""
            return super().get_context_data(parent_context) | {
                "field_name": self.field_name,
                "shown_instead": shown_instead(self.instance)[self.field_name],
                "language": self.instance.language,
            }


class Tab(ObjectList):
    """A tab whose address is made from the English heading, whoever opens the editor first.

    Wagtail makes it once in each process, in the language of that process's first user.
    """

    @property
    def clean_name(self) -> str:
        with translation.override("en"):
            return super().clean_name


def bind_tabs(page_type: Any, *tabs: tuple[list[Panel], Any]) -> Panel:
    """The editor of ``page_type`` with tabs of (panels, heading), or else its ``edit_handler``.

    Tabs without panels are left out.
    """
    if hasattr(page_type, "edit_handler"):
        return page_type.edit_handler.bind_to_model(page_type)
    return TabbedInterface(
        [Tab(shown, heading=heading) for shown, heading in tabs if shown],
        base_form_class=page_type.base_form_class,
    ).bind_to_model(page_type)


CONTENT = [
    ChecklistPanel(),
    FieldPanel("introduction"),
    FieldPanel("recipients"),
    FieldPanel("letter"),
    FieldPanel("body"),
    FieldPanel("sponsors"),
]

SIGNING = [
    FieldPanel("goal"),
    FieldPanel("paper_display"),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")])],
        heading=_("Dates"),
        icon="calendar-alt",
    ),
    MultiFieldPanel(
        [
            HelpPanel(
                content=_(
                    "First name, email and country are always included. Ask for more only if the "
                    "recipient needs it."
                )
            ),
            FieldRowPanel([FieldPanel("ask_family_name"), FieldPanel("ask_message")]),
            FieldRowPanel(
                [FieldPanel("ask_postcode"), FieldPanel("ask_city"), FieldPanel("ask_region")]
            ),
            FieldPanel("ask_show_name"),
            FieldPanel("ask_news"),
        ],
        heading=_("Form fields"),
        icon="form",
    ),
    MultiFieldPanel(
        [
            HelpPanel(
                content=_(
                    "Somebody who lives abroad may vote elsewhere: a US citizen in Rome, in New "
                    "York. Ask if the recipient answers to voters. What is asked depends on the "
                    "country: states and districts of the United States, for example. For Italy "
                    "and France, the constituency is worked out from the country where people "
                    "live."
                )
            ),
            FieldPanel("home_country"),
            FieldRowPanel([FieldPanel("ask_home_tie"), FieldPanel("ask_home_region")]),
            FieldRowPanel([FieldPanel("ask_home_district"), FieldPanel("ask_home_place")]),
            FieldPanel("show_home"),
        ],
        heading=_("Where people vote"),
        icon="site",
    ),
    FieldPanel("questions"),
    MultiFieldPanel(
        [
            DefaultedFieldPanel("organisation"),
            DefaultedFieldPanel("consent_text"),
            DefaultedFieldPanel("paper_consent_text"),
            FieldPanel("retention_months"),
        ],
        heading=_("Consent and data"),
        icon="lock",
    ),
]


class EmbedPanel(Panel):
    """The code for other sites, and the sheet to print. Its template asks tags of the admin."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/embed_panel.html"

        def is_shown(self) -> bool:
            """Once the page is online."""
            return super().is_shown() and self.instance.pk is not None and self.instance.live


class NoticesPanel(Panel):
    """The last emails to organisers, and those that were skipped. Its template gets them by a tag."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/notices_panel.html"

        def is_shown(self) -> bool:
            """Once there are any."""
            petition = self.instance.petition
            return super().is_shown() and petition.pk is not None and petition.notices.exists()


ADDRESSES = {"rows": 3, "autocapitalize": "off", "spellcheck": "false", "dir": "ltr"}

AFTER_SIGNING = [
    DefaultedFieldPanel("thanks_text"),
    MultiFieldPanel(
        [DefaultedFieldPanel("share_text"), FieldPanel("share_image")],
        heading=_("Sharing"),
        icon="link-external",
    ),
    EmbedPanel(heading=_("Embed and print"), icon="code"),
    MultiFieldPanel(
        [
            DefaultedFieldPanel("sender_name"),
            FieldPanel("reply_to"),
            FieldPanel("receipt_text", widget=forms.Textarea(attrs={"rows": 4})),
            FieldPanel("send_reminder"),
        ],
        heading=_("Emails"),
        icon="mail",
    ),
    MultiFieldPanel(
        [
            HelpPanel(content=_("Emails to you and your team, with numbers and without names.")),
            FieldPanel("notify_milestones"),
            FieldPanel("notify_weekly"),
            FieldPanel("notify_addresses", widget=forms.Textarea(attrs=ADDRESSES)),
            FieldPanel("report_addresses", widget=forms.Textarea(attrs=ADDRESSES)),
            NoticesPanel(),
        ],
        heading=_("Notifications"),
        icon="info-circle",
    ),
]


class SignaturesPanel(Panel):
    """The petition's figures and links, for users who may see its figures or signatures.

    Its template gets the figures from a template tag, because pages can't import the admin.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/signatures_panel.html"

        def is_shown(self):
            """Shown once the page has been published."""
            user = self.request.user
            return (
                super().is_shown()
                and self.instance.pk is not None
                and self.instance.petition.pk is not None
                and (
                    user.has_perm("wagtail_petition.view_petition")
                    or user.has_perm("wagtail_petition.view_signature")
                )
            )


SIGNATURES = [SignaturesPanel()]

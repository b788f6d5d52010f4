"""The editor's tabs of a petition page."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, Panel

from .checklist.panel import ChecklistPanel

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
    FieldPanel("questions"),
    MultiFieldPanel(
        [
            FieldPanel("organisation"),
            FieldPanel("consent_text"),
            FieldPanel("retention_months"),
        ],
        heading=_("Consent and data"),
        icon="lock",
    ),
]

AFTER_SIGNING = [
    FieldPanel("thanks_text"),
    MultiFieldPanel(
        [FieldPanel("share_text"), FieldPanel("share_image")],
        heading=_("Sharing"),
        icon="link-external",
    ),
    MultiFieldPanel(
        [FieldPanel("sender_name"), FieldPanel("reply_to"), FieldPanel("send_reminder")],
        heading=_("Emails"),
        icon="mail",
    ),
]


class SignaturesPanel(Panel):
    """The petition's figures and links, for those who may see its signatures.

    Its template asks for the figures by a tag of the admin, so that pages need not know it.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/signatures_panel.html"

        def is_shown(self):
            """Once the page has been published, to people with the permission to see them."""
            return (
                super().is_shown()
                and self.instance.pk is not None
                and self.instance.petition.pk is not None
                and self.request.user.has_perm("wagtail_petition.view_signature")
            )


SIGNATURES = [SignaturesPanel()]

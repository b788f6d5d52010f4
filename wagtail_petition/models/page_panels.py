"""The editor's tabs of a petition page."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel

CONTENT = [
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
        heading=_("When it can be signed"),
        icon="calendar-alt",
    ),
    MultiFieldPanel(
        [
            HelpPanel(
                content=_(
                    "First name, e-mail and country are always asked. Ask for more only if the "
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
        heading=_("What is asked"),
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
        heading=_("Mails"),
        icon="mail",
    ),
]

"""The origin of a signature: this site, another platform, or paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a signature was given."""

    WEB = "web", _("This site")
    ACTION_NETWORK = "action_network", _("Action Network")
    CHANGE_ORG = "change_org", _("Change.org")
    NATIONBUILDER = "nationbuilder", _("NationBuilder")
    MAILCHIMP = "mailchimp", _("Mailchimp")
    FORM = "form", _("Another form")
    PAPER = "paper", _("Paper")
    OTHER = "other", _("Another platform")

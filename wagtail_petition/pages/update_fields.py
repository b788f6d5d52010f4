"""What an editor writes on an update page: fields, and which of them are translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail_localize.fields import SynchronizedField, TranslatableField

from wagtail_petition.blocks.update import UpdateBodyBlock
from wagtail_petition.clock import local_date

SUMMARY_LENGTH = 300


class PetitionUpdateFields(models.Model):
    """The fields of an update."""

    date = models.DateField(
        _("date"), default=local_date, help_text=_("Shown above the text. The newest comes first.")
    )
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        max_length=SUMMARY_LENGTH,
        help_text=_("One or two sentences, also shown in lists of updates and in inboxes."),
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt_text = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("Describe the image. Leave blank if it is decorative."),
    )
    email_subject = models.CharField(
        _("email subject"),
        max_length=150,
        blank=True,
        help_text=_("If it is sent to signers. Leave blank to use the title."),
    )
    body = StreamField(UpdateBodyBlock(), verbose_name=_("text"))
    in_timeline = models.BooleanField(
        _("show in the timeline"),
        default=False,
        help_text=_("Adds its date and title to the last timeline of the petition page."),
    )

    override_translatable_fields = [
        TranslatableField("introduction"),
        TranslatableField("email_subject"),
        TranslatableField("image_alt_text"),
        TranslatableField("body"),
        SynchronizedField("image"),
        SynchronizedField("date", overridable=False),
        SynchronizedField("in_timeline", overridable=False),
    ]

    class Meta:
        abstract = True

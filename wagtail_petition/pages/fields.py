"""What an editor writes on a petition page: fields, and which of them are translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail_localize.fields import SynchronizedField, TranslatableField

from wagtail_petition.blocks import BodyBlock, QuestionsBlock, RecipientsBlock, SponsorsBlock
from wagtail_petition.models.terms import TERMS, Terms


class PetitionPageFields(Terms):
    """The fields of one language, and the terms that the source page sets for all languages."""

    # Content
    introduction = RichTextField(
        _("introduction"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("Your demand in two sentences. On phones it appears above the form."),
    )
    recipients = StreamField(
        RecipientsBlock(),
        verbose_name=_("recipients"),
        help_text=_("Who the petition is addressed to (To), and who receives a copy (CC)."),
    )
    letter = RichTextField(
        _("letter"),
        features=["bold", "italic", "link", "ol", "ul"],
        help_text=_(
            "The text people sign. If you edit it later, earlier signatures keep the version they "
            "signed."
        ),
    )
    body = StreamField(
        BodyBlock(required=False),
        verbose_name=_("more content"),
        blank=True,
        help_text=_("Timeline, background links, images and more, shown below the letter."),
    )
    sponsors = StreamField(
        SponsorsBlock(required=False),
        verbose_name=_("sponsors"),
        blank=True,
        help_text=_("The organisations behind the petition."),
    )

    # Signing
    questions = StreamField(
        QuestionsBlock(required=False),
        verbose_name=_("questions"),
        blank=True,
        help_text=_("Ask only what you need: each question reduces signatures."),
    )
    organisation = models.CharField(
        _("responsible organisation"),
        max_length=200,
        blank=True,
        help_text=_("The data controller. Leave blank to use the site name."),
    )
    consent_text = RichTextField(
        _("consent text"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_(
            "The statement signers agree to. Leave blank to use a standard text (purpose, "
            "recipient, controller, retention)."
        ),
    )
    paper_consent_text = RichTextField(
        _("consent text on paper"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_(
            "The statement on the printable sheet. People who sign on paper get no email. Leave "
            "blank to use a standard text."
        ),
    )

    # After signing
    thanks_text = RichTextField(
        _("thank-you message"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("Shown after confirming. Leave blank to use a standard text."),
    )
    share_text = models.CharField(
        _("share text"),
        max_length=240,
        blank=True,
        help_text=_("Used in share buttons; the link is added automatically."),
    )
    share_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("social image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown in link previews. Recommended size: 1200 × 630 px."),
    )
    receipt_text = models.TextField(
        _("text in the confirmation receipt"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Added to the email that signers get after confirming, as plain text. Leave an empty "
            "line between paragraphs. A line that ends in a colon, with a link on the next line, "
            "becomes a link."
        ),
    )
    sender_name = models.CharField(
        _("email sender name"),
        max_length=100,
        blank=True,
        help_text=_("Leave blank to use the responsible organisation."),
    )
    reply_to = models.EmailField(
        _("reply-to address"),
        blank=True,
        help_text=_("Replies to this petition’s emails go here."),
    )

    # Fields that all languages share can't be translated.
    override_translatable_fields = [
        TranslatableField("introduction"),
        TranslatableField("recipients"),
        TranslatableField("letter"),
        TranslatableField("body"),
        TranslatableField("sponsors"),
        TranslatableField("questions"),
        TranslatableField("organisation"),
        TranslatableField("consent_text"),
        TranslatableField("paper_consent_text"),
        TranslatableField("thanks_text"),
        TranslatableField("share_text"),
        TranslatableField("receipt_text"),
        TranslatableField("sender_name"),
        SynchronizedField("share_image"),
        SynchronizedField("reply_to"),
        *[SynchronizedField(name, overridable=False) for name in TERMS],
    ]

    class Meta:
        abstract = True

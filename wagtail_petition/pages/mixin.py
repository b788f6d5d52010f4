"""The published text of a petition in one language."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import swapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList, Panel, TabbedInterface
from wagtail.blocks import StructValue
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Site
from wagtail.utils.decorators import cached_classmethod
from wagtail_localize.fields import SynchronizedField, TranslatableField

from wagtail_petition import addresses
from wagtail_petition.blocks import BodyBlock, QuestionsBlock, RecipientsBlock, SponsorsBlock
from wagtail_petition.conf import settings
from wagtail_petition.forms.sign import SignForm
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.progress import Progress
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.models.terms import TERMS, State, Terms
from wagtail_petition.pages import api, panels
from wagtail_petition.pages.form import PetitionPageForm
from wagtail_petition.pages.previews import PetitionPreviews
from wagtail_petition.pages.texts import (
    default_consent,
    default_share_text,
    default_thanks,
    has_words,
    text_to_sign,
    unnamed_organisation,
)


class PetitionPageMixin(PetitionPreviews, Terms):
    """Everything a petition page has, for a page type of your own.

    ``class CampaignPage(PetitionPageMixin, BasePage)`` is a complete petition page. The mixin
    has no child tables: everything repeatable is a StreamField. It overrides no ``serve``.
    """

    if TYPE_CHECKING:
        # Of the page type that it is mixed into.
        title: str
        live: bool
        alias_of: Any
        alias_of_id: int | None
        locale: Any
        locale_id: int | None
        translation_key: UUID
        latest_revision_id: int | None
        revisions: Any
        content_panels: list[Panel]
        promote_panels: list[Panel]
        settings_panels: list[Panel]

        def serializable_data(self) -> dict[str, Any]: ...

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

    base_form_class = PetitionPageForm

    # A base page with api_fields of its own: list both in your page type.
    api_fields = api.FIELDS

    petition_panels = panels.CONTENT
    signing_panels = panels.SIGNING
    after_signing_panels = panels.AFTER_SIGNING
    signatures_panels = panels.SIGNATURES

    # What all languages share can't be changed in one of them.
    override_translatable_fields = [
        TranslatableField("introduction"),
        TranslatableField("recipients"),
        TranslatableField("letter"),
        TranslatableField("body"),
        TranslatableField("sponsors"),
        TranslatableField("questions"),
        TranslatableField("organisation"),
        TranslatableField("consent_text"),
        TranslatableField("thanks_text"),
        TranslatableField("share_text"),
        TranslatableField("sender_name"),
        SynchronizedField("share_image"),
        SynchronizedField("reply_to"),
        *[SynchronizedField(name, overridable=False) for name in TERMS],
    ]

    class Meta:
        abstract = True

    @cached_classmethod
    def get_edit_handler(cls) -> Panel:
        """The editor's tabs. You can override this method, or any of the panel lists it uses."""
        if hasattr(cls, "edit_handler"):
            return cls.edit_handler.bind_to_model(cls)
        tabs = [
            ([*cls.content_panels, *cls.petition_panels], _("Content")),
            (cls.signing_panels, _("Signing")),
            (cls.after_signing_panels, _("After signing")),
            (cls.signatures_panels, _("Signatures")),
            (cls.promote_panels, _("Promote")),
            (cls.settings_panels, _("Settings")),
        ]
        return TabbedInterface(
            [ObjectList(shown, heading=heading) for shown, heading in tabs if shown],
            base_form_class=cls.base_form_class,
        ).bind_to_model(cls)

    # The petition behind the page

    @property
    def petition_key(self) -> UUID:
        """What all languages of a petition share; an alias has that of its original."""
        page = self
        while page.alias_of_id:
            page = page.alias_of
        return page.translation_key

    @cached_property
    def petition(self) -> Petition:
        """The petition this page shows. Not saved yet if the page was never published."""
        key = self.petition_key
        found = Petition.objects.filter(key=key).first()
        return found or Petition(key=key, title=self.title)

    @property
    def is_source(self) -> bool:
        """Whether what holds in every language is set on this page: no alias, no translation."""
        petition = self.petition
        if petition.pk is None or not petition.source_language:
            return True
        return not self.alias_of_id and petition.source_language == self.language

    @cached_property
    def terms(self) -> Terms:
        """What holds in every language: dates, goal, what is asked, as ``Terms``.

        That of the petition; on its source page what the page itself has, so that drafts and
        previews show what is edited. The fields of any other page may be out of date.
        """
        return self if self.is_source else self.petition

    def clean(self) -> None:
        """A petition that closes before it opens could never be signed."""
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("Choose a closing date after the opening date.")})

    @property
    def state(self) -> State:
        """Whether one can sign now: a ``State``. You can override this method."""
        return self.terms.state_at()

    def can_confirm(self, now: datetime | None = None) -> bool:
        """Whether what was signed in time still counts: ``CONFIRM_GRACE`` longer than signing."""
        return self.terms.can_confirm_at(now)

    @property
    def retention(self) -> timedelta:
        """How long signers' data is kept once the petition has ended."""
        return self.terms.kept_for

    @property
    def erased_at(self) -> datetime | None:
        """When signers' data is erased, or None while the petition has no closing date."""
        return self.terms.kept_until

    @property
    def progress(self) -> Progress:
        """The count, the goal and how far it is: a ``Progress``."""
        return Progress(self.petition.total_count, self.terms.goal)

    @cached_property
    def live_translations(self) -> list:
        """The live pages of this petition, one for each language, this one included; the source
        is the first. They are plain pages, for title, address and locale. Aliases are left out,
        and what not all readers of this page may see.
        """
        from .visibility import open_to_readers_of

        if self.pk is None:
            return []
        pages = (
            swapper.load_model("wagtailcore", "Page")
            .objects.live()
            .filter(translation_key=self.petition_key, alias_of=None)
            .select_related("locale")
            .only(
                *("title", "slug", "url_path", "translation_key", "locale"),
                *("path", "depth", "alias_of"),
            )
            .order_by("pk")
        )
        return open_to_readers_of(self, list(pages))

    def is_open_to_readers_of(self, other: Any) -> bool:
        """Whether everybody who may see the page ``other`` may see this one."""
        from .visibility import open_to_readers_of

        return open_to_readers_of(other, [self]) == [self]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Adds the petition's languages: Wagtail's sitemap lists the site's main language alone."""
        urls = super().get_sitemap_urls(request)
        for url in urls:
            url["alternates"] = [
                {"location": address, "lang_code": page.locale.language_code}
                for page in self.live_translations
                if (address := addresses.page_url(page, request))
            ]
        return urls

    @cached_property
    def recent_signers(self) -> list[Signature]:
        """The newest signatures whose persons show their name: ten ``Signature``, newest first."""
        return list(self.petition.signatures.public()[:10]) if self.petition.pk else []

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """What was handed over and is told in public, in order: ``Delivery`` each."""
        if self.petition.pk is None:
            return []
        told = self.petition.deliveries.filter(state=Delivery.State.DELIVERED, is_public=True)
        return list(told.order_by("delivered_on", "pk").only("recipient", "count", "delivered_on"))

    # What it says

    def recipients_as(self, role: str) -> list[StructValue]:
        """The recipients' values with ``role`` "to" or "cc", in order."""
        return [b.value for b in self.recipients if b.value.get("role") == role]

    @property
    def to(self) -> list[StructValue]:
        """Who is asked to act."""
        return self.recipients_as("to")

    @property
    def cc(self) -> list[StructValue]:
        """Who gets a copy."""
        return self.recipients_as("cc")

    def get_site(self) -> Site | None:
        """The site that this page is on. Asked for once per object, since a mail needs it often."""
        return self._site

    @cached_property
    def _site(self) -> Site | None:
        return super().get_site()

    def get_organisation(self) -> str:
        """Who is responsible for the data. You can override this method.

        The page's own, that of the petition's source page, or the site's name; else words that
        stand for a name. Never an address: nobody can be held to that.
        """
        if self.organisation:
            return self.organisation
        if not self.is_source and self.petition.organisation:
            return self.petition.organisation
        site = self.get_site()
        return (site.site_name if site else "") or unnamed_organisation(self)

    def get_consent_text(self) -> str:
        """The consent text as HTML in this page's language. You can override this method."""
        return self.consent_text if has_words(self.consent_text) else default_consent(self)

    def get_thanks_text(self) -> str:
        """What one reads after confirming, as HTML. You can override this method."""
        return self.thanks_text if has_words(self.thanks_text) else default_thanks(self)

    def get_share_text(self) -> str:
        """The text to share, without the address. You can override this method."""
        return self.share_text or default_share_text(self)

    def get_text_to_sign(self) -> SignedText:
        """What a signer of this page agrees to: unsaved ``SignedText``, with its hash."""
        return text_to_sign(self)

    # Where it is

    @property
    def language(self) -> str:
        """The code of the page's language; of a page that has none yet, the active one."""
        return self.locale.language_code if self.locale_id else get_language()

    @property
    def sign_url(self) -> str:
        """Where the form posts to."""
        return reverse("wagtail_petition:sign", args=[self.pk]) if self.pk else ""

    def get_sign_form(self, data: Mapping[str, Any] | None = None) -> SignForm:
        """The form to sign with. You can override this method to add fields or checks."""
        return SignForm(self, data)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[str]:
        """The page type's own template, as Wagtail names it, or ours where the site has none."""
        own = super().get_template(request, *args, **kwargs)
        return [own, "wagtail_petition/petition_page.html"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``form`` to what the site's pages have; the sign view passes a bound one."""
        context = super().get_context(request, *args, **kwargs)
        context["form"] = kwargs.get("form") or self.get_sign_form()
        # Part of the address, so a cache keeps a page for each. Of no use in a bound form.
        context["form"].initial["source"] = request.GET.get("source", "")
        context["base_template"] = settings.BASE_TEMPLATE
        return context

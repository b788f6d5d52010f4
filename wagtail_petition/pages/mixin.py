"""The published text of a petition in one language."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.utils.decorators import cached_classmethod

from wagtail_petition.conf import settings
from wagtail_petition.forms.sign import SignForm
from wagtail_petition.home.answers import get_asked_parts, get_home_scheme
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.outcome import DeliveryOutcome
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.progress import Progress
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.terms import State, Terms
from wagtail_petition.pages import api, panels
from wagtail_petition.pages.content import PetitionContent
from wagtail_petition.pages.fields import PetitionPageFields
from wagtail_petition.pages.form import PetitionPageForm
from wagtail_petition.pages.languages import PageLanguages
from wagtail_petition.pages.organisers import check_organisers
from wagtail_petition.pages.previews import PetitionPreviews
from wagtail_petition.pages.update_lookup import find_updates


class PetitionPageMixin(PetitionContent, PetitionPreviews, PageLanguages, PetitionPageFields):
    """All features of a petition page, for your own page type.

    ``class CampaignPage(PetitionPageMixin, BasePage)`` is a complete petition page. The mixin has
    no child tables: repeated content is in StreamFields. It doesn't override ``serve``.
    """

    if TYPE_CHECKING:
        # Attributes of the page type.
        title: str
        live: bool
        latest_revision_id: int | None
        last_published_at: datetime | None
        revisions: Any
        content_panels: list[Panel]
        promote_panels: list[Panel]
        settings_panels: list[Panel]

        def serializable_data(self) -> dict[str, Any]: ...

    base_form_class = PetitionPageForm

    # If your base page has api_fields too, list both in your page type.
    api_fields = api.FIELDS

    petition_panels = panels.CONTENT
    signing_panels = panels.SIGNING
    after_signing_panels = panels.AFTER_SIGNING
    signatures_panels = panels.SIGNATURES

    class Meta:
        abstract = True

    @cached_classmethod
    def get_edit_handler(cls) -> Panel:
        """The editor's tabs. You can override this method, or the lists of panels that it uses."""
        return panels.bind_tabs(
            cls,
            ([*cls.content_panels, *cls.petition_panels], _("Content")),
            (cls.signing_panels, _("Signing")),
            (cls.after_signing_panels, _("After signing")),
            (cls.signatures_panels, _("Signatures")),
            (cls.promote_panels, _("Promote")),
            (cls.settings_panels, _("Settings")),
        )

    # The petition behind the page

    @property
    def petition_key(self) -> UUID:
        """The petition's key, shared by all languages. An alias has its original's."""
        return self.original_key

    @cached_property
    def petition(self) -> Petition:
        """The page's petition. Unsaved if no page of it was ever published."""
        key = self.petition_key
        try:
            return Petition.objects.get(key=key)
        except Petition.DoesNotExist:
            return Petition(key=key, title=self.title)

    @property
    def is_source(self) -> bool:
        """Whether this is the source page, which sets the terms: no alias, no translation."""
        petition = self.petition
        if petition.pk is None or not petition.source_language:
            return True
        return not self.alias_of_id and petition.source_language == self.language

    @cached_property
    def terms(self) -> Terms:
        """The terms that apply: dates, goal, fields of the form.

        On the source page, the page itself, so that drafts and previews show what is edited. On
        other pages, the petition, since their own fields may be out of date.
        """
        return self if self.is_source else self.petition

    def clean(self) -> None:
        """Check that the petition closes after it opens, where people vote, and organisers' addresses."""
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("Choose a closing date after the opening date.")})
        if self.home_country and get_home_scheme(self) is None:
            raise ValidationError({"home_country": _("This site can’t ask about this country.")})
        check_organisers(self)

    @property
    def state(self) -> State:
        """The current state. You can override this property."""
        return self.terms.state_at()

    def can_confirm(self, now: datetime | None = None) -> bool:
        """Whether signatures can be confirmed: until ``CONFIRM_GRACE`` after the closing date."""
        return self.terms.can_confirm_at(now)

    @property
    def shows_home(self) -> bool:
        """Whether the letter's "From" says where the signer votes."""
        return self.terms.show_home and bool(get_asked_parts(self.terms))

    @property
    def retention(self) -> timedelta:
        """How long personal data is kept after the petition ends."""
        return self.terms.kept_for

    @property
    def erased_at(self) -> datetime | None:
        """When personal data is erased; None without a closing date."""
        return self.terms.kept_until

    @property
    def progress(self) -> Progress:
        """The public total and the goal."""
        petition = self.petition
        total = self.terms.public_total(petition.signature_count, petition.offline_count)
        return Progress(total, self.terms.goal)

    @cached_property
    def updates(self) -> list:
        """The updates that all readers of this page may see, newest first."""
        return find_updates(self)

    @cached_property
    def recent_signers(self) -> list[Signature]:
        """The ten newest signatures with a public name, newest first."""
        return list(self.petition.signatures.public()[:10]) if self.petition.pk else []

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """The public deliveries that were handed over, oldest first."""
        if self.petition.pk is None:
            return []
        told = self.petition.deliveries.filter(state=Delivery.State.DELIVERED, is_public=True)
        return list(told.order_by("delivered_on", "pk").only("recipient", "count", "delivered_on"))

    @cached_property
    def outcomes(self) -> list[DeliveryOutcome]:
        """The public outcomes of deliveries, oldest first."""
        if self.petition.pk is None:
            return []
        found = DeliveryOutcome.objects.filter(delivery__petition=self.petition, is_public=True)
        outcomes = list(found.select_related("delivery").defer("delivery__members"))
        for outcome in outcomes:
            outcome.delivery.petition = self.petition
        return outcomes

    @property
    def latest_outcomes(self) -> list[DeliveryOutcome]:
        """The newest of ``outcomes`` for each delivery, in the order of the deliveries."""
        latest = {outcome.delivery_id: outcome for outcome in self.outcomes}
        return [latest[pk] for pk in sorted(latest)]

    # URLs and templates

    @property
    def sign_url(self) -> str:
        """The URL that the form posts to."""
        return reverse("wagtail_petition:sign", args=[self.pk]) if self.pk else ""

    def _empty_form(self, request: HttpRequest) -> SignForm:
        form = self.get_sign_form()
        # Part of the URL, so caches keep a page for each source. A bound form ignores it.
        form.initial["source"] = request.GET.get("source", "")
        return form

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[str]:
        """The page type's own template, as Wagtail names it, or else ours."""
        own = super().get_template(request, *args, **kwargs)
        return [own, "wagtail_petition/petition_page.html"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``form`` and ``base_template``. The sign view passes a bound form.

        ``bound_form`` is that form, or None.
        """
        context = super().get_context(request, *args, **kwargs)
        context["bound_form"] = bound_form = kwargs.get("form")
        # Built when the template reads it, so not while the page's HTML is cached.
        context["form"] = bound_form or SimpleLazyObject(lambda: self._empty_form(request))
        context["base_template"] = settings.BASE_TEMPLATE
        return context

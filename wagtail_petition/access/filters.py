"""The filters of signatures, for the list, exports and bulk actions."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.coreutils import get_content_languages

from wagtail_petition.access.dates import DateRangeFilter, SinceFilter, UTCDateRangeFilter
from wagtail_petition.access.permissions import editable_petitions, limit
from wagtail_petition.access.petitions import User
from wagtail_petition.access.search import matches
from wagtail_petition.countries import countries
from wagtail_petition.home.registry import get_region_name, get_scheme
from wagtail_petition.home.residence import find_codes
from wagtail_petition.home.ties import HomeTie
from wagtail_petition.models import HomeTally, ImportBatch, OutgoingEmail, Petition, Signature


def country_choices() -> list[tuple[str, str]]:
    """The countries in the active language."""
    return list(countries)


def language_choices() -> list[tuple[str, str]]:
    """The site's languages."""
    return list(get_content_languages().items())


def email_failed() -> Q:
    """Matches signatures with a failed email."""
    failed = OutgoingEmail.objects.filter(
        state=OutgoingEmail.State.FAILED, signature__isnull=False
    ).order_by()
    return Q(pk__in=failed.values("signature"))


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes or no. Any other value is an error; Wagtail's radio buttons would show all rows."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "choices": [("true", _("Yes")), ("false", _("No"))],
            "widget": forms.RadioSelect,
            "empty_label": _("All"),
        }
        super().__init__(**options, **kwargs)

    def filter(self, queryset: QuerySet[Signature], value: str) -> QuerySet[Signature]:
        return super().filter(queryset, value and value == "true")


class SignatureFilterSet(WagtailFilterSet):
    """The filters of the list of signatures."""

    petition = django_filters.ModelChoiceFilter(
        label=_("Petition"),
        queryset=Petition.objects.none(),
        widget=forms.Select,
        empty_label=_("All"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=Signature.Status.choices,
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=country_choices, widget=forms.Select, empty_label=_("All")
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        choices=language_choices,
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    region = django_filters.CharFilter(
        label=_("State or region"),
        help_text=_("Its name, or what the signer typed"),
        method="filter_region",
    )
    home_region = django_filters.ChoiceFilter(
        label=_("State or region where they vote"), widget=forms.Select, empty_label=_("All")
    )
    home_district = django_filters.CharFilter(
        label=_("District where they vote"), help_text=_("E.g. NY-12"), method="filter_district"
    )
    home_tie = django_filters.ChoiceFilter(
        label=_("Tie to that country"),
        choices=HomeTie.choices,
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    source = django_filters.CharFilter(
        label=_("Source"),
        help_text=_("The value of “source” in the link people followed, e.g. ?source=newsletter"),
    )
    origin = django_filters.ChoiceFilter(
        label=_("Origin"),
        choices=Signature._meta.get_field("origin").choices,
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    signed = DateRangeFilter(field_name="signed_at", label=_("Signed"))
    confirmed = DateRangeFilter(field_name="confirmed_at", label=_("Confirmed"))
    # The dashboard counts by UTC days.
    counted = UTCDateRangeFilter(field_name="confirmed_at", label=_("Confirmed (UTC)"))
    # Its last 24 hours don't begin at midnight.
    since = SinceFilter(field_name="confirmed_at", label=_("Confirmed since"))
    # The network's hash, and a pattern of numbered addresses.
    network = django_filters.CharFilter(label=_("Network"))
    address = django_filters.CharFilter(label=_("Email pattern"), method="filter_address")
    batch = django_filters.ModelChoiceFilter(
        label=_("Import"), queryset=ImportBatch.objects.none(), widget=forms.Select
    )
    # Members of deliveries only: a delivery with filters doesn't hold its whole range.
    delivered = YesNoFilter(label=_("Delivered"))
    show_name = YesNoFilter(label=_("Public name"))
    message = YesNoFilter(label=_("Has message"), method="filter_message")
    message_state = django_filters.ChoiceFilter(
        label=_("Message status"),
        choices=Signature.MessageState.choices,
        widget=forms.RadioSelect,
        empty_label=_("All"),
        method="filter_message_state",
    )
    email_state = django_filters.ChoiceFilter(
        label=_("Email status"),
        choices=Signature.EmailState.choices,
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    email_failed = YesNoFilter(label=_("Email failed"), method="filter_email_failed")

    class Meta:
        model = Signature
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Signature],
        *,
        user: User,
    ) -> None:
        super().__init__(data, queryset)
        self.filters["petition"].queryset = editable_petitions(user).order_by("title")
        # Shown only if they are used: links from the dashboard, suspicious signatures and imports
        # set them.
        for name in ("counted", "since", "network", "address", "batch"):
            if not any(asked.partition("_")[0] == name for asked in self.data):
                del self.filters[name]
        if "batch" in self.filters:
            self.filters["batch"].queryset = limit(ImportBatch.objects.all(), user)
        self._offer_homes()

    def _offer_homes(self) -> None:
        """Offer the regions of the countries that petitions ask about, or no such filters."""
        petitions = self.filters["petition"].queryset.exclude(home_country="").order_by()
        countries = petitions.values_list("home_country", flat=True).distinct()
        schemes = [scheme for country in countries if (scheme := get_scheme(str(country)))]
        self.home_countries = [scheme.country for scheme in schemes]
        regions = {code: name for scheme in schemes for code, name in scheme.get_names().items()}
        # Signatures may have a region that no petition asks for, or that its scheme has lost.
        asked = self.data.get("home_region", "")
        # PostgreSQL can't look for a text with unprintable characters.
        is_unknown = asked and asked.isprintable() and asked not in regions
        if is_unknown and self._has_voters(asked):
            regions.setdefault(asked, get_region_name(asked))
        if regions:
            self.filters["home_region"].extra["choices"] = list(regions.items())
        elif not asked:
            del self.filters["home_region"]
        if not schemes:
            for name in ("home_district", "home_tie"):
                if name not in self.data:
                    del self.filters[name]

    def _has_voters(self, region: str) -> bool:
        petitions = self.filters["petition"].queryset.order_by().values("pk")
        return HomeTally.objects.filter(petition__in=petitions, home_region=region).exists()

    def filter_district(
        self, queryset: QuerySet[Signature], name: str, value: str
    ) -> QuerySet[Signature]:
        """A district as it is written ("NY-12", "12") or typed."""
        region, hyphen, number = value.strip().upper().partition("-")
        if hyphen and number.isascii() and number.isdigit():
            regions = [f"{country}-{region}" for country in self.home_countries]
            return queryset.filter(home_region__in=regions, home_district=number.zfill(2))
        if value.isascii() and value.isdigit():
            return queryset.filter(home_district=value.zfill(2))
        return queryset.filter(home_district=value)

    def filter_region(
        self, queryset: QuerySet[Signature], name: str, value: str
    ) -> QuerySet[Signature]:
        return queryset.filter(region__in=[value, *sorted(find_codes(value))])

    def filter_message(
        self, queryset: QuerySet[Signature], name: str, value: str
    ) -> QuerySet[Signature]:
        return queryset.exclude(message="") if value == "true" else queryset.filter(message="")

    def filter_address(
        self, queryset: QuerySet[Signature], name: str, value: str
    ) -> QuerySet[Signature]:
        local, _at, domain = value.rpartition("@")
        # The part before the asterisk and the domain, so that an index can be used.
        found = queryset.filter(email_key__startswith=local.partition("*")[0])
        if "*" not in domain:
            found = found.filter(email_domain=domain)
        return found.filter(matches("email_key", value))

    def filter_message_state(
        self, queryset: QuerySet[Signature], name: str, value: str
    ) -> QuerySet[Signature]:
        # Only confirmed signatures with a message are reviewed.
        decided = queryset.filter(status=Signature.Status.CONFIRMED, message_state=value)
        return decided.exclude(message="")

    def filter_email_failed(
        self, queryset: QuerySet[Signature], name: str, value: str
    ) -> QuerySet[Signature]:
        return queryset.filter(email_failed() if value == "true" else ~email_failed())

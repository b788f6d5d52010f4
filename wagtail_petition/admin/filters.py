"""Which signatures: filters and search, for the list, the export and bulk actions alike."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.coreutils import get_content_languages

from wagtail_petition.countries import countries
from wagtail_petition.models import Petition, Signature
from wagtail_petition.models.search import fold
from wagtail_petition.signing.identity import email_key, normalise_email

from .dates import DateRangeFilter, UTCDateRangeFilter
from .permissions import editable_petitions, limit

# Beyond this no database has a number.
MAX_NUMBER = 2**31 - 1
NOBODY = Q(pk__in=[])
# A name of more words than these is searched for as it was typed.
MOST_WORDS = 5


def country_choices():
    """The countries in the active language."""
    return list(countries)


def language_choices():
    """The site's languages."""
    return list(get_content_languages().items())


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes or no. What is neither is refused, where Wagtail's radio buttons take it for "all"."""

    def __init__(self, **kwargs):
        options = {
            "choices": [("true", _("Yes")), ("false", _("No"))],
            "widget": forms.RadioSelect,
            "empty_label": _("All"),
        }
        super().__init__(**options, **kwargs)

    def filter(self, queryset, value):
        return super().filter(queryset, value and value == "true")


class SignatureFilterSet(WagtailFilterSet):
    """What the list can be filtered by."""

    petition = django_filters.ModelChoiceFilter(
        label=_("Petition"),
        queryset=lambda request: editable_petitions(request.user).order_by("title"),
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
    source = django_filters.CharFilter(
        label=_("Source"),
        help_text=_("The word in the address that people came by, as in ?source=newsletter."),
    )
    signed = DateRangeFilter(field_name="signed_at", label=_("Signed"))
    confirmed = DateRangeFilter(field_name="confirmed_at", label=_("Confirmed"))
    # What the dashboard counts between two of its days, which are UTC's.
    counted = UTCDateRangeFilter(field_name="confirmed_at", label=_("Confirmed (UTC)"))
    # Exactly the members of what was handed over: not all of its range, if it had filters.
    delivered = YesNoFilter(label=_("Delivered"))
    show_name = YesNoFilter(label=_("Name shown in public"))
    message = YesNoFilter(label=_("With a message"), method="filter_message")

    class Meta:
        model = Signature
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The dashboard links to it. Offered to everybody, it would be a riddle.
        if not any(name.startswith("counted_") for name in self.data or ()):
            del self.filters["counted"]

    def filter_message(self, queryset, name, value):
        return queryset.exclude(message="") if value == "true" else queryset.filter(message="")


def search(queryset, text):
    """Signatures by number, postcode, address or how it begins, domain, or how a name begins.

    The words of a name in any order; of a name of several words either end will do.
    """
    text = " ".join(text.split())
    if text.startswith("@"):
        return queryset.filter(email_domain=_domain(text))
    if "@" in text:
        try:
            return queryset.filter(email_key=email_key(normalise_email(text)))
        except ValidationError:
            return queryset.filter(email_key__startswith=text.casefold())
    digits = text.removeprefix("#").replace(",", "").replace(".", "")
    if digits.isascii() and digits.isdigit():
        is_number = _has_number(digits)
        return queryset.filter(is_number if text[0] == "#" else is_number | _has_postcode(text))
    asked = _has_name(fold(text))
    if any(char.isdigit() for char in text):
        asked |= _has_postcode(text)
    if " " not in text and any(char in text for char in ".0123456789"):
        asked |= _has_address(text)
    return queryset.filter(asked) if asked else queryset.none()


def _has_number(digits):
    if len(digits) > len(str(MAX_NUMBER)) or int(digits) > MAX_NUMBER:
        return NOBODY
    # Named, so that the index by petition and number serves.
    return Q(number=int(digits), petition__in=list(_petition_pks()))


def _has_postcode(text):
    # The condition is that of the index.
    return ~Q(postcode="") & Q(postcode=text.upper())


def _has_address(text):
    """Of a word with a dot or a digit: how an address begins, or its domain."""
    local = text.casefold()
    # Some providers ignore dots, and then the canonical address has none.
    without_dots = local.replace(".", "")
    if not without_dots:
        return Q()
    beginnings = Q(email_key__startswith=local) | Q(email_key__startswith=without_dots)
    return beginnings | Q(email_domain=_domain(f"@{text}"))


def _has_name(key):
    if not key:
        return Q()
    asked = Q(name_key__startswith=key) | Q(family_key__startswith=key)
    words = key.split()
    for at in range(1, len(words) if len(words) <= MOST_WORDS else 0):
        one, other = " ".join(words[:at]), " ".join(words[at:])
        asked |= Q(name_key__startswith=one, family_key__startswith=other)
        asked |= Q(name_key__startswith=other, family_key__startswith=one)
    return asked


def _petition_pks():
    return Petition.objects.values_list("pk", flat=True)


def _domain(text):
    try:
        return email_key(normalise_email(f"a{text}")).rpartition("@")[2]
    except ValidationError:
        return text[1:].casefold()


class Selection:
    """The signatures that a request's filters and search ask for, in the user's scope.

    What can't be understood selects nothing: a mistyped filter must not turn "all that match"
    into all there are.
    """

    def __init__(self, request, params=None):
        self.request = request
        self.params = request.GET if params is None else params
        self.scope = limit(Signature.objects.all(), request.user)

    @cached_property
    def filters(self):
        """The filter set, bound to the request."""
        return SignatureFilterSet(self.params, queryset=self.scope, request=self.request)

    @cached_property
    def search_form(self):
        """The form with the search's words."""
        return SearchForm(self.params if "q" in self.params else None)

    @cached_property
    def is_valid(self):
        """Whether all of it can be understood."""
        return self.filters.is_valid() and (
            not self.search_form.is_bound or self.search_form.is_valid()
        )

    @cached_property
    def words(self):
        """What is searched for."""
        valid = self.search_form.is_bound and self.search_form.is_valid()
        return self.search_form.cleaned_data["q"].strip() if valid else ""

    @cached_property
    def asked(self):
        """The filters in use: {name: value}."""
        if not self.filters.is_valid():
            return {}
        cleaned = self.filters.form.cleaned_data
        return {name: value for name, value in cleaned.items() if value not in (None, "")}

    @property
    def is_all(self):
        """Whether nothing is asked but, perhaps, the petition."""
        return self.is_valid and not self.words and not self.asked.keys() - {"petition"}

    @cached_property
    def queryset(self):
        """The signatures, in no order."""
        if not self.is_valid:
            return self.scope.none()
        found = self.filters.filter_queryset(self.scope)
        return search(found, self.words) if self.words else found

    @property
    def petitions(self):
        """Those whose signatures may be among them. A queryset of ``Petition``."""
        if petition := self.asked.get("petition"):
            return Petition.objects.filter(pk=petition.pk)
        return editable_petitions(self.request.user)

    @property
    def query(self):
        """The filters and the search as a query string."""
        query = self.params.copy()
        for name in ("id", "next", "childOf", "p", "format", "_w_filter_fragment"):
            query.pop(name, None)
        return query.urlencode()

    def describe(self):
        """The selection for a log: filters as text, of a search no more than that there was one.

        What is searched for is a person.
        """
        described = {}
        for name, value in self.asked.items():
            if isinstance(value, slice):
                value = [day and day.date().isoformat() for day in (value.start, value.stop)]
            described[name] = value.pk if isinstance(value, Petition) else value
        if self.words:
            described["search"] = True
        return described

"""The columns of the list of signatures."""

from django import forms
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, StatusTagColumn

from wagtail_petition.admin.tables import FigureColumn, MomentColumn
from wagtail_petition.formats import language_name
from wagtail_petition.home.describe import get_home_names
from wagtail_petition.models import Signature

Status, MessageState = Signature.Status, Signature.MessageState

# The session key of the chosen columns.
SESSION_KEY = "petition_signature_columns"

# The columns to choose from. Number and name are always shown.
CHOICES = {
    "email": _("Email"),
    "country": _("Country"),
    "region": _("State or region"),
    "city": _("City"),
    "home_region": _("State or region where they vote"),
    "home_district": _("District where they vote"),
    "home_tie": _("Tie to that country"),
    "postcode": _("Postcode"),
    "status": _("Status"),
    "language": _("Language"),
    "source": _("Source"),
    "origin": pgettext_lazy("where a signature was given", "Origin"),
    "message_state": _("Message"),
    "signed_at": _("Signed"),
    "confirmed_at": _("Confirmed"),
}
DEFAULT = ("email", "country", "status", "language", "signed_at")


class ColumnsForm(forms.Form):
    """Chooses the columns of the list."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=list(CHOICES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def get_chosen(request):
    """The names of the columns that the user has chosen, or the default ones."""
    return request.session.get(SESSION_KEY, DEFAULT)


def number_column(**options):
    """The number, empty for an unconfirmed signature."""
    return FigureColumn(
        "number",
        label=_("Number"),
        accessor=lambda s: "" if s.number is None else localize(s.number),
        width="6%",
        **options,
    )


def name_column(column_class, **options):
    """The name, of a ``column_class`` made from ``PetitionsTitleColumn``."""
    return column_class(
        "name",
        label=_("Name"),
        accessor=lambda s: format_html("<bdi>{}</bdi>", str(s)),
        get_title_id=lambda s: f"signature_{s.pk}_title",
        width="22%",
        **options,
    )


def further_columns(names, *, date_sort_key):
    """The columns with these names, in the order of ``CHOICES``."""
    chosen = set(names)
    return [_make(name, date_sort_key) for name in CHOICES if name in chosen]


def _breakable(signature):
    """The email, which may break before the @ in a narrow column."""
    local, at, domain = signature.email.rpartition("@")
    return format_html("{}<wbr>{}{}", local, at, domain) if at else ""


def _make(name, date_sort_key):
    label = CHOICES[name]
    if name == "email":
        return Column(name, label=label, accessor=_breakable, classname="petition-address")
    if name == "status":
        return StatusTagColumn(
            name,
            label=label,
            accessor="get_status_display",
            primary=lambda s: s.status == Status.CONFIRMED,
        )
    if name in ("signed_at", "confirmed_at"):
        return MomentColumn(
            name,
            label=label,
            classname="petition-furthest",
            sort_key=date_sort_key if name == "signed_at" else None,
        )
    accessor = {
        "country": "country.name",
        "region": "region_name",
        "home_region": lambda s: get_home_names(s)["home_region"],
        "home_district": lambda s: get_home_names(s)["home_district"],
        "home_tie": "get_home_tie_display",
        "origin": "get_origin_display",
        "language": lambda s: language_name(s.language),
        "message_state": lambda s: s.get_message_state_display() if s.message else "",
    }.get(name, name)
    return Column(name, label=label, accessor=accessor, classname="petition-further")

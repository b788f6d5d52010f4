"""Describe the choices made for a delivery."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_petition.countries import countries
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import language_name, listed
from wagtail_petition.models import Delivery, Origin


def describe(delivery: Delivery) -> list[tuple[str, str]]:
    """(label, value) pairs of the choices made for ``delivery``. Empty values are left out."""
    fields = get_signature_resource(petitions=[delivery.petition]).fields
    labels = {name: str(field.column_name) for name, field in fields.items()}
    labels["answers"] = _("Answers to questions")
    filters = delivery.filters
    origins = dict(Origin.choices)
    pairs = [
        (_("Petition"), str(delivery.petition)),
        (_("Language"), language_name(delivery.language)),
        (_("Columns"), listed(labels.get(name, name) for name in delivery.columns)),
        (_("Sort by"), delivery.get_order_display()),
        (
            _("Signatures"),
            _("Only new signatures (not yet delivered to this recipient)")
            if delivery.only_new
            else _("All signatures"),
        ),
        (
            _("Countries"),
            listed(countries.name(code) or code for code in filters.get("countries", [])),
        ),
        (_("States or regions"), listed(filters.get("regions", []))),
        (_("Languages"), listed(map(language_name, filters.get("languages", [])))),
        (
            pgettext("where a signature was given", "Origin"),
            listed(origins.get(each, each) for each in filters.get("origins", [])),
        ),
        (_("Public names only"), _("Yes") if filters.get("public") else ""),
        (_("Created by"), str(delivery.created_by or "")),
    ]
    return [(label, value) for label, value in pairs if value]

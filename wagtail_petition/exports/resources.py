"""The columns of signatures, for exports and deliveries."""

from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_petition.conf import settings
from wagtail_petition.home.ties import HomeTie
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature

from .base import TableResource
from .columns import (
    Column,
    CountryCodeColumn,
    CountryNameColumn,
    LabelColumn,
    PublicNameColumn,
    RegionColumn,
    yes_or_no,
)

# The columns on where people vote. Without a choice, only petitions that ask have them.
HOME = ("home_country", "home_region", "home_district", "home_place", "home_tie")


class SignatureResource(TableResource):
    """The columns of a signature, in order.

    ``petitions`` are the petitions to export. Their questions become columns; several petitions
    add a column with the petition's title. ``language`` is the language of labels, countries and
    questions, by default the active one. ``columns`` are the names of columns in order, by
    default all. "answers" means the columns of all questions, "answer_<question id>" of one.

    A site adds or removes columns with a subclass in ``WAGTAIL_PETITION["SIGNATURE_RESOURCE"]``.
    Any field of import-export works; if all fields are a ``Column``, an export needs no model
    instances and is about ten times as fast.
    """

    petition = LabelColumn(
        _("Petition"),
        "petition_id",
        lambda: {petition.pk: str(petition) for petition in Petition.objects.all()},
    )
    number = Column(_("Number"), "number")
    status = LabelColumn(_("Status"), "status", lambda: dict(Signature.Status.choices))
    given_name = Column(_("First name"), "given_name")
    family_name = Column(_("Last name"), "family_name")
    public_name = PublicNameColumn(_("Public name"))
    email = Column(_("Email"), "email")
    country_code = CountryCodeColumn(_("Country code"), "country")
    country = CountryNameColumn(_("Country"), "country")
    postcode = Column(_("Postcode"), "postcode")
    city = Column(_("City"), "city")
    region = RegionColumn(_("State or region"), "region")
    home_country = CountryCodeColumn(_("Country where they vote"), "home_country")
    home_region = Column(_("State or region where they vote"), "home_region")
    home_district = Column(_("District where they vote"), "home_district")
    home_place = Column(_("Last place there"), "home_place")
    home_tie = LabelColumn(_("Tie to that country"), "home_tie", lambda: dict(HomeTie.choices))
    message = Column(_("Message"), "message")
    show_name = LabelColumn(_("Name shown in public"), "show_name", yes_or_no)
    wants_news = LabelColumn(_("Opted in to updates"), "wants_news", yes_or_no)
    language = Column(_("Language"), "language")
    source = Column(_("Source"), "source")
    # Not the word for the source, which some languages would take for both.
    origin = LabelColumn(
        pgettext_lazy("where a signature was given", "Origin"),
        "origin",
        lambda: dict(Origin.choices),
    )
    signed_at = Column(_("Signed"), "signed_at")
    confirmed_at = Column(_("Confirmed"), "confirmed_at")

    def get_default_columns(self) -> list[str]:
        names = list(self.fields)
        names.insert(names.index("message") + 1, "answers")
        if len(self.petitions) == 1:
            names.remove("petition")
        if self.petitions and not any(petition.home_country for petition in self.petitions):
            # Nobody was asked.
            names = [name for name in names if name not in HOME]
        return names


def get_all_columns() -> list[str]:
    """The names of all columns of the site's ``SIGNATURE_RESOURCE``, with those of answers."""
    return [*import_string(settings.SIGNATURE_RESOURCE).fields, "answers"]


def get_signature_resource(**kwargs: Any) -> SignatureResource:
    """An instance of the site's ``SIGNATURE_RESOURCE``, made with ``kwargs``."""
    return import_string(settings.SIGNATURE_RESOURCE)(**kwargs)

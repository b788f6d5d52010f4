"""The columns of tables for Action Network, NationBuilder, CiviCRM and Mailchimp.

The names are those of each tool's documentation. Tools recognise columns by them.
"""

from wagtail_petition.exports.columns import Column, CountryCodeColumn

from .base import ToolResource, tag
from .columns import (
    ChoiceColumn,
    ConstantColumn,
    DayColumn,
    DistrictColumn,
    LocaleColumn,
    NumberColumn,
    PetitionColumn,
    ShortRegionColumn,
    StateColumn,
)


def external_id(petition) -> str:
    """The start of our ids there. All begin with "wp-", unlike other ids."""
    return f"wp-{petition.pk}"


class ActionNetworkResource(ToolResource):
    """Action Network's upload of activists."""

    answers = ("answers",)

    email = Column("email", "email")
    first_name = Column("first_name", "given_name")
    last_name = Column("last_name", "family_name")
    address = ConstantColumn("address", "")
    city = Column("city", "city")
    state = ShortRegionColumn("state", "region")
    zip_code = Column("zip_code", "postcode")
    country = CountryCodeColumn("country", "country")
    language = Column("language", "language")
    us_state = StateColumn("us_state")
    us_district = DistrictColumn("us_district")
    signed_at = DayColumn("signed_at", "signed_at", "%Y-%m-%d")

    def get_default_columns(self) -> list[str]:
        names = super().get_default_columns()
        # Action Network's custom fields: one for each question.
        names.insert(names.index("signed_at"), "answers")
        return names


class NationBuilderResource(ToolResource):
    """NationBuilder's import of people."""

    email = Column("email", "email")
    email_opt_in = ChoiceColumn("email_opt_in", "wants_news", {True: "Y", False: "N"})
    first_name = Column("first_name", "given_name")
    last_name = Column("last_name", "family_name")
    address_city = Column("address_city", "city")
    address_zip = Column("address_zip", "postcode")
    address_country_code = CountryCodeColumn("address_country_code", "country")
    language = Column("language", "language")
    tag_list = PetitionColumn("tag_list", tag)
    external_id = NumberColumn("external_id", external_id)
    created_at = DayColumn("created_at", "signed_at", "%m/%d/%Y")


class CiviContactsResource(ToolResource):
    """CiviCRM's import of contacts."""

    external_identifier = NumberColumn("External Identifier", external_id)
    first_name = Column("First Name", "given_name")
    last_name = Column("Last Name", "family_name")
    email = Column("Email", "email")
    city = Column("City", "city")
    postal_code = Column("Postal Code", "postcode")
    country = CountryCodeColumn("Country", "country")
    preferred_language = LocaleColumn("Preferred Language", "language")
    contact_source = PetitionColumn("Source", tag)


class CiviActivitiesResource(ToolResource):
    """CiviCRM's import of activities, which belong to the contacts by their external id."""

    external_identifier = NumberColumn("External Identifier", external_id)
    activity_type = ConstantColumn("Activity Type", "Petition")
    subject = PetitionColumn("Subject", lambda petition: petition.title)
    activity_date = DayColumn("Activity Date", "signed_at", "%Y-%m-%d %H:%M:%S")
    activity_status = ConstantColumn("Activity Status", "Completed")


class MailchimpResource(ToolResource):
    """Mailchimp's import of subscribers."""

    email = Column("Email Address", "email")
    first_name = Column("First Name", "given_name")
    last_name = Column("Last Name", "family_name")
    tags = PetitionColumn("Tags", tag)

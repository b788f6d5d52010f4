"""The presets of known platforms: how to recognise their files, and what their columns mean."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.origin import Origin

from .synonyms import key

Mode = ImportBatch.Mode


@dataclass(frozen=True)
class Preset:
    """A type of file of a platform.

    ``columns`` is {key of a heading: meaning}, with "" for columns to leave out. ``fits`` is a
    function of the keys of all headings. A file matches if it fits and has at least
    ``presets.NEEDED`` of the columns. ``mode`` is the only possible mode, if any.
    """

    name: str
    label: Any
    origin: str
    columns: dict[str, str]
    fits: Callable[[set[str]], bool]
    mode: str = ""
    date_order: str = ""
    # The default country of the platform.
    filled_in_country: str = ""


def _columns(**columns: str) -> dict[str, str]:
    return {key(name.replace("_", " ")): meaning for name, meaning in columns.items()}


ACTION_NETWORK = Preset(
    "action_network",
    _("Action Network report"),
    Origin.ACTION_NETWORK,
    _columns(
        uuid="origin_ref",
        first_name="given_name",
        last_name="family_name",
        email="email",
        zip_code="postcode",
        country="country",
        can2_user_address="",
        can2_user_city="city",
        can2_state_abbreviated="region",
        can2_user_state="region",
        can2_county="",
        can2_phone="",
        can2_user_tags="",
        can2_subscription_status="wants_news",
        can2_subscription_date="signed_at",
        can2_sms_status="",
        can2_lifetime_value="",
    ),
    lambda keys: any(name.startswith("can2") for name in keys) or {"uuid", "zipcode"} <= keys,
    filled_in_country="US",
)
OSDI = Preset(
    "osdi",
    _("Action Network or OSDI (JSON)"),
    Origin.ACTION_NETWORK,
    _columns(
        person_id="origin_ref",
        identifiers="references",
        action_date="signed_at",
        given_name="given_name",
        family_name="family_name",
        additional_name="",
        email="email",
        email_status="wants_news",
        city="city",
        region="region",
        postal_code="postcode",
        country="country",
        address_lines="",
        language="language",
        phone="",
        comments="message",
        source="source",
        add_tags="",
    ),
    lambda keys: {"givenname", "actiondate"} <= keys or {"personid", "givenname"} <= keys,
    filled_in_country="US",
)
CHANGE_ORG = Preset(
    "change_org",
    _("Change.org"),
    Origin.CHANGE_ORG,
    _columns(
        name="full_name",
        email="email",
        city="city",
        state="region",
        postal_code="postcode",
        country="country",
        signed_on="signed_at",
        commented_date="",
        comment="message",
    ),
    lambda keys: (
        ({"name", "city", "state", "postalcode"} <= keys and "email" not in keys)
        or {"name", "city", "signedon"} <= keys
    ),
)
GOOGLE_COLUMNS = _columns(
    timestamp="signed_at",
    informazioni_cronologiche="signed_at",
    zeitstempel="signed_at",
    horodateur="signed_at",
    marca_temporal="signed_at",
    carimbo_de_datahora="signed_at",
    طابع_زمني="signed_at",
)
GOOGLE_FORMS = Preset(
    "google_forms",
    _("Google Forms"),
    Origin.FORM,
    GOOGLE_COLUMNS,
    lambda keys: not GOOGLE_COLUMNS.keys().isdisjoint(keys),
)
MICROSOFT_COLUMNS = _columns(
    id="",
    start_time="",
    completion_time="signed_at",
    last_modified_time="",
    ora_di_inizio="",
    ora_di_completamento="signed_at",
    startzeit="",
    fertigstellungszeit="signed_at",
    heure_de_début="",
    heure_de_fin="signed_at",
    hora_de_inicio="",
    hora_de_finalización="signed_at",
    hora_de_início="",
    hora_de_conclusão="signed_at",
)
MICROSOFT_FORMS = Preset(
    "microsoft_forms",
    _("Microsoft Forms"),
    Origin.FORM,
    MICROSOFT_COLUMNS,
    lambda keys: len(MICROSOFT_COLUMNS.keys() & keys - {"id"}) >= 2,
)
MAILCHIMP_COLUMNS = _columns(
    email_address="email",
    first_name="given_name",
    last_name="family_name",
    optin_time="signed_at",
    # Used if nobody opted in with a form; see ``presets.columns_for``.
    confirm_time="confirmed_at",
    **dict.fromkeys(
        "member_rating optin_ip confirm_ip latitude longitude gmtoff dstoff timezone cc region "
        "last_changed leid euid notes tags clean_time clean_campaign_title unsub_time "
        "unsub_campaign_title unsub_campaign_id unsub_reason unsub_reason_other".split(),
        "",
    ),
)


def _is_mailchimp(keys: set[str]) -> bool:
    return len({"memberrating", "leid", "euid", "optintime", "confirmtime"} & keys) >= 2


MAILCHIMP = Preset(
    "mailchimp", _("Mailchimp (subscribed)"), Origin.MAILCHIMP, MAILCHIMP_COLUMNS, _is_mailchimp
)
MAILCHIMP_UNSUBSCRIBED = Preset(
    "mailchimp_unsubscribed",
    _("Mailchimp (unsubscribed): these people want no emails"),
    Origin.MAILCHIMP,
    MAILCHIMP_COLUMNS,
    lambda keys: _is_mailchimp(keys) and any(name.startswith("unsub") for name in keys),
    mode=Mode.NO_EMAILS,
)
MAILCHIMP_CLEANED = Preset(
    "mailchimp_cleaned",
    _("Mailchimp (cleaned): these people get no emails"),
    Origin.MAILCHIMP,
    MAILCHIMP_COLUMNS,
    lambda keys: _is_mailchimp(keys) and any(name.startswith("clean") for name in keys),
    mode=Mode.NO_EMAILS,
)
NATIONBUILDER = Preset(
    "nationbuilder",
    _("NationBuilder"),
    Origin.NATIONBUILDER,
    _columns(
        nationbuilder_id="origin_ref",
        email="email",
        email_opt_in="wants_news",
        first_name="given_name",
        last_name="family_name",
        name="full_name",
        phone_number="",
        mobile_number="",
        language="language",
        created_at="signed_at",
        tag_list="",
        external_id="references",
        civicrm_id="",
        address_city="city",
        address_state="region",
        address_zip="postcode",
        address_country_code="country",
        primary_city="city",
        primary_state="region",
        primary_zip="postcode",
        primary_country_code="country",
    ),
    lambda keys: "nationbuilderid" in keys or {"emailoptin", "taglist"} <= keys,
    date_order="mdy",
)
# The headings of our template for paper sheets.
PAPER_HEADINGS = {
    "sheet": "sheet",
    "line": "line",
    "signed_on": "signed_at",
    "first_name": "given_name",
    "last_name": "family_name",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "home_tie": "home_tie",
    "home_region": "home_region",
    "home_district": "home_district",
    "home_place": "home_place",
    "email": "email",
    "show_name": "show_name",
    "wants_news": "wants_news",
}
PAPER = Preset(
    "paper",
    _("Our template for paper sheets"),
    Origin.PAPER,
    _columns(**PAPER_HEADINGS),
    lambda keys: {"sheet", "line"} <= keys,
)
# More specific ones first.
PLATFORMS = [
    *(MAILCHIMP_CLEANED, MAILCHIMP_UNSUBSCRIBED, MAILCHIMP, PAPER, NATIONBUILDER),
    *(ACTION_NETWORK, OSDI, CHANGE_ORG, MICROSOFT_FORMS, GOOGLE_FORMS),
]

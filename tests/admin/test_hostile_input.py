"""Hostile input in URLs of the admin never causes an error 500."""

import pytest
from django.urls import reverse

from wagtail_petition.access.filters import SignatureFilterSet

pytestmark = pytest.mark.django_db

DIGITS = "9" * 5000
NASTY = {
    "5,000 digits": DIGITS,
    "hash and digits": f"#{DIGITS}",
    "zeros": "0" * 5000,
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "before Christ": "-0001-01-01",
    "nul": "Anna\x00",
    "other digits": "١٢٣",
    "superscript": "²",
    "asterisks": "*" * 50,
    "percent": "%_\\",
    "quote": "'\";--",
    "at": "@" * 300,
}
PAGES = [
    "petition_signatures:index",
    "petition_signatures:index_results",
    "petition_signatures:counts",
    "petition_signatures:export",
    "petition_messages:index",
    "petition_deliveries:index",
    "petition_imports:index",
    "petition_invalidations:index",
    "petition_block_rules:index",
    "petitions:index",
]
OF_A_PETITION = ["petitions:dashboard", "petitions:suspicious", "petition_deliveries:add"]
PARTS = ["signed_from", "signed_to", "confirmed_from", "confirmed_to"]
NAMES = [
    *SignatureFilterSet.base_filters,
    *PARTS,
    "q",
    "p",
    "id",
    "ordering",
    "days",
    "format",
    "state",
]


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
def test_no_parameter_breaks_a_page(nasty, admin_client, make_signature, page):
    make_signature()
    everything = dict.fromkeys(NAMES, nasty)
    asked = [(reverse(name), everything) for name in PAGES]
    asked += [(reverse(name, args=[page.petition.pk]), everything) for name in OF_A_PETITION]
    # One at a time where there are most: a filter that is refused keeps others from being read.
    asked += [(reverse("petition_signatures:index_results"), {name: nasty}) for name in NAMES]
    answers = {
        (address, *query): admin_client.get(address, query).status_code for address, query in asked
    }
    assert {what: code for what, code in answers.items() if code not in (200, 302, 404)} == {}


def test_a_date_no_database_holds_is_refused_in_words(admin_client, make_signature):
    make_signature()
    response = admin_client.get(reverse("petition_signatures:index"), {"signed_from": "0001-01-01"})
    assert "Enter a date from the year 1900 on." in response.content.decode()

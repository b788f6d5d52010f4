"""The region where people live, in imported files: a code where the text is exactly one."""

import pytest

from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db

FILE = (
    b"First name,Last name,State,Country,Date\n"
    b"Ada,Doe,New York,US,2026-01-01\n"
    b"Bea,Roe,Brooklyn,US,2026-01-01\n"
    b"Cleo,Poe,Lombardei,IT,2026-01-01\n"
)


def regions():
    return dict(Signature.objects.values_list("given_name", "region"))


def test_exact_names_become_codes_and_others_stay(import_file):
    import_file(FILE)
    assert regions() == {"Ada": "US-NY", "Bea": "Brooklyn", "Cleo": "IT-25"}


def test_rows_imported_before_there_were_codes_are_known(import_file):
    import_file(FILE)
    # The reference of a row without one is made from what it says. It was this before.
    references = dict(Signature.objects.values_list("given_name", "origin_ref"))
    assert references["Ada"] == "row-6f66f339308d09afc376ce3789cc6404"
    Signature.objects.filter(given_name="Ada").update(region="New York")
    import_file(FILE)
    assert regions() == {"Ada": "New York", "Bea": "Brooklyn", "Cleo": "IT-25"}

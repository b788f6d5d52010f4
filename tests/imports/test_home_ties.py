"""Where people vote, in imported files."""

import pytest
from django.core.exceptions import ValidationError

from wagtail_petition.home.registry import get_scheme
from wagtail_petition.imports.home_ties import read_district, read_region
from wagtail_petition.models import HomeTally

US = get_scheme("US")
PARTS = ("home_country", "home_region", "home_district", "home_place", "home_tie")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("US-NY", "US-NY"), ("NY", "US-NY"), (" n.y. ", "US-NY"), ("new york", "US-NY")],
        *[("Nueva York", "US-NY"), ("نيويورك", "US-NY"), ("Kalifornien", "US-CA")],
        *[("Caroline du Nord", "US-NC"), ("Washington", "US-WA"), ("D.C.", "US-DC")],
        *[("Washington, DC", "US-DC"), ("Porto Rico", "US-PR"), ("", "")],
    ],
)
def test_codes_and_names_in_all_languages(text, code):
    assert read_region(US, text) == code


@pytest.mark.parametrize("text", ["New Yrok", "York", "IT-52", "New York, New Jersey", "XX"])
def test_nothing_is_guessed(text):
    with pytest.raises(ValidationError, match="is no state or region"):
        read_region(US, text)


def test_military_mail_is_explained():
    with pytest.raises(ValidationError, match="military and diplomatic mail"):
        read_region(US, "AE")


@pytest.mark.parametrize(
    ("region", "text", "found"),
    [
        *[("US-NY", "12", ("US-NY", "12")), ("US-NY", "7", ("US-NY", "07"))],
        *[("", "NY-12", ("US-NY", "12")), ("US-NY", "NY-12th", ("US-NY", "12"))],
        *[("US-AK", "at large", ("US-AK", "00")), ("US-AK", "1", ("US-AK", "00"))],
        *[("US-NY", "", ("US-NY", "")), ("", "", ("", ""))],
    ],
)
def test_districts(region, text, found):
    assert read_district(US, region, text) == found


@pytest.mark.parametrize(
    ("region", "text"), [("US-NY", "27"), ("US-NJ", "NY-12"), ("", "12"), ("US-NY", "Queens")]
)
def test_no_such_district(region, text):
    with pytest.raises(ValidationError, match="is no district"):
        read_district(US, region, text)


@pytest.mark.django_db
class TestFiles:
    def read(self, batch):
        return list(batch.signatures.order_by("number").values_list(*PARTS))

    def test_columns_with_common_headings(self, make_page, import_file):
        rows = (
            "first name,email,date,US state,US district\n"
            "Ada,ada@example.org,2026-10-04,N.Y.,12\n"
            "Bea,bea@example.org,2026-10-04,Alaska,\n"
            "Cleo,cleo@example.org,2026-10-04,,\n"
        )
        page = make_page(home_country="US")
        batch, _check = import_file(rows.encode(), of=page)
        assert self.read(batch) == [
            ("US", "US-NY", "12", "", ""),
            ("US", "US-AK", "00", "", ""),
            ("", "", "", "", ""),
        ]
        assert {t.home_region: t.count for t in HomeTally.objects.all()} == {
            "US-NY": 1,
            "US-AK": 1,
        }

    def test_a_column_that_a_person_maps(self, import_file):
        rows = "name,email,date,Wahlkreis,Bindung\nAda,ada@example.org,2026-10-04,Bayern,{}\n"
        columns = {"Wahlkreis": "home_region", "Bindung": "home_tie"}
        rows = rows.format("lived_there").replace("Bayern", "DE-BY")
        batch, _check = import_file(rows.encode(), columns=columns)
        assert self.read(batch) == [("DE", "DE-BY", "", "", "lived_there")]

    @pytest.mark.parametrize(
        ("state", "district", "message"),
        [
            ("New Yrok", "", "“New Yrok” is no state or region where people vote there."),
            ("AE", "", "AE is for military and diplomatic mail"),
            ("NY", "27", "“27” is no district of the state or region"),
        ],
    )
    def test_what_is_wrong_is_said(self, make_page, import_file, state, district, message):
        from wagtail_petition.imports import report

        rows = f"name,email,date,US state,US district\nAda,a@example.org,2026-10-04,{state},{district}\n"
        batch, check = import_file(rows.encode(), of=make_page(home_country="US"))
        assert check.counts["rejected"] == 1
        assert message in str(list(report.get_rows(batch, "rejected")))

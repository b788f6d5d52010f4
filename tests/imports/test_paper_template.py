"""The spreadsheet to fill in, read by the import as people send it back."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from django.utils import translation

from wagtail_petition import ledger
from wagtail_petition.countries import countries
from wagtail_petition.home.answers import PARTS
from wagtail_petition.home.registry import get_district_name, get_region_name
from wagtail_petition.home.ties import HomeTie
from wagtail_petition.imports import batches, home_ties, mapping, run
from wagtail_petition.imports.paper_template import write_template
from wagtail_petition.models import ImportBatch, Signature

pytestmark = pytest.mark.django_db


def filled_in(petition, *rows):
    """The bytes of the petition's template with rows, as a spreadsheet program saves it."""
    file = io.BytesIO()
    write_template(file, petition)
    book = openpyxl.load_workbook(file)
    for row in rows:
        book.worksheets[0].append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("language", ["en", "it", "ar", "nl"])
def test_it_is_imported_without_choosing_columns(make_page, language):
    page = make_page(ask_city="optional", ask_postcode="optional")
    petition = ledger.ensure_petition(page)
    with translation.override(language):
        # Files in Dutch aren't understood: its template is in English.
        with translation.override("en" if language == "nl" else language):
            name, yes = str(dict(countries)["IT"]), translation.gettext("Yes")
        content = filled_in(
            petition,
            ["RM-7", 1, datetime(2026, 10, 4), "Anna", "Moretti", "Roma", "00184", name, "", ""],
            ["RM-7", 2, "2026-10-04", "Bea", "Conti", "", "", "IT", "bea@example.org", yes],
        )
    batch = batches.create(petition, io.BytesIO(content), "paper.xlsx")
    inspection = batches.look_into(batch)
    proposed = mapping.propose(inspection, petition)
    assert proposed.preset_name == "paper"
    assert not proposed.suggested
    assert "" not in proposed.columns.values()
    batches.describe(batch, inspection, proposed)
    batch.signed_text = ledger.get_or_create_text(batches.default_text(petition, batch.origin))
    batch.consent = "The box on the sheet."
    batch.save()
    assert batches.problems(batch) == []
    run.import_now(batch)
    assert batch.state == ImportBatch.State.DONE
    anna, bea = Signature.objects.order_by("pk")
    assert (anna.postcode, anna.country, anna.city) == ("00184", "IT", "Roma")
    assert (anna.origin, anna.origin_ref) == ("paper", "RM-7 1")
    assert anna.signed_text.consent == page.get_paper_consent_text()
    assert (bea.email, bea.wants_news, anna.wants_news) == ("bea@example.org", True, False)


def test_it_asks_for_what_the_sheet_asks(make_page):
    def headings(**fields):
        petition = ledger.ensure_petition(make_page(**fields))
        file = io.BytesIO()
        write_template(file, petition)
        sheet = openpyxl.load_workbook(file).worksheets[0]
        return [cell.value for cell in sheet[1]], sheet

    few, _sheet = headings(ask_news=False)
    assert few == ["sheet", "line", "signed_on", "first_name", "last_name", "country", "email"]
    more, sheet = headings(ask_region="optional")
    assert more[-4:] == ["region", "country", "email", "wants_news"]
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert '"Yes,No"' in lists
    assert any(formula.startswith("Lists!") for formula in lists)


def refuses(petition, column):
    """Whether the template makes a spreadsheet refuse what isn't in the column's list.

    Read as written, since old versions of openpyxl take an attribute that is absent for true.
    """
    file = io.BytesIO()
    write_template(file, petition)
    with zipfile.ZipFile(file) as book:
        sheet = fromstring(book.read("xl/worksheets/sheet1.xml"))
    rules = [each for each in sheet.iter() if each.tag.endswith("}dataValidation")]
    [rule] = [each for each in rules if each.get("sqref").startswith(column)]
    return rule.get("showErrorMessage") == "1"


@pytest.mark.parametrize("language", ["en", "it", "ar"])
def test_where_people_vote_is_chosen_from_lists(make_page, language):
    page = make_page(
        home_country="US", ask_home_district="optional", ask_home_place="optional", ask_news=False
    )
    petition = ledger.ensure_petition(page)
    start = ["RM-7", 1, "2026-10-04", "Anna", "Moretti", "IT"]
    with translation.override(language):
        choices = home_ties.get_choices(petition)
        names = (
            str(HomeTie.LIVED_THERE.label),
            get_region_name("US-NY"),
            get_district_name("US", "US-NY", "12"),
        )
        assert all(name in choices[part] for name, part in zip(names, PARTS, strict=False))
        rows = [
            [*start, *names, "Buffalo 14201"],
            [start[0], 2, *start[2:], "D"],
            [start[0], 3, *start[2:], "", "NY", "12"],
            [start[0], 4, *start[2:], "", "", str(get_district_name("US", "US-AK", "00"))],
        ]
        content = filled_in(petition, *rows)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert headings[6:10] == list(PARTS)
    rules = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    lists = {column: rule.formula1 for column, rule in rules.items() if rule.type == "list"}
    assert lists["H"].endswith(f"${len(choices['home_region']) * 2}")
    # A number beside its state is no error.
    assert refuses(petition, "H")
    assert not refuses(petition, "I")
    batch = batches.create(petition, io.BytesIO(content), "paper.xlsx")
    inspection = batches.look_into(batch)
    proposed = mapping.propose(inspection, petition)
    assert "" not in proposed.columns.values()
    batches.describe(batch, inspection, proposed)
    batch.signed_text = ledger.get_or_create_text(batches.default_text(petition, batch.origin))
    batch.ticked = True
    batch.save()
    run.import_now(batch)
    found = Signature.objects.order_by("pk").values_list(*PARTS)
    assert list(found) == [
        ("lived_there", "US-NY", "12", "Buffalo 14201"),
        ("not_a_citizen", "", "", ""),
        ("", "US-NY", "12", ""),
        ("", "US-AK", "00", ""),
    ]

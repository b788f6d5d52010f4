"""The spreadsheet to fill in, read by the import as people send it back."""

import io
from datetime import datetime

import openpyxl
import pytest
from django.utils import translation

from wagtail_petition import ledger
from wagtail_petition.countries import countries
from wagtail_petition.imports import batches, mapping, run
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

"""Typing in paper sheets, line by line."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from wagtail_petition import ledger
from wagtail_petition.identity.sheet_numbers import get_mark, new_number
from wagtail_petition.imports import report, run, typing_in
from wagtail_petition.ledger import ImportResult
from wagtail_petition.models import (
    BlockRule,
    Delivery,
    ImportBatch,
    OutgoingEmail,
    PetitionLogEntry,
    PrintedText,
    Signature,
    SignedText,
    Tally,
)

pytestmark = pytest.mark.django_db

ANNA = {"given_name": "Anna", "family_name": "Moretti", "city": "Bologna"}
BEA = {"given_name": "Bea", "family_name": "Conti", "email": "bea@example.org"}


@pytest.fixture
def petition(page):
    return ledger.ensure_petition(page)


@pytest.fixture
def print_sheet(client):
    """Print a sheet of a page. Returns its number."""

    def print_(page):
        response = client.get(reverse("wagtail_petition:paper", args=[page.petition_key]))
        return response.context["numbers"][0]

    return print_


@pytest.fixture
def sheet(petition, page, print_sheet):
    return typing_in.open_sheet(
        petition, print_sheet(page), day=date(2026, 10, 4), place="Bologna", country="IT"
    )


def test_a_line_counts_at_once(sheet, petition, page):
    saved = typing_in.save_line(sheet, 1, ANNA)
    assert saved.result == ImportResult.NEW
    signature = Signature.objects.get()
    assert saved.signature == signature
    assert signature.number == 1
    assert str(signature) == "Anna Moretti"
    assert (signature.city, signature.country, signature.origin) == ("Bologna", "IT", "paper")
    assert signature.origin_ref == f"{sheet.sheet} 1"
    assert signature.batch == sheet
    assert signature.signed_at.date() == date(2026, 10, 4)
    assert signature.email_key is None
    assert signature.signed_text.consent == page.get_paper_consent_text()
    petition.refresh_from_db()
    assert petition.signature_count == 1
    assert Tally.objects.get().origin == "paper"
    sheet.refresh_from_db()
    assert (sheet.count, sheet.total) == (1, 1)
    assert not OutgoingEmail.objects.exists()


def test_news_only_with_an_address_and_the_box(sheet):
    wants = {"wants_news": "on"}
    typing_in.save_line(sheet, 1, ANNA | wants)
    typing_in.save_line(sheet, 2, BEA | wants)
    typing_in.save_line(sheet, 3, BEA | {"email": "bruno@example.org", "given_name": "Bruno"})
    wanted = dict(Signature.objects.values_list("given_name", "wants_news"))
    assert wanted == {"Anna": False, "Bea": True, "Bruno": False}
    assert not Signature.objects.filter(show_name=True).exists()


def test_an_address_that_has_signed(sheet, make_signature):
    make_signature(email="bea@example.org")
    line = typing_in.save_line(sheet, 1, BEA)
    assert line.result == ImportResult.ALREADY_HERE
    assert "has signed already" in line.message
    assert Signature.objects.count() == 1


def test_an_address_that_a_block_rule_refuses(sheet):
    BlockRule.objects.create(kind="domain", value="example.org", effect="block")
    line = typing_in.save_line(sheet, 1, BEA)
    assert (line.result, "block rule" in line.message) == ("blocked", True)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("where", ["online", "same sheet", "other sheet"])
def test_the_same_name_and_place_need_a_tick(sheet, petition, make_signature, where):
    other = typing_in.open_sheet(petition, "RM-7", day=date(2026, 10, 4))
    if where == "online":
        make_signature(city="bologna")
    else:
        typing_in.save_line(sheet if where == "same sheet" else other, 1, ANNA)
    line = typing_in.save_line(sheet, 2, ANNA)
    assert line.result == ImportResult.POSSIBLE
    assert Signature.objects.count() == 1
    assert typing_in.save_line(sheet, 2, ANNA, is_ticked=True).result == ImportResult.NEW
    assert Signature.objects.count() == 2


def test_who_withdrew_is_not_brought_back(sheet, make_signature):
    signature = make_signature(email="bea@example.org")
    ledger.erase([signature.pk], petition=signature.petition)
    assert typing_in.save_line(sheet, 1, BEA).result == ImportResult.LEFT_OUT


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"email": "anna@example.org"}, "There is no name."),
        (ANNA | {"email": "no address"}, "email"),
        (ANNA | {"country": "Atlantis"}, "no country that we know"),
        (ANNA | {"given_name": "=1+1"}, "Start “First name” with a letter"),
    ],
)
def test_what_can_not_be_read_is_said(sheet, values, message):
    line = typing_in.save_line(sheet, 1, values)
    assert line.result == ImportResult.REJECTED
    assert message in line.message
    assert not Signature.objects.exists()
    sheet.refresh_from_db()
    assert sheet.count == 0


def test_a_line_that_is_sent_twice_counts_once(sheet):
    first = typing_in.save_line(sheet, 1, ANNA)
    assert typing_in.save_line(sheet, 1, ANNA).signature == first.signature
    other = typing_in.save_line(sheet, 1, BEA)
    assert "Line 1 has been saved: Anna Moretti" in other.message
    assert Signature.objects.count() == 1


def test_two_typists_at_the_same_sheet(sheet):
    mine, theirs = (ImportBatch.objects.get(pk=sheet.pk) for _typist in range(2))
    assert typing_in.save_line(mine, 1, ANNA).result == ImportResult.NEW
    assert typing_in.save_line(theirs, 2, BEA).result == ImportResult.NEW
    assert typing_in.save_line(mine, 3, BEA | {"email": "c@example.org"}).result == ImportResult.NEW
    sheet.refresh_from_db()
    assert sheet.count == 3
    assert list(typing_in.typed_lines(sheet)) == [1, 2, 3]


class TestUndoing:
    def test_a_line_is_taken_out(self, sheet, petition):
        typing_in.save_line(sheet, 1, BEA)
        assert typing_in.undo_line(sheet, 1)
        assert not Signature.objects.exists()
        petition.refresh_from_db()
        assert petition.signature_count == 0
        # Mended, it is saved again, and not taken for somebody who withdrew.
        assert typing_in.save_line(sheet, 1, BEA).signature.number == 2
        sheet.refresh_from_db()
        assert sheet.count == 1

    def test_not_once_it_may_be_delivered(self, sheet, petition):
        typing_in.save_line(sheet, 1, ANNA)
        Delivery.objects.create(
            petition=petition, last_number=1, recipient="Parliament", language="en"
        )
        with pytest.raises(ledger.NotRevertible, match="Parliament"):
            typing_in.undo_line(sheet, 1)
        assert Signature.objects.count() == 1

    def test_the_whole_sheet(self, sheet, petition):
        typing_in.save_line(sheet, 1, ANNA)
        typing_in.save_line(sheet, 2, BEA)
        assert run.revert_now(sheet) == 2
        assert not Signature.objects.exists()
        line = typing_in.save_line(sheet, 3, ANNA)
        assert line.message == "This sheet was reverted."
        # The sheet can be typed in anew.
        again = typing_in.open_sheet(petition, sheet.sheet, day=date(2026, 10, 4))
        assert again != sheet
        assert typing_in.save_line(again, 1, ANNA).result == ImportResult.NEW


class TestOneSheet:
    def test_it_is_opened_once(self, sheet, petition):
        again = typing_in.open_sheet(petition, sheet.sheet, day=date(2026, 1, 1), place="Rome")
        assert again == sheet
        assert again.place == "Bologna"
        assert PetitionLogEntry.objects.filter(action="wagtail_petition.type_in").count() == 1

    def test_a_file_of_the_same_sheet(self, petition, import_file, sheet):
        csv = (
            f"sheet,line,first_name,last_name,city\n{sheet.sheet.lower()},1,Anna,Moretti,Bologna\n"
        )
        typing_in.save_line(sheet, 1, ANNA)
        _batch, check = import_file(csv.encode(), options={"default_date": "2026-10-04"})
        assert check.counts[ImportResult.ALREADY_IMPORTED] == 1
        assert typing_in.find_file(petition, sheet.sheet) is None
        batch, _check = import_file(
            csv.replace(sheet.sheet.lower(), "RM-7").encode(),
            options={"default_date": "2026-10-04"},
            ticked=True,
        )
        assert typing_in.find_file(petition, "RM-7") == batch

    def test_the_text_is_that_of_its_language(self, petition, translated):
        text = translated.get_paper_text_to_sign()
        sheet = typing_in.open_sheet(petition, "7", day=date(2026, 10, 4), text=text)
        assert sheet.signed_text.language == "it"
        line = typing_in.save_line(sheet, 1, ANNA)
        assert line.signature.language == "it"

    def test_without_a_page_the_last_text_is_used(self, petition, page, sheet):
        page.unpublish()
        later = typing_in.open_sheet(petition, "7", day=date(2026, 10, 4))
        assert later.signed_text == sheet.signed_text
        assert SignedText.objects.count() == 1

    def test_without_any_text_it_is_refused(self, petition, page):
        page.unpublish()
        with pytest.raises(ValueError, match="no page"):
            typing_in.open_sheet(petition, "7", day=date(2026, 10, 4))
        assert not ImportBatch.objects.exists()


class TestTheTextOnTheSheet:
    def change(self, page, **fields):
        """Publish the page with other fields."""
        for name, value in fields.items():
            setattr(page, name, value)
        page.save_revision().publish()

    def test_it_is_that_of_the_print_not_of_the_page(self, page, petition, print_sheet):
        number, letter = print_sheet(page), page.letter
        self.change(page, letter="<p>Quite another letter.</p>")
        later = print_sheet(page)
        assert get_mark(number) != get_mark(later)
        texts = {}
        for printed in (number, later, f"{number}/2"):
            sheet = typing_in.open_sheet(petition, printed, day=date(2026, 10, 4))
            line = typing_in.save_line(sheet, 1, BEA | {"email": f"{len(texts)}@example.org"})
            texts[printed] = line.signature.signed_text.letter
        assert texts[number] == texts[f"{number}/2"] == letter
        assert texts[later] == "<p>Quite another letter.</p>"

    def test_the_number_knows_better_than_the_typist(self, page, petition, print_sheet):
        number = print_sheet(page)
        self.change(page, title="Other title")
        sheet = typing_in.open_sheet(
            petition, number, day=date(2026, 10, 4), text=page.get_paper_text_to_sign()
        )
        assert sheet.signed_text.title != "Other title"

    def test_a_text_is_kept_once(self, page, print_sheet):
        marks = {get_mark(print_sheet(page)) for _time in range(3)}
        assert len(marks) == 1
        assert PrintedText.objects.get().signed_text.consent == page.get_paper_consent_text()

    def test_two_texts_of_a_petition_have_two_marks(self, page, print_sheet, monkeypatch):
        number = print_sheet(page)
        attempts = []

        def make_mark(text_hash, attempt=0):
            attempts.append(attempt)
            return "B7X" if attempt else get_mark(number)

        monkeypatch.setattr("wagtail_petition.ledger.printing.make_mark", make_mark)
        self.change(page, title="Other title")
        assert get_mark(print_sheet(page)) == "B7X"
        assert attempts == [0, 1]

    def test_a_sheet_of_another_petition_is_refused(self, petition, make_page, print_sheet):
        number = print_sheet(make_page(title="Another petition"))
        with pytest.raises(ValueError, match="isn’t a sheet of this petition"):
            typing_in.open_sheet(petition, number, day=date(2026, 10, 4))
        with pytest.raises(ValueError, match="isn’t a sheet of this petition"):
            typing_in.open_sheet(petition, new_number("B7X"), day=date(2026, 10, 4))
        assert not ImportBatch.objects.exists()

    def test_nothing_is_recorded_after_the_promised_day(self, make_page, print_sheet, clock):
        page = make_page(closes_at=clock.now() + timedelta(days=10), retention_months=1)
        petition, number = ledger.ensure_petition(page), print_sheet(page)
        self.change(page, closes_at=clock.now() + timedelta(days=400))
        clock.forward(days=100)
        with pytest.raises(ValueError, match="promises that the data is erased"):
            typing_in.open_sheet(petition, number, day=date(2026, 10, 4))

    def test_rows_of_a_file_have_the_text_of_their_sheet(
        self, page, petition, print_sheet, import_file
    ):
        number, letter = print_sheet(page), page.letter
        self.change(page, letter="<p>Quite another letter.</p>")
        csv = (
            "sheet,line,signed_on,first_name,last_name,email\n"
            f"{number},1,2026-10-04,Anna,Moretti,\n"
            f"{number.lower()} /3,1,2026-10-04,Bea,Conti,\n"
            "RM-7,1,2026-10-04,Carla,Neri,\n"
            f"{new_number('B7X')},1,2026-10-04,Dora,Verdi,\n"
        )
        batch, _check = import_file(csv.encode())
        found = Signature.objects.order_by("given_name").values_list("signed_text__letter")
        assert [each for (each,) in found] == [letter, letter, "<p>Quite another letter.</p>"]
        (row,) = report.get_rows(batch, ImportResult.REJECTED)
        assert "isn’t a sheet of this petition" in row["reason"]


class TestWhereTheyVote:
    @pytest.fixture
    def sheet(self, make_page, print_sheet):
        page = make_page(home_country="US", ask_home_district="optional", ask_home_place="optional")
        petition = ledger.ensure_petition(page)
        return typing_in.open_sheet(petition, print_sheet(page), day=date(2026, 10, 4))

    @pytest.mark.parametrize(
        ("region", "district", "tie", "stored"),
        [
            ("New York", "NY-12", "Votes there", ("US-NY", "12", "votes_there")),
            ("ny", "12", "a", ("US-NY", "12", "votes_there")),
            ("", "ny-12", "B", ("US-NY", "12", "lived_there")),
            ("Alaska", "AK (at large)", "", ("US-AK", "00", "")),
            ("", "", "D.", ("", "", "not_a_citizen")),
        ],
    )
    def test_names_codes_and_letters(self, sheet, region, district, tie, stored):
        home = {"home_region": region, "home_district": district, "home_tie": tie}
        line = typing_in.save_line(sheet, 1, ANNA | home | {"home_place": "Buffalo 14201"})
        found = line.signature
        assert (found.home_region, found.home_district, found.home_tie) == stored, line.message
        assert (found.home_country, found.home_place) == ("US", "Buffalo 14201")

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"home_region": "Lazio"}, "“Lazio” is no state or region"),
            ({"home_region": "AE"}, "military"),
            ({"home_region": "NY", "home_district": "99"}, "“99” is no district"),
            ({"home_tie": "E"}, "“E” is no tie"),
        ],
    )
    def test_what_can_not_be_read(self, sheet, typed, message):
        assert message in typing_in.save_line(sheet, 1, ANNA | typed).message
        assert not Signature.objects.exists()

    def test_a_sheet_from_before_they_were_asked(self, sheet):
        old = {
            heading: meaning for heading, meaning in sheet.mapping.items() if "home" not in meaning
        }
        ImportBatch.objects.filter(pk=sheet.pk).update(mapping=old)
        sheet.refresh_from_db()
        line = typing_in.save_line(sheet, 1, ANNA | {"home_region": "NY"})
        assert line.signature.home_region == "US-NY"

"""Typing in paper sheets in the admin, with and without the script."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.identity.sheet_numbers import new_number
from wagtail_petition.imports import typing_in
from wagtail_petition.models import ImportBatch, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(page):
    return ledger.ensure_petition(page)


@pytest.fixture
def typist(page):
    return make_user("typist", "view", "import", pages=[page])


@pytest.fixture
def browser(log_in, typist):
    return log_in(typist)


@pytest.fixture
def sheet(petition, page, typist):
    number = new_number(ledger.keep_printed_text(page).mark)
    return typing_in.open_sheet(
        petition, number, day=date(2026, 10, 4), place="Bologna", user=typist
    )


@pytest.fixture
def add_url(petition):
    return reverse("petitions:sheet_add", args=[petition.pk])


@pytest.fixture
def url(petition, sheet):
    return reverse("petitions:sheet", args=[petition.pk, sheet.pk])


class TestStarting:
    def start(self, browser, add_url, **fields):
        data = {"number": "rm-7", "place": "Roma", "day": "2026-10-04", "country": "IT"}
        return browser.post(add_url, data | fields, follow=True)

    def test_a_sheet_of_ones_own_number(self, browser, add_url, typist):
        response = self.start(browser, add_url)
        sheet = ImportBatch.objects.get()
        assert (sheet.sheet, sheet.place, sheet.user) == ("RM-7", "Roma", typist)
        assert sheet.options["default_country"] == "IT"
        assert "Sheet RM-7" in response.text
        assert "Oct. 4, 2026" in response.text

    def test_a_wrong_character_is_noticed(self, browser, add_url):
        number = new_number("B7X")
        wrong = ("B" if number[0] == "A" else "A") + number[1:]
        response = self.start(browser, add_url, number=wrong)
        assert "A character is wrong. Compare the number with the sheet." in response.text
        assert not ImportBatch.objects.exists()

    def test_a_day_that_is_still_to_come(self, browser, add_url):
        day = (timezone.now() + timedelta(days=3)).date()
        response = self.start(browser, add_url, day=day.isoformat())
        assert "The date can’t be in the future." in response.text

    def test_the_same_sheet_again_is_opened_with_who_typed_it(
        self, log_in, page, browser, add_url, sheet
    ):
        typing_in.save_line(sheet, 1, {"given_name": "Anna", "family_name": "Moretti"})
        other = log_in(make_user("other typist", "view", "import", pages=[page]))
        response = self.start(other, add_url, number=sheet.sheet.lower().replace("-", ""))
        assert f"Sheet {sheet.sheet} was typed in by typist on" in response.text
        assert "1 signature. You can add to it." in response.text
        assert 'value="Moretti"' in response.text
        assert ImportBatch.objects.count() == 1

    def test_place_and_date_are_kept_for_the_next_sheet(self, browser, add_url, sheet):
        html = browser.get(add_url).text
        assert 'value="Bologna"' in html
        assert 'value="2026-10-04"' in html
        assert sheet.sheet in html

    def test_the_text_is_chosen_for_sheets_that_do_not_say_it(
        self, browser, add_url, page, petition
    ):
        assert "Text on the sheet" not in browser.get(add_url).text
        first = ledger.keep_printed_text(page)
        page.letter = "<p>Another.</p>"
        page.save_revision().publish()
        assert "Text on the sheet" in browser.get(add_url).text
        key = first.signed_text.sha256
        self.start(browser, add_url, text=key)
        assert ImportBatch.objects.get().signed_text == first.signed_text
        # It is proposed for the next one, whose number knows better.
        assert browser.get(add_url).context["form"]["text"].value() == key
        printed = ledger.keep_printed_text(page)
        self.start(browser, add_url, number=new_number(printed.mark), text=key)
        assert ImportBatch.objects.latest("pk").signed_text == printed.signed_text

    def test_a_sheet_of_another_petition(self, browser, add_url, other_page):
        number = new_number(ledger.keep_printed_text(other_page).mark)
        response = self.start(browser, add_url, number=number)
        assert "isn’t a sheet of this petition" in response.text
        assert not ImportBatch.objects.exists()

    def test_without_a_page_there_is_no_text(self, browser, add_url, page):
        page.unpublish()
        assert "there is no text that was signed" in self.start(browser, add_url).text


class TestWithTheScript:
    def send(self, browser, url, line=1, more=(), **values):
        fields = {f"{line}-{name}": value for name, value in values.items()}
        return browser.post(url, {"line": line, **fields, **dict(more)}).json()

    def test_a_line_is_saved_at_once(self, browser, url):
        answer = self.send(browser, url, given_name="Anna", family_name="Moretti", country="Italy")
        assert answer == {"state": "saved", "message": "Saved, no. 1", "count": "1 signature"}
        assert Signature.objects.get().country == "IT"

    def test_what_can_not_be_read(self, browser, url):
        answer = self.send(browser, url, given_name="Anna", email="anna")
        assert answer["state"] == "refused"
        assert answer["message"]
        assert answer["count"] == "0 signatures"

    def test_duplicates(self, browser, url, make_signature):
        make_signature(email="bea@example.org", city="Roma")
        known = self.send(browser, url, given_name="Bea", email="bea@example.org")
        assert (known["state"], "signed already" in known["message"]) == ("known", True)
        same = {"given_name": "Anna", "family_name": "Moretti", "city": "Roma"}
        # The form doesn't ask for the city, so nobody is compared by it.
        assert self.send(browser, url, 2, **same)["state"] == "saved"

    def test_a_possible_duplicate_is_ticked(self, browser, url, page):
        ask(page, city="optional")
        same = {"given_name": "Anna", "family_name": "Moretti", "city": "Roma"}
        assert self.send(browser, url, 1, **same)["state"] == "saved"
        answer = self.send(browser, url, 2, **same)
        assert answer["state"] == "possible"
        assert "Tick “Add anyway”" in answer["message"]
        assert self.send(browser, url, 2, {"2-tick": "on"}, **same)["state"] == "saved"

    def test_a_line_is_undone(self, browser, url):
        self.send(browser, url, given_name="Anna")
        answer = self.send(browser, url, more={"undo": "1"})
        assert answer == {"state": "empty", "message": "Removed.", "count": "0 signatures"}
        assert not Signature.objects.exists()

    @pytest.mark.parametrize("line", ["0", "61", "x", "-1", "9" * 40, "²"])
    def test_no_such_line(self, browser, url, line):
        assert browser.post(url, {"line": line, f"{line}-given_name": "Anna"}).status_code == 404


class TestWithoutTheScript:
    def test_lines_are_saved_and_shown(self, browser, url):
        response = browser.post(
            url, {"1-given_name": "Anna", "2-given_name": "Bea", "3-given_name": ""}, follow=True
        )
        assert "2 signatures" in response.text
        assert "Saved, no. 2" in response.text
        assert response.text.count("readonly") == 2 * 4
        assert Signature.objects.count() == 2

    def test_nothing_typed_is_lost(self, browser, url):
        response = browser.post(
            url, {"1-given_name": "Anna", "2-given_name": "Bea", "2-email": "nonsense"}
        )
        assert "Some lines were not saved." in response.text
        assert 'name="2-given_name" data-name="given_name" value="Bea"' in response.text
        assert "Saved, no. 1" in response.text
        assert Signature.objects.get().given_name == "Anna"

    def test_a_line_is_undone(self, browser, url):
        browser.post(url, {"1-given_name": "Anna"})
        response = browser.post(url, {"undo": "1"}, follow=True)
        assert "0 signatures" in response.text
        assert not Signature.objects.exists()


def test_a_reverted_sheet_takes_nothing(browser, url, sheet):
    ImportBatch.objects.filter(pk=sheet.pk).update(state="reverted")
    for response in (browser.get(url), browser.post(url, {"1-given_name": "Anna"})):
        assert "This sheet was reverted." in response.text
        assert "<datalist" not in response.text
    assert not Signature.objects.exists()


def test_a_sheet_of_another_petition_is_not_there(browser, url, other_page, petition, sheet):
    other = ledger.ensure_petition(other_page)
    ImportBatch.objects.filter(pk=sheet.pk).update(petition=other)
    assert browser.get(url).status_code == 404
    assert browser.get(reverse("petitions:sheet", args=[other.pk, sheet.pk])).status_code == 404


def test_only_who_may_import(log_in, manager, url, add_url, petition):
    browser = log_in(manager)
    for address in (url, add_url, reverse("petitions:paper_template", args=[petition.pk])):
        assert browser.get(address).status_code == 404
    assert browser.post(url, {"line": "1", "1-given_name": "Anna"}).status_code == 404
    assert not Signature.objects.exists()


def test_the_sheet_asks_for_what_the_petition_asks(browser, url, page):
    ask(page, city="optional", postcode="required")
    html = browser.get(url).text
    for asked in ("First name", "Last name", "City", "Postcode", "Country", "Email", "News"):
        assert f">{asked}</th>" in html
    assert ">State or region</th>" not in html
    page.ask_news = False
    page.save_revision().publish()
    assert ">News</th>" not in browser.get(url).text


def test_where_people_vote_is_typed_in_if_it_is_asked(browser, url, page):
    page.home_country, page.ask_home_district = "US", "optional"
    page.save_revision().publish()
    html = browser.get(url).text
    for label in ("Tie to this country", "State", "Congressional district"):
        assert f">{label}</th>" in html
    assert ">Last city" not in html
    for name in ("home_tie", "home_region", "home_district"):
        assert f'list="petition-choices-{name}"' in html
        assert f'<datalist id="petition-choices-{name}">' in html
    assert '<option value="NY-12">' in html
    data = {"1-given_name": "Anna", "1-home_tie": "A", "1-home_region": "ny"}
    html = browser.post(url, data | {"1-home_district": "12"}, follow=True).text
    for value in ("Votes there", "New York", "NY-12"):
        assert f'value="{value}"' in html
    signature = Signature.objects.get()
    assert (signature.home_region, signature.home_district) == ("US-NY", "12")


def test_the_spreadsheet(browser, petition):
    response = browser.get(reverse("petitions:paper_template", args=[petition.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.worksheets[0]["A1"].value == "sheet"
    assert "attachment" in response["Content-Disposition"]


def test_the_paper_page_leads_there(log_in, page, petition, add_url):
    both = make_user("both", "view", "import", "change_petition", pages=[page])
    paper = reverse("petitions:offline", args=[petition.pk])
    html = log_in(both).get(paper).text
    assert add_url in html
    assert reverse("petitions:paper_template", args=[petition.pk]) in html
    assert reverse("wagtail_petition:paper", args=[page.petition_key]) in html
    one = make_user("one", "view", "change_petition", pages=[page])
    assert (
        reverse("petitions:paper_template", args=[petition.pk]) not in log_in(one).get(paper).text
    )


def ask(page, **fields):
    """Publish the page with these fields of the form."""
    for name, value in fields.items():
        setattr(page, f"ask_{name}", value)
    page.save_revision().publish()


def test_its_import_can_be_reverted_as_a_whole(browser, url, sheet):
    browser.post(url, {"1-given_name": "Anna", "2-given_name": "Bea"})
    detail = reverse("petition_imports:detail", args=[sheet.pk])
    assert detail in browser.get(url).text
    html = browser.get(detail).text
    assert "Bologna" in html
    assert url in html
    browser.post(reverse("petition_imports:revert", args=[sheet.pk]))
    assert not Signature.objects.exists()
    sheet.refresh_from_db()
    assert sheet.state == ImportBatch.State.REVERTED


def test_where_imports_are_added_there_is_the_spreadsheet(browser, petition, add_url):
    html = browser.get(reverse("petition_imports:add")).text
    assert reverse("petitions:paper_template", args=[petition.pk]) in html
    assert add_url in html
    assert reverse("petition_imports:add") in browser.get(add_url).text

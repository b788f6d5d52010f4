"""Adding an import, step by step: what is shown, what is refused, what stays."""

import csv
import io
import json

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.imports.files import (
    ACTION_NETWORK,
    BROKEN_ROWS,
    CHANGE_ORG,
    FILES,
    MAILCHIMP_CLEANED,
    UNKNOWN,
    UNREADABLE,
    xlsx,
)
from wagtail_petition.imports import batches, run
from wagtail_petition.models import (
    BlockRule,
    ImportBatch,
    MailOptOut,
    OutgoingEmail,
    Petition,
    Signature,
)
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db
SIMPLE = b"first name,last name,email,signed on\nAda,Rossi,ada@example.org,2026-03-01\n"
TWO_NAMES = b"name,city,signed on\nAda Rossi,Roma,2026-01-01\nADA ROSSI,roma,2026-01-02\n"
AMBIGUOUS = b"first name,last name,email,signed on\nAda,Rossi,a@example.org,3/4/2026\n"


def said(response):
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def errors(response, form="form"):
    """All errors of the form shown, as one text."""
    assert response.status_code == 200
    found = response.context[form].errors
    return " ".join(str(error) for each in found.values() for error in each)


class TestFile:
    @pytest.mark.parametrize("name", FILES)
    def test_every_kind_of_file_leads_to_its_columns(self, wizard, name):
        content, preset, encoding, delimiter, _order = FILES[name]
        response = wizard.add(content)
        batch = wizard.batch()
        assert response.url == wizard.url("columns", batch.pk)
        assert (batch.preset, batch.state) == (preset, "draft")
        assert (batch.layout["encoding"], batch.layout["delimiter"]) == (encoding, delimiter)
        assert wizard.client.get(response.url).status_code == 200

    @pytest.mark.parametrize("name", UNREADABLE)
    def test_a_broken_file_is_refused_where_it_was_chosen(self, wizard, name):
        content, words = UNREADABLE[name]
        assert words in errors(wizard.add(content))
        assert not ImportBatch.objects.exists()

    def test_no_file(self, wizard):
        response = wizard.client.post(wizard.url("add"), {})
        assert "This field is required." in errors(response)

    def test_the_only_petition_is_not_asked_for(self, wizard, other_page):
        assert "petition" not in wizard.client.get(wizard.url("add")).context["form"].fields

    def test_one_of_several_petitions(self, log_in, superuser, page, other_page, wizard):
        wizard.client = log_in(superuser)
        petition = other_page.petition
        shown = wizard.client.get(f"{wizard.url('add')}?petition={petition.pk}")
        assert shown.context["form"]["petition"].value() == str(petition.pk)
        assert "This field is required." in errors(wizard.add(SIMPLE))
        wizard.add(SIMPLE, petition=petition.pk)
        assert wizard.batch().petition == petition

    def test_no_petition_of_others(self, wizard, other_page):
        foreign = other_page.petition.pk
        for pk in (foreign, "x", "9" * 30):
            response = wizard.client.get(f"{wizard.url('add')}?petition={pk}")
            assert response.status_code == 404
        wizard.add(SIMPLE, petition=foreign)
        assert wizard.batch().petition_id != foreign

    def test_the_same_file_again_is_told(self, wizard):
        wizard.import_(SIMPLE)
        assert any("imported before" in text for text in said(wizard.add(SIMPLE)))


class TestColumns:
    def test_each_column_has_its_values_and_its_meaning(self, wizard):
        wizard.add(ACTION_NETWORK.encode())
        text = wizard.client.get(wizard.url("columns", wizard.batch().pk)).text
        for words in ("US voting state", "00184-1234", "Иван", "2 rows below the headings"):
            assert words in text
        data = wizard.columns_data()
        assert data["preset"] == "action_network"
        assert [data[f"column-{n}"] for n in range(4)] == [
            *("origin_ref", "given_name", "family_name", "email"),
        ]

    def test_another_encoding_and_delimiter_are_read_at_once(self, wizard):
        wizard.add("Name;Città\nAda;Forlì\n".encode("mac-roman"))
        response = wizard.columns(encoding="mac-roman", Name="full_name")
        assert response.url == wizard.url("columns", wizard.batch().pk)
        assert any("read again" in text for text in said(response))
        assert wizard.columns_data()["column-1"] == "city"
        assert wizard.columns_data()["column-0"] == "full_name"
        assert "Forlì" in wizard.client.get(response.url).text
        wizard.columns(step="read", delimiter=",")
        assert wizard.client.get(response.url).context["form"].inspection.headings == ["Name;Città"]
        wizard.columns(step="read", delimiter=";")
        assert wizard.columns_data()["column-1"] == "city"

    def test_a_wrong_encoding_is_told_and_choices_stay(self, wizard):
        wizard.add(UNKNOWN.encode("iso-8859-15"))
        response = wizard.columns(encoding="utf-8", Ort="region")
        assert "not text in utf-8" in errors(response, "layout_form")
        assert response.context["layout_form"]["encoding"].value() == "utf-8"
        assert response.context["form"]["column-3"].value() == "region"
        assert wizard.batch().layout["encoding"] == "windows-1252"

    def test_another_sheet(self, wizard):
        book = xlsx([["first name", "email"], ["Ada", "a@example.org"]], ("People", "Empty"))
        wizard.add(book, "book.xlsx")
        assert wizard.columns_data()["sheet"] == "People"
        assert "nothing in a sheet" in errors(wizard.columns(sheet="Empty"), "layout_form")
        assert wizard.columns().status_code == 302

    def test_another_preset_decides_again(self, wizard):
        wizard.add(ACTION_NETWORK.encode())
        wizard.columns(preset="")
        batch = wizard.batch()
        assert (batch.preset, batch.origin) == ("", "other")
        assert batch.mapping["zip_code"] == "postcode"
        wizard.columns(preset="mailchimp_cleaned")
        assert wizard.batch().mode == "no_emails"
        wizard.columns(preset="action_network")
        batch = wizard.batch()
        assert (batch.mode, batch.origin) == ("confirmed", "action_network")

    def test_no_column_may_be_twice_the_same(self, wizard):
        wizard.add(ACTION_NETWORK.encode())
        response = wizard.columns(country="email")
        assert "Another column is “Email” too" in errors(response)

    def test_without_names_nothing_can_be_imported(self, wizard):
        wizard.add(SIMPLE)
        response = wizard.columns(**{"first name": "", "last name": ""})
        assert "No column holds names." in errors(response)

    def test_dates_that_can_be_read_in_two_ways(self, wizard):
        wizard.add(AMBIGUOUS)
        assert "day or the month comes first" in errors(wizard.columns())
        assert wizard.columns(date_order="dmy").status_code == 302
        assert wizard.batch().options["date_order"] == "dmy"
        assert wizard.columns_data()["date_order"] == "dmy"

    def test_a_default_country_of_the_platform_can_be_ignored(self, wizard):
        batch = wizard.import_(
            ACTION_NETWORK.encode(),
            columns={"distrusts_country": "on"},
            consent="Their form",
            default_country="IT",
        )
        assert {s.country.code for s in batch.signatures.all()} == {"IT"}

    def test_a_column_answers_a_question(self, wizard, page):
        page.questions = [{"type": "short_text", "id": "q1", "value": {"label": "Voting state"}}]
        page.save_revision().publish()
        batch = wizard.import_(
            b"first name,last name,email,signed on,Home\nAda,Rossi,a@example.org,2026-03-01,NY\n",
            columns={"Home": "answer:q1"},
        )
        assert batch.signatures.get().answers == {"q1": "NY"}

    def test_columns_are_remembered_for_the_next_file(self, wizard):
        content = UNKNOWN.encode("iso-8859-15")
        wizard.import_(content, columns={"Schuhgröße": "references", "Datum": "signed_at"})
        response = wizard.add(content.replace(b"j@", b"k@"))
        assert any("earlier file" in text for text in said(response))
        assert wizard.batch().mapping["Schuhgröße"] == "references"

    def test_so_are_changes_to_a_preset(self, wizard):
        content = ACTION_NETWORK.encode()
        wizard.import_(content, columns={"US voting state": "source"}, consent="Their form")
        wizard.add(content)
        batch = wizard.batch()
        assert (batch.preset, batch.mapping["US voting state"]) == ("action_network", "source")

    def test_a_form_for_another_reading_of_the_file_is_shown_again(self, wizard):
        wizard.add(SIMPLE)
        data = wizard.columns_data()
        wizard.columns(step="read", delimiter=";")
        response = wizard.client.post(wizard.url("columns", wizard.batch().pk), data)
        assert any("read again" in text for text in said(response))
        assert list(wizard.batch().mapping) == ["first name,last name,email,signed on"]


class TestText:
    @pytest.fixture(autouse=True)
    def _columns(self, wizard):
        wizard.add(SIMPLE)
        wizard.columns()

    def test_a_text_must_be_chosen(self, wizard):
        assert "This field is required." in errors(wizard.text(signed_text=""))
        assert not wizard.batch().counts

    def test_a_text_of_another_platform(self, wizard):
        response = wizard.text(signed_text="other", title="", letter="", consent_text="I agree")
        assert "Enter the title" in errors(response)
        assert response.context["form"]["consent_text"].value() == "I agree"
        wizard.text(
            signed_text="other",
            title="Open the gate",
            letter="Dear all,\n\nopen it.",
            consent_text="I agree",
            default_language="en",
        )
        text = wizard.batch().signed_text
        assert (text.title, text.consent) == ("Open the gate", "<p>I agree</p>")
        # It is offered when one goes back.
        assert wizard.text_data()["signed_text"] == text.sha256

    def test_a_pasted_text_is_not_ignored(self, wizard):
        response = wizard.text(title="Open the gate")
        assert "Choose “Another text, pasted below”" in errors(response)

    def test_the_date_cannot_be_in_the_future(self, wizard):
        assert "an earlier date" in errors(wizard.text(default_date="2999-01-01"))

    def test_nobody_can_be_asked_while_the_petition_is_offline(self, wizard, page):
        page.unpublish()
        response = wizard.text(mode="ask")
        assert "Nobody can confirm" in errors(response)
        assert response.context["form"]["mode"].value() == "ask"

    def test_each_is_asked_to_confirm(self, wizard):
        wizard.text(mode="ask")
        wizard.start()
        signature = wizard.batch().signatures.get()
        assert signature.status == Signature.Status.UNCONFIRMED
        assert OutgoingEmail.objects.filter(signature=signature, kind="confirm").exists()


def test_a_date_is_required_if_no_column_has_one(wizard):
    wizard.add(b"first name,last name,email\nAda,Rossi,a@example.org\n")
    wizard.columns()
    assert "This field is required." in errors(wizard.text())
    assert wizard.text(default_date="2026-02-03").status_code == 302
    wizard.start()
    assert wizard.batch().signatures.get().signed_at.date().isoformat() == "2026-02-03"


def test_nobody_can_be_asked_without_addresses(wizard):
    wizard.add(CHANGE_ORG.encode())
    wizard.columns()
    assert "No column holds email addresses" in errors(wizard.text(mode="ask"))


def test_a_column_of_consent_needs_words_on_where_it_was_given(wizard):
    wizard.add(ACTION_NETWORK.encode())
    wizard.columns()
    assert "can2_subscription_status" in errors(wizard.text(consent=" "))
    shown = wizard.client.get(wizard.url("text", wizard.batch().pk))
    assert "The column “can2_subscription_status” says whose" in shown.text
    wizard.text(consent="Their form of 2026")
    wizard.start()
    assert wizard.batch().signatures.filter(wants_news=True).count() == 1
    wizard.add(ACTION_NETWORK.replace("example.org", "example.com").encode())
    wizard.columns(can2_subscription_status="")
    assert "consent" not in wizard.text_data()


class TestCheck:
    def test_each_number_leads_to_its_rows(self, wizard, make_signature):
        make_signature(email="c@example.org")
        wizard.import_(SIMPLE)
        wizard.add(
            SIMPLE
            + b"Bob,Rossi,bob@example.org,2026-03-02\nBob,R,BOB@example.org,2026-03-03\n"
            + b"Cy,Rossi,c@example.org,2026-03-04\n,,d@example.org,2026-03-04\n"
        )
        wizard.columns()
        shown = wizard.client.get(wizard.text().url)
        assert {r.name: r.number for r in shown.context["results"]} == {
            "new": 1,
            "already_here": 2,
            "twice_in_file": 1,
            "rejected": 1,
        }
        for result in shown.context["results"]:
            rows = wizard.client.get(result.url)
            assert len(rows.context["rows"]) == result.number
        assert "There is no name." in rows.text
        text = wizard.client.get(wizard.url("rejected", wizard.batch().pk)).getvalue()
        head, row = csv.reader(io.StringIO(text.decode("utf-8-sig")))
        assert (head[0], row[0]) == ("reason", "There is no name.")
        assert not wizard.batch().signatures.exists()

    def test_columns_of_later_rows_are_told(self, wizard, monkeypatch):
        monkeypatch.setattr(batches, "SECONDS", 0)
        person = {"first name": "Ada", "last name": "Rossi", "signed on": "2026-03-01"}
        wizard.add(json.dumps([person, {**person, "first name": "Bob", "city": "Roma"}]).encode())
        assert "More than" in wizard.client.get(wizard.url("columns", wizard.batch().pk)).text
        wizard.columns()
        assert "Only later rows have 1 of the columns" in wizard.client.get(wizard.text().url).text
        wizard.columns(city="city")
        assert "Only later rows" not in wizard.client.get(wizard.text().url).text
        wizard.start()
        assert {s.city for s in wizard.batch().signatures.all()} == {"", "Roma"}

    def test_rows_that_a_rule_refuses_are_not_unreadable(self, wizard):
        BlockRule.objects.create(kind="domain", value="example.net", effect="block")
        wizard.add(SIMPLE + b"Bob,Rossi,bob@example.net,2026-03-02\n,,d@example.org,2026-03-04\n")
        wizard.columns()
        shown = wizard.client.get(wizard.text().url)
        blocked, unreadable = (
            result for result in shown.context["results"] if result.name in ("blocked", "rejected")
        )
        assert (blocked.label, blocked.number) == ("Blocked", 1)
        assert (unreadable.label, unreadable.number) == ("Unreadable", 1)
        assert "bob@example.net" in wizard.client.get(blocked.url).text
        text = wizard.client.get(wizard.url("rejected", wizard.batch().pk)).getvalue()
        assert (b"block rule" in text, b"There is no name." in text) == (True, True)

    def test_many_rows_are_on_several_pages(self, wizard):
        lines = [f"Ada{n},Rossi,x{n},2026-03-01" for n in range(120)]
        wizard.add("\n".join(["first name,last name,email,signed on", *lines]).encode())
        wizard.columns()
        wizard.text()
        url = wizard.url("rows", wizard.batch().pk, "rejected")
        assert len(wizard.client.get(url).context["rows"]) == 50
        last = wizard.client.get(f"{url}?p=3").context["rows"]
        assert [row["number"] for row in last][-1] == 121

    def test_of_many_new_rows_the_first_are_shown(self, wizard):
        lines = [f"Ada{n},Rossi,x{n}@example.org,2026-03-01" for n in range(130)]
        wizard.add("\n".join(["first name,last name,email,signed on", *lines]).encode())
        wizard.columns()
        wizard.text()
        shown = wizard.client.get(wizard.url("rows", wizard.batch().pk, "new"))
        assert "The first 100 of 130" in shown.text

    def test_possible_duplicates_are_imported_if_ticked(self, wizard):
        wizard.add(TWO_NAMES)
        wizard.columns()
        wizard.text()
        pk = wizard.batch().pk
        url = wizard.url("rows", pk, "possible_duplicates")
        wizard.client.post(url, {"shown": ["3"], "ticked": ["3"]})
        shown = wizard.client.get(wizard.url("check", pk))
        assert "Import 2 signatures" in shown.text
        assert wizard.client.get(url).context["rows"][0]["is_ticked"]
        wizard.client.post(url, {"shown": ["3"]})
        assert "Import 1 signature<" in wizard.client.get(wizard.url("check", pk)).text
        wizard.client.post(url, {"action": "all"})
        # A further check keeps them.
        wizard.client.post(wizard.url("check", pk), {"action": "check"})
        assert "Import 2 signatures" in wizard.client.get(wizard.url("check", pk)).text
        wizard.start()
        assert wizard.batch().signatures.count() == 2

    def test_possible_duplicates_say_whom_they_resemble(self, wizard, make_signature):
        here = make_signature(given_name="Ada", family_name="Rossi", city="Roma", postcode="00184")
        make_signature(given_name="Ada", family_name="Rossi", city="Bari", email="b@example.org")
        wizard.add(TWO_NAMES)
        wizard.columns()
        wizard.text()
        url = wizard.url("rows", wizard.batch().pk, "possible_duplicates")
        shown = wizard.client.get(url)
        first, second = shown.context["rows"]
        assert (first["signatures"], first["resembled_row"]) == ([here], None)
        assert (second["signatures"], second["resembled_row"]) == ([here], 2)
        for words in ("no. 1", "00184 Roma", "Row 2 of this file", "Tick those to import."):
            assert words in shown.text
        assert reverse("petition_signatures:inspect", args=[here.pk]) in shown.text
        assert "Bari" not in shown.text

    @pytest.mark.parametrize(
        ("dates", "is_doubtful"),
        [(("2001-01-02", "2001-01-13"), False), (("2/1/2001", "13/1/2001"), True)],
    )
    def test_early_dates_may_be_misread_unless_the_year_is_first(self, wizard, dates, is_doubtful):
        first, second = dates
        wizard.add(f"name,city,date\nAda Rossi,Roma,{first}\nEve Neri,Roma,{second}\n".encode())
        wizard.columns()
        text = wizard.client.get(wizard.text().url).text
        assert "2 rows have a date before" in text
        assert ("check the order of dates" in text) == is_doubtful

    def test_unticking_one_of_all(self, wizard):
        wizard.add(TWO_NAMES + b"ada rossi,Roma,2026-01-03\n")
        wizard.columns()
        wizard.text()
        url = wizard.url("rows", wizard.batch().pk, "possible_duplicates")
        wizard.client.post(url, {"action": "all"})
        wizard.client.post(url, {"shown": ["3", "4"], "ticked": ["4"]})
        assert wizard.batch().ticked == [4]
        wizard.client.post(url, {"action": "none"})
        assert wizard.batch().ticked == []

    def test_nothing_new(self, wizard):
        wizard.add(BROKEN_ROWS.encode())
        wizard.columns()
        shown = wizard.client.get(wizard.text().url)
        assert "There is nothing to import." in shown.text
        assert 'value="import"' not in shown.text

    def test_the_check_may_take_its_time(self, wizard, settings):
        settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
        wizard.add(SIMPLE)
        wizard.columns()
        shown = wizard.client.get(wizard.text().url)
        assert "data-petition-live" in shown.text
        assert "Import 1" not in shown.text
        pk = wizard.batch().pk
        # Nothing can be changed meanwhile.
        assert wizard.client.get(wizard.url("columns", pk)).url == wizard.url("detail", pk)
        run.work_off()
        shown = wizard.client.get(wizard.url("check", pk))
        assert "Import 1 signature" in shown.text
        wizard.start()
        assert "data-petition-live" in wizard.client.get(wizard.url("detail", pk)).text
        run.work_off()
        assert wizard.batch().signatures.count() == 1

    def test_a_list_of_who_wants_no_emails_has_no_text(self, wizard):
        wizard.add(MAILCHIMP_CLEANED.encode())
        columns = wizard.client.get(wizard.url("columns", wizard.batch().pk))
        assert "no signatures are added" in columns.text
        shown = wizard.client.get(wizard.columns().url)
        assert "Import 1 address" in shown.text
        wizard.start()
        assert MailOptOut.objects.get().batch == wizard.batch()
        shown = wizard.client.get(wizard.url("detail", wizard.batch().pk))
        assert "Addresses to unsubscribe" in shown.text

    def test_what_has_changed_since_is_told(self, wizard, page):
        wizard.add(SIMPLE)
        wizard.columns()
        wizard.text(mode="ask")
        page.unpublish()
        response = wizard.start()
        assert any("Nobody can confirm" in text for text in said(response))
        assert wizard.batch().state == "draft"

    @pytest.mark.parametrize("change", ["columns alone", "columns", "text", "ticks"])
    def test_what_was_changed_in_another_tab_is_not_imported_unseen(self, wizard, change):
        wizard.add(TWO_NAMES)
        wizard.columns()
        wizard.text()
        first_tab = wizard.start_data()
        if change.startswith("columns"):
            wizard.columns(city="")
        if change in ("columns", "text"):
            wizard.text(default_country="IT")
        if change == "ticks":
            url = wizard.url("rows", wizard.batch().pk, "possible_duplicates")
            wizard.client.post(url, {"action": "all"})
        response = wizard.start(first_tab)
        assert any("changed meanwhile" in text for text in said(response))
        assert wizard.batch().state == "draft"
        step = "text" if change == "columns alone" else "check"
        assert response.url == wizard.url(step, wizard.batch().pk)
        if step == "text":
            wizard.text()
        wizard.start()
        assert wizard.batch().state == "done"

    def test_it_is_started_once(self, wizard):
        wizard.add(SIMPLE)
        wizard.columns()
        wizard.text()
        data = wizard.start_data()
        wizard.start(data)
        batch = wizard.batch()
        assert wizard.start(data).url == wizard.url("detail", batch.pk)
        assert Petition.objects.get().signature_count == 1


class TestDrafts:
    def test_a_draft_is_taken_up_where_it_was_left(self, wizard):
        def next_step():
            shown = wizard.client.get(wizard.url("detail", wizard.batch().pk))
            return shown.context["next_step"]

        wizard.add(SIMPLE)
        pk = wizard.batch().pk
        assert next_step() == wizard.url("columns", pk)
        assert wizard.client.get(wizard.url("check", pk)).url == next_step()
        wizard.columns()
        wizard.text()
        assert next_step() == wizard.url("check", pk)
        # Nothing was imported so far.
        assert wizard.batch().count == 0
        wizard.columns()
        assert next_step() == wizard.url("text", pk)

    def test_a_draft_is_deleted_with_its_file(self, wizard):
        wizard.add(SIMPLE)
        batch = wizard.batch()
        assert wizard.client.get(wizard.url("delete", batch.pk)).status_code == 200
        wizard.client.post(wizard.url("delete", batch.pk))
        assert not ImportBatch.objects.exists()
        assert not private_storage().exists(batch.path)

    def test_only_drafts_are_deleted(self, wizard):
        batch = wizard.import_(SIMPLE)
        response = wizard.client.post(wizard.url("delete", batch.pk))
        assert any("Only drafts" in text for text in said(response))
        assert ImportBatch.objects.filter(pk=batch.pk).exists()

    def test_a_draft_whose_file_is_gone_says_so(self, wizard):
        from wagtail_petition.imports import batches

        wizard.add(SIMPLE)
        batch = wizard.batch()
        batches.drop_files(batch)
        response = wizard.client.get(wizard.url("columns", batch.pk))
        assert any("Add it again" in text for text in said(response))

    def test_a_draft_whose_file_was_replaced_says_so(self, wizard):
        wizard.add(SIMPLE)
        batch = wizard.batch()
        folder = batches.get_folder(batch)
        for name in (batches.INSPECTION, batches.SOURCE):
            private_storage().delete(f"{folder}/{name}")
        private_storage().save(batch.path, ContentFile(SIMPLE + SIMPLE))
        response = wizard.client.get(wizard.url("columns", batch.pk))
        assert any("has changed since it was added" in text for text in said(response))

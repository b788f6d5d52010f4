"""Imports from the file to the count: new rows, other rows, and nothing twice."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.background import leases
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import FORMATS, write_open_file
from wagtail_petition.imports import batches, matching, processing, report, run, suppression
from wagtail_petition.imports.dates import LANGUAGES
from wagtail_petition.imports.mapping import propose
from wagtail_petition.imports.rows import RowReader
from wagtail_petition.models import (
    ImportBatch,
    MailOptOut,
    OutgoingEmail,
    Petition,
    PetitionLogEntry,
    Signature,
)
from wagtail_petition.storage import private_storage

from .files import (
    ACTION_NETWORK,
    BROKEN_ROWS,
    CHANGE_ORG,
    FILES,
    MAILCHIMP_CLEANED,
    MICROSOFT_FORMS,
    PAPER,
    UNKNOWN,
)

pytestmark = pytest.mark.django_db
State, Status = ImportBatch.State, Signature.Status


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_known_and_imported_once(import_file, name):
    content, preset, _encoding, _delimiter, order = FILES[name]
    batch, check = import_file(content)
    assert (batch.preset, batch.options["date_order"]) == (preset, order)
    assert check.counts["rejected"] == 0
    assert check.counts["new"] >= 1
    before = list(Signature.objects.order_by("pk").values())
    opted_out = MailOptOut.objects.count()
    _batch, again = import_file(content)
    assert again.counts["new"] == 0
    assert again.rows == check.rows == sum(again.counts.values())
    assert list(Signature.objects.order_by("pk").values()) == before
    assert MailOptOut.objects.count() == opted_out
    assert ledger.recount(Petition.objects.get()) == []


def test_what_a_row_of_action_network_becomes(import_file):
    batch, _check = import_file(ACTION_NETWORK.encode(), consent="Their form of 2026")
    first, second = batch.signatures.order_by("number")
    assert (first.given_name, first.family_name) == ("Иван", "Петров")
    assert (second.email, second.email_key) == ("Mary@example.org", "mary@example.org")
    assert second.origin_ref == "11111111-0000-4000-8000-000000000001"
    assert (first.wants_news, second.wants_news) == (False, True)
    assert (second.postcode, second.city, str(second.country)) == ("00184-1234", "Roma", "US")
    # The column is called "US voting state".
    assert (first.home_region, second.home_region) == ("US-CA", "US-NY")
    # Without a zone, a time is the site's.
    assert second.signed_at.isoformat() == "2026-02-11T17:04:31+00:00"
    assert (second.origin, second.source, second.language) == ("action_network", "", "en")


def test_nobody_gets_news_without_word_of_their_consent(import_file):
    import_file(ACTION_NETWORK.replace("Roma", "Bari").encode())
    assert not Signature.objects.filter(wants_news=True).exists()
    batch, _check = import_file(PAPER.encode(), consent="Ticked on the sheet")
    assert [(s.show_name, s.wants_news) for s in batch.signatures.order_by("number")] == [
        (False, False),
        (True, True),
    ]


def test_what_a_webhook_becomes(import_file):
    batch, _check = import_file(FILES["webhook"][0], consent="Their form")
    found = batch.signatures.get()
    assert (found.email, found.wants_news) == ("ada@example.org", False)
    assert (str(found.home_country), found.home_region) == ("US", "US-NY")
    assert (found.message, found.message_state) == ("For the children.\nAll of them.", "pending")
    assert (found.language, found.origin_ref) == ("it", "11111111-0000-4000-8000-000000000009")
    assert found.signed_at.isoformat() == "2026-03-20T21:04:31+00:00"


def test_who_is_anonymous_has_their_name_in_another_column(import_file):
    batch, _check = import_file(MICROSOFT_FORMS.encode("windows-1252"))
    found = batch.signatures.get()
    assert (found.given_name, found.family_name) == ("Nicolò", "D’Amico")
    assert (found.email, found.city) == ("nico@example.org", "Forlì")


def test_no_address_is_no_obstacle(client, page, import_file):
    batch, _check = import_file(FILES["change_org"][0])
    found = batch.signatures.get(family_name="Østergård")
    assert (found.email, found.email_key, found.country.code) == ("", None, "IT")
    assert str(found) == "Søren Østergård"
    client.force_login(make_user("viewer", "view", "change", "erase", pages=[page]))
    shown = client.get(reverse("petition_signatures:inspect", args=[found.pk]))
    assert shown.status_code == 200
    assert "Change.org" in shown.text


def test_unknown_headings_are_understood_and_remembered(make_batch):
    batch = make_batch(UNKNOWN.encode("iso-8859-15"), columns={"Schuhgröße": "references"})
    assert batch.mapping["Vorname"] == "given_name"
    assert run.import_now(batch).counts["new"] == 1
    found = batch.signatures.get()
    assert (found.family_name, found.country.code, found.postcode) == ("Groß", "DE", "50667")
    assert found.signed_at.date().isoformat() == "2025-12-24"
    again = make_batch(UNKNOWN.encode("iso-8859-15").replace(b"j@", b"k@"))
    assert again.mapping == batch.mapping


def test_a_list_of_who_wants_no_emails_imports_nobody(import_file, make_signature):
    batch, check = import_file(MAILCHIMP_CLEANED.encode())
    assert (batch.mode, check.counts["new"]) == ("no_emails", 1)
    assert not Signature.objects.exists()
    assert MailOptOut.objects.get().batch == batch
    assert run.revert_now(batch) == 1
    assert not MailOptOut.objects.exists()


def test_rows_that_cannot_be_read_come_back_with_their_reason(import_file):
    batch, check = import_file(BROKEN_ROWS.encode())
    assert (check.counts["new"], check.counts["rejected"]) == (0, 7)
    text = b"".join(report.rejected_csv(batch)).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:2] == ["reason", "first_name"]
    reasons = [row[0] for row in rows]
    for reason, words in zip(
        reasons,
        [
            "no date",
            "several email",
            "Start “First name”",
            "5 cells",
            "email",
            "no name",
            "no date",
        ],
        strict=True,
    ):
        assert words in reason
    mended = text.replace("2026-02-31", "2026-02-28")
    _batch, check = import_file(mended.encode())
    assert check.counts["new"] == 1


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["3/4/2026", "13/4/2026"], "dmy"),
        (["3/4/2026", "4/13/26"], "mdy"),
        (["3/4/2026", "5/6/2026"], "?"),
        (["2026-04-03", "4/4/2026"], "ymd"),
    ],
)
def test_the_order_of_day_and_month_is_found_or_asked_for(make_batch, dates, order):
    lines = [f"Ada{n},Rossi,{date}" for n, date in enumerate(dates)]
    batch = make_batch("\n".join(["first name,last name,signed on", *lines]).encode())
    assert batch.options["date_order"] == order
    assert bool(batches.problems(batch)) is (order == "?")


def test_same_name_and_place_waits_for_a_tick(import_file):
    content = b"name,city,date\nAda Rossi,Roma,2026-01-01\nADA ROSSI,roma,2026-01-02\n"
    batch, check = import_file(content)
    assert (check.counts["new"], check.counts["possible_duplicates"]) == (1, 1)
    rows = report.get_rows(batch, "possible_duplicates")
    assert [(row["row"], row["cells"][0]) for row in rows] == [(3, "ADA ROSSI")]
    _batch, check = import_file(content, ticked=[3])
    assert check.counts == {"already_imported": 1, "new": 1, "rejected": 0}
    _batch, check = import_file(content, ticked=[3])
    assert check.counts["new"] == 0


def test_a_check_writes_nothing(make_batch):
    batch = make_batch(ACTION_NETWORK.encode())
    assert run.check(batch).counts["new"] == 2
    assert not Signature.objects.exists()
    assert batch.counts["new"] == 2
    run.start_check(batch)
    run.work_off()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"]) == ("draft", 2)


def test_in_the_background_with_the_rights_of_now(make_batch, page):
    user = make_user("importer", "view", "import", pages=[page])
    batch = make_batch(ACTION_NETWORK.encode(), user=user)
    assert run.start(batch)
    run.work_off()
    batch.refresh_from_db()
    assert (batch.state, batch.count, batch.lease) == ("done", 2, "")
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.import")
    assert (entry.user, entry.data["count"], entry.data["sha256"]) == (user, 2, batch.sha256)
    assert not run.start(batch)
    other = make_batch(CHANGE_ORG.encode("utf-16"), user=user)
    run.start(other)
    user.groups.clear()
    run.work_off()
    other.refresh_from_db()
    assert other.state == "failed"
    assert "no longer" in other.error
    assert not other.signatures.exists()


class Killed(BaseException):
    """What ends a process."""


@pytest.mark.parametrize("at", range(1, 6))
def test_a_killed_import_goes_on_where_it_stopped(make_batch, monkeypatch, at, clock):
    rows = [f"Ada{n},Rossi,a{n % 8}@example.org,2026-01-{n + 1:02}" for n in range(10)]
    batch = make_batch("\n".join(["first name,last name,email,date", *rows]).encode())
    monkeypatch.setattr(processing, "FEW", 2)
    monkeypatch.setattr(processing, "MANY", 2)
    calls = []
    record = ledger.import_signatures

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == at:
            raise Killed
        return record(*args, **kwargs)

    monkeypatch.setattr(ledger, "import_signatures", killed)
    run.start(batch)
    with pytest.raises(Killed):
        run.work_off()
    clock.forward(hours=1)
    run.work_off()
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert batch.counts == run_counts(new=8, twice_in_file=2)
    found = Signature.objects.order_by("number").values_list("number", "given_name")
    assert list(found) == [(n + 1, f"Ada{n}") for n in range(8)]
    assert ledger.recount(batch.petition) == []
    assert len(report.get_rows(batch, "twice_in_file")) == 2


def run_counts(**counts):
    """The counts stored with a batch."""
    return processing.Check(
        sum(counts.values()), processing.Counter(counts), processing.Counter(before=10)
    ).as_data()


def test_asked_to_confirm_here(import_file, settings):
    batch, check = import_file(GOOGLE, mode="ask")
    assert check.counts == {"new": 2, "rejected": 0}
    assert Petition.objects.get().signature_count == 0
    attempts = batch.signatures.all()
    assert {a.status for a in attempts} == {"unconfirmed"}
    assert OutgoingEmail.objects.filter(kind="confirm", signature__in=attempts).count() == 2
    _batch, again = import_file(GOOGLE, mode="ask")
    assert again.counts["new"] == 0


GOOGLE = FILES["google_forms"][0]


def test_reverting_takes_exactly_this_file_out(import_file, make_signature):
    make_signature()
    batch, _check = import_file(ACTION_NETWORK.encode())
    other, _check = import_file(FILES["change_org"][0])
    assert run.revert_now(batch) == 2
    assert (batch.state, Petition.objects.get().signature_count) == ("reverted", 3)
    assert other.signatures.count() == 2
    assert ledger.recount(Petition.objects.get()) == []
    assert PetitionLogEntry.objects.get(action="wagtail_petition.revert_import").data["count"] == 2
    _batch, check = import_file(ACTION_NETWORK.encode())
    assert check.counts["new"] == 2


def test_nothing_is_reverted_that_is_in_a_delivery(import_file):
    from wagtail_petition.delivery.membership import pack
    from wagtail_petition.models import Delivery

    batch, _check = import_file(ACTION_NETWORK.encode())
    delivery = Delivery.objects.create(
        petition=batch.petition,
        recipient="Jane Doe",
        last_number=2,
        language="en",
        state="ready",
        members=pack([1]),
    )
    with pytest.raises(ledger.NotRevertible, match="Jane Doe"):
        run.start_revert(batch)
    delivery.state = "cancelled"
    delivery.save()
    assert run.start_revert(batch)
    run.work_off()
    assert not batch.signatures.exists()


def test_a_checked_draft_is_imported_at_once(make_batch):
    batch = make_batch(ACTION_NETWORK.encode())
    run.check(batch)
    run.import_now(batch)
    assert (batch.state, batch.counts["new"]) == ("done", 2)


def test_files_are_private_and_gone_in_time(import_file, make_batch, clock):
    batch, _check = import_file(ACTION_NETWORK.encode())
    draft = make_batch(CHANGE_ORG.encode("utf-16"))
    assert private_storage().exists(batch.path)
    clock.forward(days=8)
    assert batches.forget_files() == 2
    assert not private_storage().exists(batch.path)
    batch.refresh_from_db()
    assert (batch.path, batch.state) == ("", "done")
    assert not ImportBatch.objects.filter(pk=draft.pk).exists()
    with pytest.raises(FileNotFoundError):
        report.get_rows(batch, "new")


@pytest.mark.parametrize("language", ["en", "it", "ar"])
@pytest.mark.parametrize("kind", FORMATS)
def test_our_own_exports_come_back_as_they_were(make_page, make_batch, kind, language):
    questions = [
        ("one_choice", {"label": "Where do you vote?", "choices": ["New York", "Texas, or so"]}),
        ("several_choices", {"label": "How can you help?", "choices": ["a, b", "c", "d"]}),
        ("tick_box", {"label": "Citizen"}),
        ("number", {"label": "Years"}),
        ("date", {"label": "Since"}),
        ("short_text", {"label": "Else"}),
    ]
    page = make_page(questions=questions, ask_message="optional", home_country="US")
    blocks = {child.block_type: child for child in page.questions}
    choices = {
        kind: [pk for pk, _label in blocks[kind].block.get_choices(blocks[kind].value)]
        for kind in ("one_choice", "several_choices")
    }
    answers = {
        blocks["one_choice"].id: choices["one_choice"][1],
        blocks["several_choices"].id: choices["several_choices"][:2],
        blocks["tick_box"].id: True,
        blocks["number"].id: 12,
        blocks["date"].id: "2020-02-29",
        blocks["short_text"].id: "+39 06 1234; =1",
    }
    for position, fields in enumerate(
        [
            {"given_name": "'t", "family_name": "Hooft", "message": "=1+1\n-- two\n\nlines;+x"},
            {"given_name": "Ngozi", "family_name": "", "answers": answers, "show_name": True},
            {
                **{"given_name": "小龍", "family_name": "李", "wants_news": True, "source": "qr"},
                **{"home_country": "US", "home_region": "US-NY", "home_district": "07"},
                **{"home_place": "Brooklyn 11201", "home_tie": "votes_there"},
            },
            {"given_name": "Ada", "city": "unknown", "postcode": "00184", "region": "-Lazio"[1:]},
        ]
    ):
        signature = ledger.sign(
            page, email=f"p{position}@example.org", **{"country": "IT", **fields}
        )
        ledger.confirm(signature)
    petition = Petition.objects.get(key=page.petition_key)

    def export():
        resource = get_signature_resource(petitions=[petition], language=language)
        made = io.BytesIO()
        header, layout = resource.get_frame(FORMATS[kind])
        rows = resource.get_rows(Signature.objects.order_by("number"))
        write_open_file(made, kind, header, rows, **layout)
        return made.getvalue()

    before = export()
    Signature.objects.all().delete()
    petition.tallies.all().delete()
    Petition.objects.update(signature_count=0, last_number=0)
    batch = make_batch(before, of=page, consent="As exported")
    assert batch.preset == "own_export"
    assert batches.problems(batch) == []
    check = run.import_now(batch)
    assert check.counts == {"new": 4, "rejected": 0}
    after = export()
    if kind in ("csv", "jsonl") and after != before:
        print(before.decode(), after.decode(), sep="\n")
    assert after == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_columns_of_our_exports_are_called_the_same(page, language):
    resource = get_signature_resource(language=language, petitions=[page.petition])
    labels = [str(field.column_name) for field in resource.fields.values()]
    assert len({*labels}) == len(labels)


def test_nothing_is_kept_of_rows_put_aside(make_batch, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run.import_now(make_batch(ACTION_NETWORK.encode()))
    assert not list(tmp_path.glob("petition-import-*"))
    assert matching.ROWS_AT_ONCE


def test_a_mapping_is_proposed_by_what_the_questions_are_called(make_page, make_batch):
    page = make_page(questions=[("short_text", {"label": "US voting state"})])
    batch = make_batch(ACTION_NETWORK.encode(), of=page)
    (question,) = page.questions
    assert batch.mapping["US voting state"] == f"answer:{question.id}"
    assert propose(batches.look_into(batch), batch.petition, "").preset is None
    run.import_now(batch)
    answers = batch.signatures.order_by("number").values_list("answers", flat=True)
    assert list(answers) == [{question.id: "CA"}, {question.id: "NY"}]


def test_dates_that_are_still_to_come_are_imported_and_told(import_file):
    batch, check = import_file(b"first name,last name,date\nAda,Rossi,2062-01-01\n")
    assert check.warnings == {"future": 1}
    assert batch.signatures.get().confirmed_at <= timezone.now()


def test_who_takes_over_sees_what_was_committed_meanwhile(import_file, monkeypatch):
    """A worker was killed, and its last transaction ends while another takes the work."""
    import_file(ACTION_NETWORK.encode(), consent="Their form of 2026")
    ImportBatch.objects.update(state=State.RUNNING, position=0)

    def meanwhile(size):
        ImportBatch.objects.update(position=2)
        return "f" * size * 2

    monkeypatch.setattr(leases.secrets, "token_hex", meanwhile)
    assert leases.take(processing.waiting()).position == 2


@pytest.mark.parametrize("kind", ["check", "import", "no emails"])
def test_work_that_takes_longer_than_a_lease_is_done_by_one_worker(
    make_batch, monkeypatch, clock, kind
):
    rows = [f"Ada{n},Rossi,a{n}@example.org,2026-01-02" for n in range(12)]
    content = "\n".join(["first name,last name,email,date", *rows]).encode()
    batch = make_batch(content, mode="no_emails" if kind == "no emails" else "confirmed")
    monkeypatch.setattr(matching, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(suppression, "ADDRESSES_AT_ONCE", 2)
    others = []

    def slowly(read):
        def read_slowly(*args):
            clock.forward(minutes=3)
            others.append(leases.take(processing.waiting()))
            return read(*args)

        return read_slowly

    for name in ("read", "read_address"):
        monkeypatch.setattr(RowReader, name, slowly(getattr(RowReader, name)))
    (run.start_check if kind == "check" else run.start)(batch)
    run.work_off()
    batch.refresh_from_db()
    assert batch.state == ("draft" if kind == "check" else "done")
    assert others == [None] * 12


def test_nothing_is_imported_that_was_promised_to_be_erased(make_page, make_batch, clock):
    page = make_page(closes_at=clock.now() + timedelta(days=10), retention_months=1)
    batch = make_batch(UNKNOWN.encode(), of=page)
    page.closes_at = clock.now() + timedelta(days=400)
    page.save_revision().publish()
    batch.refresh_from_db()
    assert not any("erased" in problem for problem in batches.problems(batch))
    clock.forward(days=100)
    (problem,) = (each for each in batches.problems(batch) if "erased" in each)
    assert "The text that these people signed promises" in problem


def _replace_file(batch, content):
    storage = private_storage()
    storage.delete(batch.path)
    assert storage.save(batch.path, ContentFile(content)) == batch.path


def test_a_file_replaced_after_its_check_is_refused(make_batch):
    batch = make_batch(CHANGE_ORG.encode())
    assert run.check(batch).counts["new"] == 2
    _replace_file(batch, CHANGE_ORG.replace("Luca", "Luigi").encode())
    run.start(batch)
    run.work_off()
    batch.refresh_from_db()
    assert batch.state == State.FAILED
    assert batch.error == "The stored file has changed since it was added. Add it again."
    assert not Signature.objects.exists()
    _replace_file(batch, CHANGE_ORG.encode())
    run.start(batch)
    run.work_off()
    assert Signature.objects.count() == 2

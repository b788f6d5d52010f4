"""Imported signatures: who counts, who isn't imported again, and reverting an import."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.helpers import dump
from wagtail_petition import ledger
from wagtail_petition.identity.emails import email_key
from wagtail_petition.ledger import ImportResult as Result
from wagtail_petition.mail.opt_out import opt_out
from wagtail_petition.models import (
    ImportBatch,
    MailOptOut,
    OutgoingEmail,
    Petition,
    Signature,
    Tally,
    Tombstone,
)

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def make_batch(page):
    """An import that is at work; arguments are its fields."""

    def make(**fields):
        return ImportBatch.objects.create(
            **{
                "petition": ledger.ensure_petition(page),
                "file_name": "list.csv",
                "sha256": "0" * 64,
                "origin": "paper",
                "state": ImportBatch.State.RUNNING,
                "signed_text": ledger.get_or_create_text(page.get_text_to_sign()),
                **fields,
            }
        )

    return make


@pytest.fixture
def row(page):
    """A row of a file, as the ledger takes it."""

    def make(email="", reference="", is_twice=False, is_alike=False, is_ticked=False, **fields):
        moment = timezone.now() - timedelta(days=3)
        signature = Signature(
            **{
                "given_name": "Anna",
                "family_name": "Moretti",
                "email": email,
                "email_key": email_key(email) if email else None,
                "language": "en",
                "origin": "paper",
                "origin_ref": reference,
                "signed_text": ledger.get_or_create_text(page.get_text_to_sign()),
                "signed_at": moment,
                "confirmed_at": moment,
                **fields,
            }
        )
        references = (reference,) if reference else ()
        return ledger.Incoming(signature, references, is_twice, is_alike, is_ticked)

    return make


def petition():
    return Petition.objects.get()


def test_new_signatures_count_in_order_of_their_rows(make_batch, row, make_signature):
    make_signature(email="first@example.org")
    batch = make_batch()
    rows = [row("a@example.org"), row("b@example.org"), row(reference="s-1")]
    assert ledger.import_signatures(batch, rows) == [Result.NEW] * 3
    assert (petition().signature_count, petition().last_number) == (4, 4)
    found = Signature.objects.filter(batch=batch).order_by("number")
    assert [(s.number, s.email, s.origin) for s in found] == [
        (2, "a@example.org", "paper"),
        (3, "b@example.org", "paper"),
        (4, "", "paper"),
    ]
    assert ledger.recount(petition()) == []
    assert Tally.objects.get(origin="paper").count == 3
    batch.refresh_from_db()
    assert (batch.position, batch.counts) == (3, {"new": 3})
    assert not OutgoingEmail.objects.filter(signature__batch=batch).exists()


def test_the_same_reference_is_imported_once(make_batch, row):
    ledger.import_signatures(make_batch(), [row(reference="RM-1 1")])
    other = make_batch()
    assert ledger.import_signatures(other, [row("new@example.org", "RM-1 1")]) == [
        Result.ALREADY_IMPORTED
    ]
    # What they call it elsewhere is another thing.
    assert ledger.sort_out(other, [row("x@example.org", "RM-1 1", origin="action_network")]) == [
        Result.NEW
    ]
    assert petition().signature_count == 1


def test_who_signed_here_keeps_number_and_text(make_batch, row, make_signature):
    here = make_signature(email="anna@gmail.com")
    assert ledger.import_signatures(make_batch(), [row("An.na+x@googlemail.com")]) == [
        Result.ALREADY_HERE
    ]
    here.refresh_from_db()
    assert (here.number, here.batch, here.origin) == (1, None, "web")


def test_an_attempt_stays_and_the_import_counts(make_batch, row, make_signature):
    attempt = make_signature(email="anna@example.org", confirm=False)
    assert ledger.import_signatures(make_batch(), [row("anna@example.org")]) == [Result.NEW]
    attempt.refresh_from_db()
    assert attempt.status == Status.UNCONFIRMED
    assert ledger.confirm(attempt).outcome == ledger.Outcome.DUPLICATE


@pytest.mark.parametrize(
    "leave", ["withdraw", "erase", "invalidate", "opt_out", "withdraw attempt"]
)
def test_nobody_is_brought_back(make_batch, row, make_signature, leave):
    signature = make_signature(email="anna@example.org", confirm="attempt" not in leave)
    if leave.startswith("withdraw"):
        ledger.withdraw(signature)
    elif leave == "opt_out":
        opt_out(signature.email)
        ledger.withdraw(signature)
        Tombstone.objects.all().delete()
    else:
        getattr(ledger, leave)([signature.pk], petition=signature.petition)
    for address in ("anna@example.org", "Anna+list@example.org"):
        assert ledger.import_signatures(make_batch(), [row(address)]) == [Result.LEFT_OUT]
    assert petition().signature_count == 0


def test_somebody_without_an_address_is_not_brought_back_either(make_batch, row):
    batch = make_batch()
    ledger.import_signatures(batch, [row(reference="RM-1 1")])
    ledger.erase([batch.signatures.get().pk], petition=petition())
    assert ledger.import_signatures(make_batch(), [row(reference="RM-1 1")]) == [Result.LEFT_OUT]


def test_a_tombstone_says_nothing_and_holds_after_the_key_was_changed(
    make_batch, row, make_signature, settings
):
    ledger.withdraw(make_signature(email="anna@example.org"))
    assert "anna" not in "".join(line for line in dump().splitlines() if "tombstone" in line)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert ledger.sort_out(make_batch(), [row("anna@example.org")]) == [Result.LEFT_OUT]


def test_who_withdrew_and_signed_again_is_here(make_batch, row, make_signature):
    ledger.withdraw(make_signature(email="anna@example.org"))
    make_signature(email="anna@example.org")
    assert ledger.sort_out(make_batch(), [row("anna@example.org")]) == [Result.ALREADY_HERE]


def test_same_name_and_place_without_an_address_needs_a_tick(make_batch, row, make_signature):
    make_signature(email="anna@example.org", city="Roma")
    batch = make_batch()
    alike = row(reference="1", given_name="ANNA", city="roma ")
    elsewhere = row(reference="2", city="Milano")
    unknown = row(reference="3", city="unknown")
    assert ledger.sort_out(batch, [alike, elsewhere, unknown]) == [
        Result.POSSIBLE,
        Result.NEW,
        Result.NEW,
    ]
    alike.is_ticked = True
    assert ledger.import_signatures(batch, [alike]) == [Result.NEW]
    # And who comes with an address later may be the one on paper.
    assert ledger.sort_out(make_batch(), [row("other@example.org", city="Roma")]) == [
        Result.POSSIBLE
    ]


def test_twice_in_a_file(make_batch, row):
    batch = make_batch()
    rows = [row("a@example.org"), row("a@example.org", is_twice=True)]
    assert ledger.sort_out(batch, rows) == [Result.NEW, Result.TWICE]
    assert ledger.import_signatures(batch, rows[:1]) == [Result.NEW]
    assert ledger.import_signatures(batch, rows[1:]) == [Result.TWICE]
    # Gone through again, it says the same.
    rows = [row("a@example.org"), row("a@example.org", is_twice=True)]
    assert ledger.sort_out(batch, rows) == [Result.NEW, Result.TWICE]


def test_who_is_asked_gets_an_email_and_counts_once_they_confirm(make_batch, row, make_signature):
    make_signature(email="waits@example.org", confirm=False)
    batch = make_batch(mode="ask")
    later = timezone.now() + timedelta(hours=2)
    results = ledger.import_signatures(
        batch, [row("a@example.org"), row("waits@example.org")], due_at=later
    )
    assert results == [Result.NEW, Result.ALREADY_HERE]
    attempt = batch.signatures.get()
    assert (attempt.status, attempt.number, attempt.confirmed_at) == ("unconfirmed", None, None)
    mail = attempt.emails.get()
    assert (mail.kind, mail.due_at) == ("confirm", later)
    assert mail.priority > OutgoingEmail.Priority.CONFIRMATION
    assert ledger.confirm(attempt).outcome == ledger.Outcome.CONFIRMED
    assert ledger.revert_import(batch, [attempt.pk]) == 0
    assert Signature.objects.filter(pk=attempt.pk, status=Status.CONFIRMED).exists()


def test_only_who_holds_the_import_goes_on(make_batch, row):
    batch = make_batch()
    ImportBatch.objects.update(lease="another's")
    with pytest.raises(ledger.ImportLost):
        ledger.import_signatures(batch, [row("a@example.org")])
    assert not Signature.objects.exists()
    assert petition().signature_count == 0


def test_a_file_is_taken_out_as_if_it_had_never_come(make_batch, row, make_signature):
    make_signature(email="here@example.org")
    batch = make_batch()
    ledger.import_signatures(batch, [row(f"{name}@example.org", f"ref {name}") for name in "abcd"])
    pks = list(batch.signatures.order_by("number").values_list("pk", flat=True))
    ledger.withdraw(Signature.objects.get(pk=pks[0]))
    ledger.invalidate(pks[1:2], petition=petition())
    assert ledger.revert_import(batch, pks) == 2
    assert (petition().signature_count, petition().last_number) == (1, 5)
    assert ledger.recount(petition()) == []
    rows = [row(f"{name}@example.org", f"ref {name}") for name in "abcd"]
    assert ledger.import_signatures(make_batch(), rows) == [
        Result.LEFT_OUT,
        Result.ALREADY_IMPORTED,
        Result.NEW,
        Result.NEW,
    ]
    assert petition().last_number == 7


def test_what_was_delivered_stays(make_batch, row):
    batch = make_batch()
    ledger.import_signatures(batch, [row("a@example.org")])
    ledger.mark_delivered([1], petition=petition())
    with pytest.raises(ledger.NotRevertible):
        ledger.revert_import(batch, [batch.signatures.get().pk])
    assert petition().signature_count == 1


def test_erasing_and_anonymising_leave_nothing_of_the_reference(make_batch, row):
    batch = make_batch()
    ledger.import_signatures(
        batch, [row(reference="person-qwertz"), row("b@example.org", "person-yxcvbn")]
    )
    first, second = batch.signatures.order_by("number")
    ledger.anonymise([first.pk], petition=petition())
    ledger.erase([second.pk], petition=petition())
    assert "qwertz" not in dump()
    assert "yxcvbn" not in dump()
    assert (petition().signature_count, ledger.recount(petition())) == (1, [])


def test_an_opt_out_of_a_file_goes_with_it_unless_the_person_said_so(make_batch):
    from wagtail_petition.mail.opt_out import allow_again_by_file, opt_out_by_file

    batch = make_batch(mode="no_emails")
    addresses = ["a@example.org", "A+x@example.org", "b@example.org"]
    assert opt_out_by_file(addresses, batch) == 2
    assert opt_out_by_file(addresses, batch) == 0
    opt_out("b@example.org")
    assert allow_again_by_file(batch) == 1
    assert MailOptOut.objects.count() == 1

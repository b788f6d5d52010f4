"""An organiser's changes: invalidate, restore, erase, import, messages, paper."""

import pytest
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail, Signature

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def petition(page):
    return ledger.ensure_petition(page)


@pytest.fixture
def three(make_signature):
    return [make_signature(email=f"{name}@example.org").pk for name in "abc"]


def statuses(pks):
    return list(
        Signature.objects.filter(pk__in=pks).order_by("pk").values_list("status", flat=True)
    )


def counts(petition):
    petition.refresh_from_db()
    return petition.signature_count, sum(t.count for t in petition.tallies.all())


def test_invalidating_lowers_the_count_and_keeps_data_and_number(petition, three):
    assert ledger.invalidate(three[:2], petition=petition) == 2
    assert counts(petition) == (1, 1)
    invalidated = Signature.objects.get(pk=three[0])
    assert invalidated.status == Status.INVALIDATED
    assert (invalidated.email, invalidated.number) == ("a@example.org", 1)
    assert invalidated.ended_at


def test_invalidating_twice_counts_once(petition, three):
    ledger.invalidate(three, petition=petition)
    assert ledger.invalidate(three, petition=petition) == 0
    assert counts(petition) == (0, 0)


def test_restoring_gives_back_number_and_count(petition, three):
    ledger.invalidate(three, petition=petition)
    assert ledger.restore(three[1:], petition=petition) == 2
    assert counts(petition) == (2, 2)
    restored = Signature.objects.get(pk=three[2])
    assert restored.number == 3
    assert restored.ended_at is None


def test_attempts_are_neither_invalidated_nor_restored(petition, make_signature):
    attempt = make_signature(confirm=False)
    assert ledger.invalidate([attempt.pk], petition=petition) == 0
    assert ledger.restore([attempt.pk], petition=petition) == 0
    assert statuses([attempt.pk]) == [Status.UNCONFIRMED]


@pytest.mark.parametrize("verb", [ledger.invalidate, ledger.restore, ledger.erase])
def test_signatures_of_another_petition_are_left_alone(verb, petition, three, make_page):
    other = ledger.ensure_petition(make_page())
    assert verb(three, petition=other) == 0
    assert statuses(three) == [Status.CONFIRMED] * 3
    assert counts(petition) == (3, 3)


def test_erasing_takes_every_state(petition, three, make_signature):
    attempt = make_signature(confirm=False, email="d@example.org")
    ledger.invalidate(three[:1], petition=petition)
    assert ledger.erase([*three[:2], attempt.pk], petition=petition) == 1
    assert statuses(three) == [Status.WITHDRAWN, Status.WITHDRAWN, Status.CONFIRMED]
    assert not Signature.objects.filter(pk=attempt.pk).exists()
    assert counts(petition) == (1, 1)
    assert set(Signature.objects.exclude(pk=three[2]).values_list("email", "email_key")) == {
        ("", None)
    }


def test_erasing_an_attempt_leaves_the_signature_of_the_same_address(petition, make_signature):
    counted, attempt = make_signature(), make_signature(confirm=False)
    ledger.erase([attempt.pk], petition=petition)
    assert statuses([counted.pk]) == [Status.CONFIRMED]
    assert counts(petition) == (1, 1)


# Import


@pytest.fixture
def imported(page, petition):
    text = ledger.helpers.get_or_create_text(page.get_text_to_sign())

    def make(*emails, **fields):
        now = timezone.now()
        return [
            Signature(
                email=email,
                given_name="Anna",
                country="FR",
                language="en",
                signed_text=text,
                signed_at=now,
                confirmed_at=now,
                **fields,
            )
            for email in emails
        ]

    return make


def test_imported_signatures_count_and_nobody_is_mailed(petition, imported):
    recorded = ledger.record_import(petition, imported("a@example.org", "b@example.org"))
    assert [s.number for s in recorded] == [1, 2]
    assert counts(petition) == (2, 2)
    assert petition.last_number == 2
    assert not OutgoingEmail.objects.exists()


def test_nobody_is_imported_twice(petition, imported, make_signature):
    make_signature(email="a@example.org")
    again = make_signature(email="struck@example.org")
    ledger.invalidate([again.pk], petition=petition)
    recorded = ledger.record_import(
        petition,
        imported("A@example.org", "struck@example.org", "b@example.org", "b+x@example.org"),
    )
    assert [(s.email, s.number) for s in recorded] == [("b@example.org", 3)]
    assert counts(petition) == (2, 2)


def test_many_are_imported_in_a_bounded_number_of_queries(
    petition, imported, django_assert_max_num_queries
):
    rows = imported(*[f"person{i}@example.org" for i in range(1500)])
    # SQLite takes fewer parameters at once than PostgreSQL, so it needs more of them.
    with django_assert_max_num_queries(75):
        ledger.record_import(petition, rows)
    assert counts(petition) == (1500, 1500)


# Messages and paper


def test_messages_are_shown_and_hidden(petition, make_signature):
    with_message = make_signature(message="Please.")
    without = make_signature(email="b@example.org")
    pks = [with_message.pk, without.pk]
    shown = Signature.MessageState.SHOWN
    assert with_message.message_state == Signature.MessageState.PENDING
    assert ledger.set_message_state(pks, shown, petition=petition) == 1
    with_message.refresh_from_db()
    assert with_message.message_state == shown


def test_paper_signatures_add_to_what_people_see(client, page, petition, make_signature):
    make_signature()
    ledger.set_offline_count(petition, 41)
    assert petition.total_count == 42
    assert client.get(f"/petitions/{page.translation_key}/count.json").json() == {"count": 42}

"""Concurrent changes, with real threads and transactions."""

import pytest

from tests.helpers import at_once
from wagtail_petition import ledger
from wagtail_petition.ledger import Outcome
from wagtail_petition.models import OutgoingEmail, Petition, Signature, SignedText

pytestmark = pytest.mark.django_db(transaction=True)
Status = Signature.Status

MANY = 16


@pytest.fixture(autouse=True)
def _no_mail(settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}


def outcomes(results):
    unexpected = [r for r in results if isinstance(r, Exception)]
    assert unexpected == []
    return [r.outcome for r in results]


def test_one_address_confirmed_by_many_at_once(page, make_signature):
    attempts = [make_signature(confirm=False) for _ in range(MANY)]
    found = outcomes(at_once(MANY, lambda i: ledger.confirm(attempts[i])))
    assert sorted(o.value for o in found) == ["confirmed"] + ["duplicate"] * (MANY - 1)
    assert Signature.objects.filter(status=Status.CONFIRMED).count() == 1
    assert Signature.objects.get(status=Status.CONFIRMED).number == 1
    assert ledger.recount(page.petition) == []
    assert OutgoingEmail.objects.filter(kind="receipt").count() == 1


def test_one_attempt_confirmed_by_many_at_once(page, make_signature):
    attempt = make_signature(confirm=False)
    found = outcomes(at_once(MANY, lambda i: ledger.confirm(attempt)))
    assert found.count(Outcome.CONFIRMED) == 1
    assert found.count(Outcome.REPEATED) == MANY - 1
    assert ledger.recount(page.petition) == []
    assert Petition.objects.get().signature_count == 1


def test_many_people_get_one_number_each(page, make_signature):
    attempts = [make_signature(confirm=False, email=f"{i}@example.org") for i in range(MANY)]
    results = at_once(MANY, lambda i: ledger.confirm(attempts[i]))
    assert set(outcomes(results)) == {Outcome.CONFIRMED}
    numbers = Signature.objects.values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, MANY + 1))
    assert ledger.recount(page.petition) == []
    assert Petition.objects.get().last_number == MANY


def test_the_first_signers_of_a_petition_at_once(page, form_data):
    Petition.objects.all().delete()

    def sign(i):
        of = type(page).objects.get(pk=page.pk)
        return ledger.sign(of, email=f"{i}@example.org", given_name="Anna")

    results = at_once(MANY, sign)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert Petition.objects.count() == SignedText.objects.count() == 1
    assert Signature.objects.count() == MANY


def test_confirming_and_withdrawing_and_striking_out_at_once(page, make_signature):
    petition = page.petition
    signatures = [make_signature(email=f"{i}@example.org") for i in range(8)]
    attempts = [make_signature(confirm=False, email=f"new{i}@example.org") for i in range(8)]
    pks = [s.pk for s in signatures]

    def act(i):
        match i % 4:
            case 0:
                return ledger.withdraw(signatures[i // 2])
            case 1:
                return ledger.invalidate(pks, petition=petition)
            case 2:
                return ledger.confirm(attempts[i // 2])
            case 3:
                return ledger.restore(pks, petition=petition)

    results = at_once(MANY, act)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert ledger.recount(petition) == []


def test_confirmation_seen_means_every_lower_number_is_seen(page, make_signature):
    """ "Signatures 1 to N" is an exact set as soon as N is visible."""
    attempts = [make_signature(confirm=False, email=f"{i}@example.org") for i in range(MANY)]
    holes = []

    def confirm_and_look(i):
        result = ledger.confirm(attempts[i])
        seen = set(
            Signature.objects.filter(number__lte=result.signature.number).values_list(
                "number", flat=True
            )
        )
        holes.extend(set(range(1, result.signature.number + 1)) - seen)
        return result

    outcomes(at_once(MANY, confirm_and_look))
    assert holes == []


def test_an_attempt_is_forgotten_or_confirmed_never_both(page, make_signature):
    attempts = [make_signature(confirm=False, email=f"{i}@example.org") for i in range(MANY)]
    pks = [attempt.pk for attempt in attempts]

    def act(i):
        return ledger.forget_attempts(pks[i - 1 : i + 1]) if i % 2 else ledger.confirm(attempts[i])

    results = at_once(MANY, act)
    confirmed = set(results[::2])
    assert {r.outcome for r in confirmed} <= {Outcome.CONFIRMED, Outcome.ENDED}
    left = {r.signature.pk for r in confirmed if r.outcome == Outcome.CONFIRMED}
    assert set(Signature.objects.values_list("pk", flat=True)) == left
    assert sum(results[1::2]) == MANY - len(left)
    assert ledger.recount(page.petition) == []

"""A signer's changes: sign, confirm, change a choice, withdraw."""

import re

import pytest

from tests.helpers import dump
from wagtail_petition import ledger
from wagtail_petition.ledger import Outcome, tokens
from wagtail_petition.models import OutgoingEmail, Signature, SignedText, Token

pytestmark = pytest.mark.django_db
Status = Signature.Status


def count_of(page):
    petition = ledger.ensure_petition(page)
    petition.refresh_from_db()
    return petition.signature_count


def tallied(page):
    return sum(t.count for t in ledger.ensure_petition(page).tallies.all())


# Sign


def test_signing_keeps_an_attempt_and_owes_its_mail(page, make_signature):
    signature = make_signature(confirm=False, email="Anna@example.org")
    assert signature.status == Status.UNCONFIRMED
    assert signature.number is None
    assert (signature.email, signature.email_key) == ("Anna@example.org", "anna@example.org")
    assert signature.language == "en"
    assert [m.kind for m in signature.emails.all()] == ["confirm"]
    assert count_of(page) == 0


def test_an_address_may_try_as_often_as_it_likes(make_signature):
    attempts = [make_signature(confirm=False) for _ in range(3)]
    assert len({a.pk for a in attempts}) == 3


def test_signing_again_after_a_signature_counts_is_an_attempt_like_any(make_signature):
    make_signature()
    assert make_signature(confirm=False).status == Status.UNCONFIRMED


def test_another_mail_for_an_attempt_and_for_nothing_else(make_signature):
    attempt = make_signature(confirm=False)
    ledger.send_confirmation_again(attempt)
    assert attempt.emails.filter(kind="confirm").count() == 2
    counted = ledger.confirm(attempt).signature
    ledger.send_confirmation_again(counted)
    assert counted.emails.filter(kind="confirm").count() == 2


def test_another_address_is_another_attempt_with_the_same_content(make_signature):
    first = make_signature(confirm=False, message="Please.")
    other = ledger.sign_with_other_address(Signature.objects.get(pk=first.pk), "anna@example.net")
    assert other.pk != first.pk
    assert (other.email, other.email_key) == ("anna@example.net", "anna@example.net")
    assert other.message == "Please."
    assert [m.kind for m in other.emails.all()] == ["confirm"]
    first.refresh_from_db()
    assert first.email == "anna@example.org"


def test_a_signature_that_counts_keeps_its_address(make_signature):
    counted = make_signature()
    assert ledger.sign_with_other_address(counted, "anna@example.net") == counted
    counted.refresh_from_db()
    assert counted.email == "anna@example.org"
    assert Signature.objects.count() == 1


# Confirm


def test_confirming_gives_the_next_number_and_owes_the_receipt(page, make_signature):
    signatures = [make_signature(email=f"{name}@example.org") for name in "abc"]
    assert [s.number for s in signatures] == [1, 2, 3]
    assert {s.status for s in signatures} == {Status.CONFIRMED}
    assert all(s.confirmed_at for s in signatures)
    assert count_of(page) == tallied(page) == 3
    assert OutgoingEmail.objects.filter(kind="receipt").count() == 3


def test_confirming_again_changes_nothing(page, make_signature):
    signature = make_signature()
    again, outcome = ledger.confirm(signature)
    assert outcome is Outcome.REPEATED
    assert again.number == 1
    assert count_of(page) == 1
    assert OutgoingEmail.objects.filter(kind="receipt").count() == 1


def test_the_first_confirmation_of_an_address_wins(page, make_signature):
    """Somebody signed with another's address under an insulting name; the owner signs too."""
    attack = make_signature(confirm=False, given_name="Idiot", email="anna+x@example.org")
    own = make_signature(confirm=False, given_name="Anna")
    assert ledger.confirm(own).outcome is Outcome.CONFIRMED
    late, outcome = ledger.confirm(attack)
    assert outcome is Outcome.DUPLICATE
    assert late.status == Status.UNCONFIRMED
    assert late.number is None
    assert count_of(page) == 1
    (counted,) = Signature.objects.filter(status=Status.CONFIRMED)
    assert counted.given_name == "Anna"


def test_a_duplicate_uses_up_no_number(make_signature):
    make_signature()
    ledger.confirm(make_signature(confirm=False))
    assert make_signature(email="b@example.org").number == 2


def test_two_languages_are_one_petition(page, translated, make_signature):
    make_signature(email="a@example.org")
    signature = make_signature(of=translated, email="b@example.org")
    assert signature.number == 2
    assert signature.language == "it"
    assert count_of(page) == count_of(translated) == 2
    again = make_signature(of=translated, confirm=False, email="a@example.org")
    assert ledger.confirm(again).outcome is Outcome.DUPLICATE


def test_a_person_may_sign_two_petitions(make_page, make_signature):
    assert make_signature(of=make_page()).number == 1
    assert make_signature(of=make_page()).number == 1


def test_who_was_invalidated_cannot_sign_again(page, make_signature):
    ledger.invalidate([make_signature().pk], petition=page.petition)
    assert ledger.confirm(make_signature(confirm=False)).outcome is Outcome.DUPLICATE


def test_ended_signature_is_not_confirmed_again(page, make_signature):
    signature = make_signature()
    ledger.invalidate([signature.pk], petition=page.petition)
    assert ledger.confirm(signature).outcome is Outcome.ENDED


def test_attempt_deleted_meanwhile_is_an_end_and_no_error(page, make_signature):
    attempt = make_signature(confirm=False)
    same = Signature.objects.get(pk=attempt.pk)
    ledger.erase([attempt.pk], petition=page.petition)
    assert ledger.confirm(same).outcome is Outcome.ENDED
    assert count_of(page) == 0


# Choices


def test_name_and_news_can_be_switched(make_signature):
    signature = make_signature()
    ledger.set_show_name(signature, True)
    ledger.set_wants_news(signature, True)
    signature.refresh_from_db()
    assert signature.show_name
    assert signature.wants_news


def test_what_was_erased_is_not_shown_again(page, make_signature):
    withdrawn, anonymous = make_signature(), make_signature(email="b@example.org")
    ledger.withdraw(withdrawn)
    ledger.anonymise([anonymous.pk], petition=page.petition)
    for signature in (withdrawn, anonymous):
        ledger.set_show_name(signature, True)
        ledger.set_wants_news(signature, True)
    assert not Signature.objects.filter(show_name=True).exists()
    assert not Signature.objects.filter(wants_news=True).exists()


# Withdraw

PERSON = {
    "given_name": "Quirinalia",
    "family_name": "Zanzottera",
    "email": "Quirinalia.Zanzottera+petition@zanzottera.example.org",
    "postcode": "ZQ-39100",
    "city": "Bolzanello",
    "region": "Altissimo",
    "home_country": "GB",
    "home_district": "Quirinalia Central",
    "home_place": "Bolzanello 39100",
    "home_tie": "never_lived",
    "message": "My grandmother Ermenegilda says so.",
    "answers": {"question": "Answer of Quirinalia", "other": ["zanzottera"]},
    "network": "abcdef0123456789",
    "show_name": True,
    "wants_news": True,
}
TRACES = re.compile(
    r"quirinalia|zanzottera|ZQ-39100|bolzanello|altissimo|ermenegilda|abcdef0123456789"
    r"|never_lived",
    re.IGNORECASE,
)


def test_the_search_for_traces_finds_them(make_signature):
    make_signature(**PERSON)
    assert set(map(str.lower, TRACES.findall(dump()))) > {"quirinalia", "abcdef0123456789"}


def test_withdrawing_leaves_no_trace_of_the_person(page, make_signature):
    attempt = make_signature(confirm=False, **PERSON)
    tokens.issue(attempt, Token.Purpose.CONFIRM)
    signature = make_signature(**PERSON)
    kept = make_signature(email="b@example.org")
    assert ledger.withdraw(signature) is True
    assert TRACES.search(dump()) is None
    assert OutgoingEmail.objects.exclude(signature=kept).count() == 0
    signature.refresh_from_db()
    assert signature.status == Status.WITHDRAWN
    assert signature.country == "IT", "tallies stay recomputable"


def test_withdrawing_lowers_the_count_and_leaves_a_gap(page, make_signature):
    signatures = [make_signature(email=f"{name}@example.org") for name in "abc"]
    ledger.withdraw(signatures[1])
    assert count_of(page) == tallied(page) == 2
    numbers = Signature.objects.filter(status=Status.CONFIRMED).values_list("number", flat=True)
    assert sorted(numbers) == [1, 3]
    assert make_signature(email="d@example.org").number == 4


def test_withdrawing_twice_lowers_the_count_once(page, make_signature):
    signature = make_signature()
    assert ledger.withdraw(signature) is True
    assert ledger.withdraw(signature) is False
    assert count_of(page) == 0


def test_withdrawing_an_attempt_deletes_it(page, make_signature):
    attempt = make_signature(confirm=False)
    assert ledger.withdraw(attempt) is False
    assert not Signature.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_who_withdrew_may_sign_again(make_signature):
    ledger.withdraw(make_signature())
    again = make_signature()
    assert again.status == Status.CONFIRMED
    assert again.number == 2


def test_who_was_invalidated_and_withdrew_is_never_restored(page, make_signature):
    signature = make_signature(**PERSON)
    ledger.invalidate([signature.pk], petition=page.petition)
    ledger.withdraw(signature)
    assert ledger.restore([signature.pk], petition=page.petition) == 0
    assert count_of(page) == 0
    assert TRACES.search(dump()) is None


# The text


def test_the_text_is_kept_once_and_never_changes(page, make_signature):
    first, second = make_signature(), make_signature(email="b@example.org")
    assert first.signed_text == second.signed_text
    page.letter = "<p>We ask for nothing.</p>"
    page.save_revision().publish()
    page.refresh_from_db()
    third = make_signature(of=page, email="c@example.org")
    assert SignedText.objects.count() == 2
    assert "nothing" in third.signed_text.letter
    first.signed_text.refresh_from_db()
    assert "separating children" in first.signed_text.letter
    page.letter = first.signed_text.letter
    page.save_revision().publish()
    assert make_signature(of=page, email="d@example.org").signed_text == first.signed_text
    assert SignedText.objects.count() == 2

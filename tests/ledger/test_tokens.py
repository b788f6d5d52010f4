"""Tokens: random, stored as hashes, valid for one purpose."""

import string

import pytest

from tests.helpers import dump, path_in
from wagtail_petition.ledger import tokens
from wagtail_petition.models import Petition, Signature, Token

pytestmark = pytest.mark.django_db
Purpose = Token.Purpose


@pytest.fixture
def issued(make_signature):
    """A token for each purpose."""
    return tokens.issue(make_signature(confirm=False), *Purpose)


def test_tokens_are_random_and_fit_into_a_path(issued):
    assert len(set(issued.values())) == 3
    for token in issued.values():
        assert len(token) == 43, "256 bits"
        assert set(token) <= set(string.ascii_letters + string.digits + "-_")


def test_no_token_lies_in_the_database(issued):
    everything = dump()
    assert not [token for token in issued.values() if token in everything]


def test_token_is_found_for_its_purpose_alone(issued):
    for purpose, token in issued.items():
        for asked in Purpose:
            assert bool(tokens.find(token, asked)) is (asked == purpose)


def test_confirming_ends_after_seven_days_and_nothing_else_does(issued, clock):
    clock.forward(days=7)
    expired = {p for p, token in issued.items() if tokens.is_expired(tokens.find(token, p))}
    assert expired == {Purpose.CONFIRM}


def test_issuing_takes_two_queries_at_most(make_signature, django_assert_max_num_queries):
    signature = make_signature(confirm=False)
    with django_assert_max_num_queries(2):
        tokens.issue(signature, *Purpose)


STEPS = {"confirm": 0, "signature": 1, "unsubscribe": 0}


@pytest.fixture
def mails(client, post, mailoutbox):
    """The mail to confirm, and the receipt."""
    post()
    client.post(path_in(mailoutbox[0], "confirm"))
    return mailoutbox


@pytest.mark.parametrize("step", STEPS)
def test_flipping_any_character_makes_a_dead_link(client, mails, step):
    path = path_in(mails[STEPS[step]], step)
    token = path.split("/")[-2]
    for position, character in enumerate(token):
        flipped = "A" if character != "A" else "B"
        wrong = path.replace(token, token[:position] + flipped + token[position + 1 :])
        assert client.get(wrong).status_code == 404
        assert client.post(wrong, {"withdraw": "1"}).status_code == 404
    assert Signature.objects.get().status == "confirmed"


def test_a_token_is_of_no_use_elsewhere(client, mails):
    found = {step: path_in(mails[number], step) for step, number in STEPS.items()}
    for step, path in found.items():
        for other in found.keys() - {step}:
            wrong = path.replace(f"/{step}/", f"/{other}/")
            assert client.get(wrong).status_code == 404
            assert client.post(wrong, {"withdraw": "1"}).status_code == 404
    assert Signature.objects.get().status == "confirmed"


def test_replaying_a_confirmation_raises_the_count_once(client, post, mailoutbox):
    post()
    path = path_in(mailoutbox[0], "confirm")
    answers = [client.post(path) for _ in range(20)]
    assert {r.status_code for r in answers} == {303}
    thanks = [client.get(response["Location"]).context["number"] for response in answers]
    assert thanks == [1] * 20
    assert Petition.objects.get().signature_count == 1
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("token", ["x", "\x00", "%00", "a" * 5000, "é", "..", "'; DROP TABLE"])
def test_nonsense_is_a_dead_link(client, db, step, token):
    response = client.get(f"/petitions/{step}/{token}/")
    assert response.status_code == 404

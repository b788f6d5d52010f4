"""The proof of work: people can sign, and each proof is valid for one signature."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.helpers import at_once
from wagtail_petition.models import Signature, SpentProof, Visit
from wagtail_petition.signing import abuse
from wagtail_petition.signing.altcha import check, new_challenge
from wagtail_petition.signing.views import sign as views


@pytest.fixture(autouse=True)
def _switched_on(settings, monkeypatch):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "ALTCHA": True}
    # The rules are the same with less work.
    monkeypatch.setattr("wagtail_petition.signing.altcha.COST", 10)


def solve(challenge):
    """What the browser sends for a challenge (plain data)."""
    challenge = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(challenge)
    payload = {"challenge": challenge.to_dict(), "solution": solution.to_dict()}
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.mark.django_db
class TestSigning:
    def test_with_a_proof(self, client, post):
        challenge = client.get("/petitions/challenge.json").json()
        assert post(proof=solve(challenge)).status_code == 303

    def test_without_one_it_says_what_to_do_and_keeps_what_was_typed(self, post):
        response = post()
        assert response.status_code == 422
        text = response.content.decode()
        assert "Turn on JavaScript" in text
        assert 'value="anna@example.org"' in text

    def test_a_proof_buys_one_signature(self, client, post):
        solved = solve(client.get("/petitions/challenge.json").json())
        assert post(proof=solved).status_code == 303
        response = post(proof=solved, email="bruno@example.org")
        assert response.status_code == 422
        assert Signature.objects.count() == 1

    def test_a_form_with_an_error_spends_nothing(self, client, post):
        solved = solve(client.get("/petitions/challenge.json").json())
        assert post(proof=solved, given_name="").status_code == 422
        assert post(proof=solved).status_code == 303

    def test_a_proof_buys_one_mail(self, client, post, mailoutbox):
        """To ask for a mail to another address, or for another mail, costs as much as signing."""

        def ask(address, solved):
            return client.post(
                inbox,
                {"email": address, "proof": solved},
                headers={"Origin": "http://testserver"},
            ).status_code

        solved = solve(client.get("/petitions/challenge.json").json())
        inbox = post(proof=solved)["Location"]
        shown = client.get(inbox).text
        assert shown.count("<form") == shown.count("data-petition-proof") == 2
        for address in ("victim@example.org", "anna@example.org"):
            assert ask(address, solved) == ask(address, "") == 422
            assert ask(address, solve(new_challenge())) == 303
        assert len(mailoutbox) == 3

    def test_where_all_pay_a_busy_network_is_asked_for_nothing_else(self, post):
        for i in range(12):
            solved = solve(new_challenge())
            assert post(proof=solved, email=f"a{i}@example.org").status_code == 303

    def test_a_signature_that_fails_spends_nothing(self, client, post, monkeypatch):
        def locked(*args, **kwargs):
            raise OperationalError("database is locked")

        solved = solve(new_challenge())
        with monkeypatch.context() as patch:
            patch.setattr(views, "sign_in_transaction", locked)
            assert post(proof=solved).status_code == 503
        assert not Visit.objects.exists()
        assert post(proof=solved).status_code == 303

    def test_switched_off_there_is_no_challenge(self, client, settings):
        settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "ALTCHA": False}
        assert client.get("/petitions/challenge.json").status_code == 404


@pytest.mark.django_db
class TestCheck:
    def test_of_another_site(self, settings):
        settings.SECRET_KEY = "another site's"
        solved = solve(new_challenge())
        settings.SECRET_KEY = "ours"
        with pytest.raises(abuse.Refused):
            check(solved)

    def test_made_easier(self):
        challenge = new_challenge()
        challenge["parameters"]["keyPrefix"] = ""
        with pytest.raises(abuse.Refused):
            check(solve(challenge))

    def test_expired(self, monkeypatch):
        monkeypatch.setattr("wagtail_petition.signing.altcha.AGE", timedelta(seconds=-1))
        with pytest.raises(abuse.Refused):
            check(solve(new_challenge()))

    @pytest.mark.parametrize("payload", ["", "x", "e30=", "\x00", "[]" * 1000])
    def test_nonsense(self, payload):
        with pytest.raises(abuse.Refused):
            check(payload)


@pytest.mark.django_db(transaction=True)
def test_sent_many_times_at_once_it_buys_one():
    solved = solve(new_challenge())
    results = at_once(8, lambda _position: check(solved))
    assert sum(result is None for result in results) == 1
    assert all(isinstance(r, abuse.Refused) for r in results if r is not None)
    assert SpentProof.objects.get().expires_at > timezone.now()

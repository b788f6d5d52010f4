"""Who gets an update."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from wagtail_petition import ledger
from wagtail_petition.models import Signature
from wagtail_petition.updates import sending
from wagtail_petition.updates.audience import Audience, by_language, in_audience, known_values

pytestmark = pytest.mark.django_db


@pytest.fixture
def emails_of(page):
    """The addresses before the "@" in an audience."""

    def emails(**audience):
        found = in_audience(page.petition, Audience(**audience))
        return {email.partition("@")[0] for email in found.values_list("email", flat=True)}

    return emails


def test_only_those_who_count_and_want_news(page, make_signature, emails_of):
    def sign(name, **fields):
        return make_signature(email=f"{name}@example.org", **{"wants_news": True, **fields})

    sign("wants")
    sign("wants-none", wants_news=False)
    sign("unconfirmed", confirm=False)
    ledger.withdraw(sign("withdrawn"))
    ledger.invalidate([sign("invalidated").pk], petition=page.petition)
    ledger.anonymise([sign("anonymised").pk], petition=page.petition)
    assert emails_of() == {"wants"}


def test_of_this_petition_only(make_page, make_signature, emails_of):
    make_signature(make_page(title="Another"), wants_news=True)
    assert emails_of() == set()


def test_by_country_language_origin_and_home(page, translated, make_signature, emails_of):
    make_signature(email="a@example.org", wants_news=True, country="IT")
    make_signature(
        translated, email="b@example.org", wants_news=True, country="FR", home_region="US-CA"
    )
    Signature.objects.filter(email="a@example.org").update(origin="paper")
    assert emails_of(countries=["FR"]) == {"b"}
    assert emails_of(countries=["FR", "IT"]) == {"a", "b"}
    assert emails_of(languages=["en"]) == {"a"}
    assert emails_of(origins=["paper"]) == {"a"}
    assert emails_of(home_regions=["US-CA"]) == {"b"}
    assert emails_of(countries=["IT"], languages=["it"]) == set()


def test_by_the_day_of_signing_in_the_site_s_time_zone(make_signature, emails_of):
    make_signature(wants_news=True)
    zone = ZoneInfo("Europe/Rome")
    Signature.objects.update(signed_at=datetime(2026, 5, 1, 23, 59, tzinfo=zone))
    assert emails_of(signed_from="2026-05-01") == {"anna"}
    assert emails_of(signed_to="2026-05-01") == {"anna"}
    assert emails_of(signed_from="2026-05-02") == set()
    assert emails_of(signed_to="2026-04-30") == set()


def test_delivered_or_not(page, make_signature, emails_of):
    make_signature(email="a@example.org", wants_news=True)
    make_signature(email="b@example.org", wants_news=True)
    ledger.mark_delivered([1], petition=page.petition)
    assert emails_of(delivered=True) == {"a"}
    assert emails_of(delivered=False) == {"b"}


def test_who_got_another_update_or_did_not(signers, update, start, emails_of):
    signers(1)
    start(update)
    sending.send_updates()
    signers(1)
    assert emails_of(update=update.number) == {"signer0"}
    assert emails_of(update=update.number, got=False) == {"signer1"}


def test_what_is_stored_is_what_was_chosen():
    audience = Audience(countries=["IT"], update=3, got=False)
    assert audience.as_data() == {"countries": ["IT"], "update": 3, "got": False}
    assert Audience(**audience.as_data()) == audience
    assert Audience().as_data() == {}
    assert Audience(delivered=False).as_data() == {"delivered": False}


def test_languages_and_known_values(page, translated, signers):
    signers(2)
    signers(3, of=translated, country="FR")
    assert by_language(in_audience(page.petition, Audience())) == {"it": 3, "en": 2}
    known = known_values(page.petition)
    assert known["country"] == ["FR", "IT"]
    assert known["language"] == ["en", "it"]

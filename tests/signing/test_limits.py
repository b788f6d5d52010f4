"""Limits per network: who is asked for one more step, who has to wait, and who isn't affected."""

import ipaddress
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.helpers import dump
from wagtail_petition.models import BlockRule, NetworkSecret, Signature, Visit
from wagtail_petition.signing import limits
from wagtail_petition.signing.abuse import Refused
from wagtail_petition.signing.admission import STEP, OneMoreStep, admitted

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}
SIGNED, ASKED, WAITS = "signed", "asked for one more step", "has to wait"


@pytest.fixture
def come(page, rf):
    """Somebody asks to sign from a network, and does what is asked. Returns how that ended.

    Each time another person, in a browser of the same make.
    """
    people = iter(range(10_000))

    def come(to=page, presses=True, browser="Firefox", remote="203.0.113.9", forwarded=None):
        email = f"person{next(people)}@example.org"
        headers = {"User-Agent": browser, "Accept-Language": "it"}
        if forwarded:
            headers["X-Forwarded-For"] = forwarded
        data = {}
        while True:
            request = rf.post("/", data, headers=headers, REMOTE_ADDR=remote)
            try:
                with admitted(request, to, email):
                    return SIGNED
            except OneMoreStep as needed:
                if not presses:
                    return ASKED
                data = {STEP: needed.token}
            except Refused as refused:
                return WAITS if refused.status == 429 else refused.message

    return come


@pytest.fixture
def post_from(client, page, form_data):
    """Send the form from one network; each time another person."""
    people = iter(range(1000))

    def send(**changes):
        data = form_data(email=f"person{next(people)}@example.org", **changes)
        return client.post(page.sign_url, data, headers=HERE, REMOTE_ADDR="203.0.113.9")

    return send


def visits(page, number, age=timedelta(0), browser="b", remote="203.0.113.9"):
    """Record a number of signatures from a network, some time ago."""
    network = limits.network_hash(ipaddress.ip_address(remote))
    at = timezone.now() - age
    Visit.objects.bulk_create(
        Visit(petition=page.petition, network=network, browser=browser, at=at)
        for _ in range(number)
    )


# One more step


def test_from_ten_a_minute_on_a_network_is_asked_for_one_more_step(come, clock):
    assert [come(presses=False) for _ in range(12)] == [SIGNED] * 10 + [ASKED] * 2
    assert come() == SIGNED
    clock.forward(seconds=61)
    assert come(presses=False) == SIGNED


def test_from_sixty_an_hour_on_too(come, page, clock):
    visits(page, 60, age=timedelta(minutes=5))
    assert come(presses=False) == ASKED
    clock.forward(hours=1)
    assert come(presses=False) == SIGNED


def test_the_step_keeps_what_was_typed_and_needs_one_button(client, page, post_from):
    visits(page, 10)
    asked = post_from(given_name="Zo\u00eb")
    assert asked.status_code == 200
    assert "One more step" in asked.text
    assert "Zo\u00eb Moretti" in asked.text
    assert not Signature.objects.exists()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text))
    sent = client.post(page.sign_url, fields, headers=HERE, REMOTE_ADDR="203.0.113.9")
    assert sent.status_code == 303
    assert Signature.objects.get().given_name == "Zo\u00eb"


def test_each_petition_has_its_own_window(come, page, make_page):
    visits(page, 10)
    assert come(presses=False) == ASKED
    assert come(to=make_page(), presses=False) == SIGNED


def test_other_networks_are_not_held_up(come, page):
    visits(page, 10)
    assert come(presses=False, remote="203.0.113.10") == SIGNED


def test_a_hundred_made_up_addresses_are_one_client(come):
    """X-Forwarded-For is worth nothing unless a proxy of ours wrote it."""
    found = [come(presses=False, forwarded=f"198.51.100.{i}") for i in range(100)]
    assert found == [SIGNED] * 10 + [ASKED] * 90


def test_a_hundred_made_up_addresses_in_front_of_our_proxy(come, settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker", "TRUSTED_PROXIES": 1}
    found = [
        come(presses=False, remote="127.0.0.1", forwarded=f"10.0.0.{i}, 198.51.100.7")
        for i in range(20)
    ]
    assert found == [SIGNED] * 10 + [ASKED] * 10
    assert come(presses=False, remote="127.0.0.1", forwarded="198.51.100.8") == SIGNED


def test_a_household_is_one_ipv6_network(come):
    found = [come(presses=False, remote=f"2001:db8:1:2::{i:x}") for i in range(1, 13)]
    assert found == [SIGNED] * 10 + [ASKED] * 2
    assert come(presses=False, remote="2001:db8:1:3::1") == SIGNED


def test_no_limit_where_the_site_wants_none(come, settings):
    settings.WAGTAIL_PETITION = {
        **{"BACKGROUND": "worker", "SIGNATURES_PER_NETWORK": ()},
        "SIGNATURES_PER_NETWORK_AT_MOST": None,
    }
    assert {come(presses=False) for _ in range(100)} == {SIGNED}


def test_clients_without_an_address_share_a_generous_limit(come, caplog):
    """Behind a Unix socket clients can't be distinguished, but a flood must still be limited."""
    limits._warn_of_unknown_addresses.cache_clear()
    found = [come(presses=False, remote="") for _ in range(101)]
    assert found == [SIGNED] * 100 + [ASKED]
    # Whoever runs the site is told, once.
    assert caplog.text.count("TRUSTED_PROXIES") == 1
    # What they share says nothing about them: it would make all of them suspicious.
    assert not Signature.objects.exclude(network="").exists()


# Waiting


def test_far_above_one_waits_and_is_told_how_long(client, page, post_from, clock):
    visits(page, 600, age=timedelta(minutes=17))
    response = post_from(given_name="Quirina")
    assert response.status_code == 429
    assert response["Retry-After"] == str(43 * 60)
    assert "in 43 minutes" in response.text
    assert "Quirina" in response.text, "what was typed is still there"
    clock.forward(minutes=43)
    assert post_from().status_code == 303


def test_who_is_turned_away_makes_nobody_wait_longer(come, page, clock):
    visits(page, 60)
    for _second in range(59):
        clock.forward(seconds=1)
        assert come() == WAITS
    clock.forward(seconds=2)
    assert come() == SIGNED
    assert Visit.objects.count() == 61


def test_one_browser_has_half_of_its_network(come):
    """A robot in a school's network leaves half of the limit to the school."""
    assert [come(browser="junk") for _ in range(31)] == [SIGNED] * 30 + [WAITS]
    assert come(browser="Firefox") == SIGNED


def test_a_network_that_may_always_sign_never_waits(come, page):
    visits(page, 600)
    assert come() == WAITS
    BlockRule.objects.create(kind="network", value="203.0.113.9", effect="allow")
    assert come() == SIGNED


def test_each_mail_counts(client, page, post_from):
    """To send one to another address is as good as to sign once more."""
    inbox = post_from()["Location"]
    visits(page, 600)
    for address in ("person0@example.org", "other@example.org"):
        response = client.post(inbox, {"email": address}, headers=HERE, REMOTE_ADDR="203.0.113.9")
        assert response.status_code == 429
        assert response["Retry-After"]
        assert "in 60 minutes" in response.text


def test_however_much_is_stored_it_reads_no_more_than_the_limit(
    page, rf, django_assert_num_queries
):
    visits(page, 2000, age=timedelta(minutes=5))
    visitor = limits.get_visitor(rf.get("/", REMOTE_ADDR="203.0.113.9"))
    with django_assert_num_queries(1) as queries:
        traffic = limits.Traffic(visitor, page.petition)
    assert len(traffic.all) == 600
    assert "LIMIT 600" in queries[0]["sql"]
    assert traffic.is_busy


# Who gets through


def test_240_people_behind_one_address_two_a_minute(come, clock):
    """A consulate, two hours long, all with the same browser: nobody waits."""
    found = []
    for _person in range(240):
        found.append(come())
        clock.forward(seconds=30)
    assert found == [SIGNED] * 240


def test_240_people_in_one_hall_within_five_minutes(come, clock):
    """They try again after the announced wait. The last one signs three minutes later."""
    waiting, minutes = 0, 0
    coming = [48] * 5
    while coming or waiting:
        people = waiting + (coming.pop() if coming else 0)
        waiting = [come() for _ in range(people)].count(WAITS)
        clock.forward(seconds=61)
        minutes += 1
    assert minutes == 8


def test_junk_from_a_shared_network_keeps_nobody_out(come, clock):
    """A robot makes 600 attempts within an hour without pressing the second button. Then a person signs."""
    for _attempt in range(600):
        come(presses=False, browser="junk")
        clock.forward(seconds=6)
    assert come() == SIGNED


def test_not_even_junk_that_presses_the_second_button(come, clock):
    for _attempt in range(600):
        come(browser="junk")
        clock.forward(seconds=3)
    assert come(browser="junk") == WAITS
    assert {come() for _ in range(20)} == {SIGNED}


# No address is stored


def test_no_client_address_is_stored(post_from):
    post_from()
    assert "203.0.113.9" not in dump()
    assert len(Signature.objects.get().network) == 32
    visit = Visit.objects.get()
    assert len(visit.network) == len(visit.browser) == 32


def test_the_key_changes_each_week(clock):
    address = ipaddress.ip_address("203.0.113.77")
    one = limits.network_hash(address)
    assert limits.network_hash(address) == one
    clock.forward(days=7)
    assert limits.network_hash(address) != one
    assert NetworkSecret.objects.count() == 2


def test_two_processes_have_the_same_key():
    address = ipaddress.ip_address("203.0.113.77")
    one = limits.network_hash(address)
    limits._get_secret.cache_clear()
    assert limits.network_hash(address) == one
    assert limits.network_hash(None) == ""

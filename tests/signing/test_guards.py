"""What may sign: windows per network, block rules, hashes that are forgotten."""

import ipaddress

import pytest

from wagtail_petition.models import BlockRule, NetworkSecret, Signature, Visit
from wagtail_petition.signing import guards
from wagtail_petition.signing.guards import Refused, check_rules

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def post_from(client, page, form_data):
    """Sign from a client's address; each time another person."""
    people = iter(range(1000))

    def send(remote="203.0.113.9", forwarded=None, to=page):
        headers = HERE | ({"X-Forwarded-For": forwarded} if forwarded else {})
        return client.post(
            to.sign_url,
            form_data(email=f"person{next(people)}@example.org"),
            headers=headers,
            REMOTE_ADDR=remote,
        )

    return send


# Windows


def test_ten_a_minute_from_one_network(post_from, clock):
    assert [post_from().status_code for _ in range(11)] == [303] * 10 + [429]
    clock.forward(seconds=61)
    assert post_from().status_code == 303


def test_who_is_refused_keeps_what_was_typed_and_reads_what_to_do(post_from):
    for _time in range(10):
        post_from()
    response = post_from()
    assert "Wait a few minutes" in response.text
    assert "person10@example.org" in response.text
    assert Signature.objects.count() == 10


def test_sixty_an_hour_from_one_network(post_from, clock):
    for _minute in range(6):
        clock.forward(minutes=2)
        for _time in range(10):
            assert post_from().status_code == 303
    clock.forward(minutes=2)
    assert post_from().status_code == 429
    clock.forward(hours=1)
    assert post_from().status_code == 303


def test_each_petition_has_its_own_window(post_from, make_page):
    for _time in range(11):
        post_from()
    assert post_from(to=make_page()).status_code == 303


def test_other_networks_are_not_held_up(post_from):
    for _time in range(11):
        post_from()
    assert post_from(remote="203.0.113.10").status_code == 303


def test_a_hundred_made_up_addresses_are_one_client(post_from):
    """X-Forwarded-For is worth nothing unless a proxy of ours wrote it."""
    statuses = [post_from(forwarded=f"198.51.100.{i}").status_code for i in range(100)]
    assert statuses == [303] * 10 + [429] * 90


def test_a_hundred_made_up_addresses_in_front_of_our_proxy(post_from, settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker", "TRUSTED_PROXIES": 1}
    statuses = [
        post_from(remote="127.0.0.1", forwarded=f"10.0.0.{i}, 198.51.100.7").status_code
        for i in range(20)
    ]
    assert statuses == [303] * 10 + [429] * 10
    assert post_from(remote="127.0.0.1", forwarded="198.51.100.8").status_code == 303


def test_a_household_is_one_ipv6_network(post_from):
    statuses = [post_from(remote=f"2001:db8:1:2::{i:x}").status_code for i in range(1, 13)]
    assert statuses == [303] * 10 + [429] * 2
    assert post_from(remote="2001:db8:1:3::1").status_code == 303


def test_no_window_where_the_site_wants_none(post_from, settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker", "SIGNATURES_PER_NETWORK": ()}
    assert {post_from().status_code for _ in range(12)} == {303}
    assert not Visit.objects.exists()


def test_client_without_an_address_may_sign(post_from):
    assert {post_from(remote="").status_code for _ in range(12)} == {303}


# No address is stored


def test_no_client_address_is_stored(post_from):
    from tests.helpers import dump

    post_from(remote="203.0.113.77")
    assert "203.0.113.77" not in dump()
    assert len(Signature.objects.get().network) == 32


def test_the_key_changes_each_week(clock):
    address = ipaddress.ip_address("203.0.113.77")
    one = guards.network_hash(address)
    assert guards.network_hash(address) == one
    clock.forward(days=7)
    assert guards.network_hash(address) != one
    assert NetworkSecret.objects.count() == 2


def test_two_processes_have_the_same_key():
    address = ipaddress.ip_address("203.0.113.77")
    one = guards.network_hash(address)
    guards._secret_of.cache_clear()
    assert guards.network_hash(address) == one
    assert guards.network_hash(None) == ""


# Block rules

DOMAIN, ADDRESS, NETWORK = BlockRule.Kind.DOMAIN, BlockRule.Kind.ADDRESS, BlockRule.Kind.NETWORK
BLOCK, ALLOW = BlockRule.Effect.BLOCK, BlockRule.Effect.ALLOW


def is_refused(email="anna@mail.example.org", address="198.51.100.7"):
    try:
        check_rules(email, address and ipaddress.ip_address(address))
    except Refused as refused:
        return refused.status == 403
    return False


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        ([], False),
        ([(DOMAIN, "example.org", BLOCK)], True),
        ([(DOMAIN, "mail.example.org", BLOCK)], True),
        ([(DOMAIN, "ample.org", BLOCK)], False),
        ([(DOMAIN, "other.example.org", BLOCK)], False),
        ([(ADDRESS, "anna@mail.example.org", BLOCK)], True),
        ([(ADDRESS, "ann@mail.example.org", BLOCK)], False),
        ([(NETWORK, "198.51.100.7/32", BLOCK)], True),
        ([(NETWORK, "198.51.100.0/24", BLOCK)], True),
        ([(NETWORK, "198.51.101.0/24", BLOCK)], False),
        ([(NETWORK, "2001:db8::/32", BLOCK)], False),
        ([(DOMAIN, "example.org", BLOCK), (ADDRESS, "anna@mail.example.org", ALLOW)], False),
        ([(NETWORK, "198.51.100.0/24", BLOCK), (DOMAIN, "mail.example.org", ALLOW)], False),
        ([(DOMAIN, "example.org", BLOCK), (NETWORK, "198.51.100.7/32", ALLOW)], False),
    ],
)
def test_rules(rules, refused):
    for kind, value, effect in rules:
        BlockRule.objects.create(kind=kind, value=value, effect=effect)
    assert is_refused() is refused


def test_rules_know_all_spellings_of_an_address():
    BlockRule.objects.create(kind=ADDRESS, value="anna@gmail.com")
    assert is_refused("a.n.n.a+x@googlemail.com")
    BlockRule.objects.create(kind=DOMAIN, value="xn--bcher-kva.example.org")
    assert is_refused("anna@bücher.example.org")


def test_client_without_an_address_is_in_no_network():
    BlockRule.objects.create(kind=NETWORK, value="0.0.0.0/0")
    assert not is_refused(address=None)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [(DOMAIN, "example.org", "Use another address"), (NETWORK, "127.0.0.1", "another network")],
)
def test_refused_signer_reads_why(post, mailoutbox, kind, value, words):
    BlockRule.objects.create(kind=kind, value=value)
    response = post()
    assert response.status_code == 403
    assert words in response.text
    assert "anna@example.org" in response.text, "what was typed is still there"
    assert not Signature.objects.exists()
    assert mailoutbox == []


def test_changed_address_obeys_the_rules(client, post):
    BlockRule.objects.create(kind=DOMAIN, value="blocked.example")
    response = client.post(post()["Location"], {"email": "anna@blocked.example"})
    assert response.status_code == 422
    assert "Use another address" in response.text

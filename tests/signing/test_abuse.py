"""Block rules when signing."""

import ipaddress

import pytest

from wagtail_petition.models import BlockRule, Signature
from wagtail_petition.signing.abuse import Refused, check_rules

pytestmark = pytest.mark.django_db


HERE = {"Origin": "http://testserver"}

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
    # As it was kept when fewer addresses were known to be one mailbox.
    BlockRule.objects.create(kind=ADDRESS, value="an.na@protonmail.com")
    assert is_refused("an.na@protonmail.com")
    assert not is_refused("bea@pm.me")
    BlockRule.objects.create(kind=DOMAIN, value="pm.me")
    assert is_refused("bea@pm.me")
    assert not is_refused("bea@proton.me")
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
    response = client.post(post()["Location"], {"email": "anna@blocked.example"}, headers=HERE)
    assert response.status_code == 403
    assert "Use another address" in response.text


def test_a_network_that_may_always_sign_is_known_as_such():
    email, here = "anna@example.org", ipaddress.ip_address("198.51.100.7")
    assert not check_rules(email, here)
    BlockRule.objects.create(kind=DOMAIN, value="example.org", effect=ALLOW)
    assert not check_rules(email, here), "anybody may type an address of that domain"
    BlockRule.objects.create(kind=NETWORK, value="198.51.100.0/24", effect=ALLOW)
    assert check_rules(email, here)

"""Email addresses, their canonical form, and client networks."""

import ipaddress
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.identity import emails
from wagtail_petition.identity.emails import email_key, former_email_key, normalise_email
from wagtail_petition.identity.hashing import address_hash, keyed_hash
from wagtail_petition.identity.networks import client_address, get_network

# What was typed, where mail goes, what tells people apart. None: refused.
ADDRESSES = [
    ("anna@example.org", "anna@example.org", "anna@example.org"),
    ("  anna@example.org\t", "anna@example.org", "anna@example.org"),
    ("Anna@Example.ORG", "Anna@example.org", "anna@example.org"),
    ("ANNA@EXAMPLE.ORG", "ANNA@example.org", "anna@example.org"),
    ("anna+petition@example.org", "anna+petition@example.org", "anna@example.org"),
    ("anna+a+b@example.org", "anna+a+b@example.org", "anna@example.org"),
    ("+tag@example.org", "+tag@example.org", "+tag@example.org"),
    ("an.na@example.org", "an.na@example.org", "an.na@example.org"),
    ("an.na@gmail.com", "an.na@gmail.com", "anna@gmail.com"),
    ("A.N.N.A+x@GoogleMail.com", "A.N.N.A+x@googlemail.com", "anna@gmail.com"),
    ("o'neill@example.org", "o'neill@example.org", "o'neill@example.org"),
    ("anna@bücher.example.org", "anna@bücher.example.org", "anna@xn--bcher-kva.example.org"),
    ("anna@xn--bcher-kva.example.org", None, "anna@xn--bcher-kva.example.org"),
    ("anna@BÜCHER.example.org", None, "anna@xn--bcher-kva.example.org"),
    # A look-alike is another domain, and stays one.
    ("anna@gmаil.com", None, "anna@xn--gmil-63d.com"),
    ("anna@straße.example.org", None, "anna@xn--strae-oqa.example.org"),
    # Nobody could write there.
    ("josé@example.org", ValidationError, None),
    ("анна@example.org", ValidationError, None),
    ("anna", ValidationError, None),
    ("anna@", ValidationError, None),
    ("@example.org", ValidationError, None),
    ("anna@example", ValidationError, None),
    ("anna@exa mple.org", ValidationError, None),
    ("anna@@example.org", ValidationError, None),
    ("anna..b@example.org", ValidationError, None),
    ("a@example.org,b@example.org", ValidationError, None),
    ("anna@[192.0.2.1]", ValidationError, None),
    # What mail programs and browsers copy with an address.
    ("Anna <anna@example.org>", "anna@example.org", "anna@example.org"),
    ('"Moretti, Anna" <anna@example.org>', "anna@example.org", "anna@example.org"),
    ("<anna@example.org>", "anna@example.org", "anna@example.org"),
    ("mailto:anna@example.org", "anna@example.org", "anna@example.org"),
    ("MAILTO:anna%2Ba@example.org?subject=Hi", "anna+a@example.org", "anna@example.org"),
    ("anna＠example.org", "anna@example.org", "anna@example.org"),
    ("\u200banna@example.org\u200b", "anna@example.org", "anna@example.org"),
    ("\u202aanna@example.org\u202c", "anna@example.org", "anna@example.org"),
    ("\u2068anna@example.org\u2069", "anna@example.org", "anna@example.org"),
    ("\ufeff anna@example.org\u00a0", "anna@example.org", "anna@example.org"),
    ("Anna <\u200banna@example.org>", "anna@example.org", "anna@example.org"),
    # Two addresses, or none, in the brackets.
    ("Anna <anna@example.org>, Bea <bea@example.org>", ValidationError, None),
    ("<Anna>", ValidationError, None),
    ("Evil, b@evil.example <anna@example.org>", ValidationError, None),
    ("Anna <anna@example.org>\r\nBcc: b@example.org", ValidationError, None),
    # One mailbox, several addresses.
    ("anna@me.com", "anna@me.com", "anna@icloud.com"),
    ("anna@mac.com", "anna@mac.com", "anna@icloud.com"),
    ("an.na@icloud.com", "an.na@icloud.com", "an.na@icloud.com"),
    ("an.n-a_x@pm.me", "an.n-a_x@pm.me", "annax@proton.me"),
    ("annax+a@protonmail.com", "annax+a@protonmail.com", "annax@proton.me"),
    ("an-na@ya.ru", "an-na@ya.ru", "an.na@yandex.ru"),
    ("an.na@yandex.com", "an.na@yandex.com", "an.na@yandex.ru"),
    ("anna@yahoo.it", "anna@yahoo.it", "anna@yahoo.it"),
    ("anna-one@yahoo.it", "anna-one@yahoo.it", "anna-@yahoo.it"),
    ("anna-two@yahoo.it", "anna-two@yahoo.it", "anna-@yahoo.it"),
    ("an-na@example.org", "an-na@example.org", "an-na@example.org"),
    # Zero width, right to left, line breaks.
    ("an\u200bna@example.org", ValidationError, None),
    ("an\u202ena@example.org", ValidationError, None),
    ("anna@example.org\r\nBcc: b@example.org", ValidationError, None),
]


@pytest.mark.parametrize(("typed", "address", "key"), ADDRESSES)
def test_address(typed, address, key):
    if address is ValidationError:
        with pytest.raises(ValidationError, match=r"name@example\.org|Use another|invisible"):
            normalise_email(typed)
        return
    normalised = normalise_email(typed)
    if address:
        assert normalised == address
    assert email_key(normalised) == key


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("an\u200bna@example.org", "There is an invisible character in this email address."),
        ("o’brien@example.org", "Did you mean o'brien@example.org?"),
        ("josé@example.org", "We can’t send email to addresses with accents"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(typed, words):
    with pytest.raises(ValidationError) as caught:
        normalise_email(typed)
    assert caught.value.messages[0].startswith(words)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("an.na@googlemail.com", "anna@gmail.com"),
        ("anna@me.com", "anna@me.com"),
        ("an.na@pm.me", "an.na@pm.me"),
        ("anna-one@yahoo.it", "anna-one@yahoo.it"),
    ],
)
def test_key_by_which_rules_and_hashes_were_kept_before(address, key):
    assert former_email_key(address) == key


LOCAL_PARTS = st.from_regex(r"[A-Za-z0-9'_+-]{1,20}(\.[A-Za-z0-9'_+-]{1,20})?", fullmatch=True)
DOMAINS = st.sampled_from(
    "example.org Example.org gmail.com googlemail.com bücher.example.org me.com pm.me ya.ru yahoo.it".split()
)


@given(LOCAL_PARTS, DOMAINS)
def test_key_of_a_key_is_itself(local, domain):
    key = email_key(normalise_email(f"{local}@{domain}"))
    assert email_key(key) == key
    assert len(key) <= 320


@given(st.from_regex(r"[A-Za-z0-9'_-]{1,20}(\.[A-Za-z0-9'_-]{1,20})?", fullmatch=True), DOMAINS)
def test_case_and_tag_make_nobody_a_second_person(local, domain):
    plain = email_key(normalise_email(f"{local}@{domain}"))
    assert email_key(normalise_email(f"{local}+tag@{domain}")) == plain
    assert email_key(normalise_email(f"{local.upper()}@{domain.upper()}")) == plain


@given(st.text(min_size=1, max_size=30))
def test_key_of_any_local_part_is_stable(local):
    key = email_key(f"{local}@example.org")
    assert email_key(key) == key


NEARLY_PLAIN = st.from_regex(
    r"[A-Za-z0-9_+.-]{1,70}@[A-Za-z0-9.-]{1,40}(\.[a-zA-Z]{0,6}|\.test|\.local|\.c-m)?\n?",
    fullmatch=True,
)


@given(NEARLY_PLAIN)
def test_the_short_way_agrees_with_the_long_one(address):
    def normalised():
        try:
            return normalise_email(address)
        except ValidationError as error:
            return error.code

    short = normalised()
    with patch.object(emails, "_plain_address", lambda address: ""):
        assert normalised() == short


# The client's address


def request(remote="203.0.113.9", forwarded=None):
    extra = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        extra["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", **extra)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "203.0.113.9"),
        (0, "198.51.100.1", "203.0.113.9"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        # Fewer entries than proxies: nobody we trust wrote them.
        (2, "198.51.100.1", "203.0.113.9"),
        (1, None, "203.0.113.9"),
        (1, " 2001:db8::1 ", "2001:db8::1"),
        # Some proxies add the port.
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "unknown", None),
        (1, "\x00", None),
    ],
)
def test_client_address(proxies, forwarded, expected):
    with override_settings(WAGTAIL_PETITION={"TRUSTED_PROXIES": proxies}):
        found = client_address(request(forwarded=forwarded))
    assert found == (expected and ipaddress.ip_address(expected))


def test_client_behind_a_unix_socket_has_no_address():
    assert client_address(request(remote="")) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
    ],
)
def test_network(address, network):
    assert get_network(ipaddress.ip_address(address)) == ipaddress.ip_network(network)


# Hashes


def test_hashes_say_nothing_without_their_key():
    assert keyed_hash("198.51.100.1", b"one") != keyed_hash("198.51.100.1", b"two")
    assert len(keyed_hash("198.51.100.1", b"one")) == 32
    with override_settings(SECRET_KEY="one"):
        one = address_hash("anna@example.org")
    with override_settings(SECRET_KEY="two"):
        assert address_hash("anna@example.org") != one

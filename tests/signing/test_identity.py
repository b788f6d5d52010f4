"""Who somebody is: canonical addresses, clean names, client networks."""

import ipaddress
import time
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.signing.identity import (
    NAME_LENGTH,
    address_hash,
    clean_name,
    client_address,
    email_key,
    keyed_hash,
    network_of,
    normalise_email,
)

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
    ("Anna <anna@example.org>", ValidationError, None),
    ("a@example.org,b@example.org", ValidationError, None),
    ("anna@[192.0.2.1]", ValidationError, None),
    # Zero width, right to left, line breaks.
    ("an\u200bna@example.org", ValidationError, None),
    ("an\u202ena@example.org", ValidationError, None),
    ("anna@example.org\r\nBcc: b@example.org", ValidationError, None),
]


@pytest.mark.parametrize(("typed", "address", "key"), ADDRESSES)
def test_address(typed, address, key):
    if address is ValidationError:
        with pytest.raises(ValidationError, match=r"name@example\.org|Use another"):
            normalise_email(typed)
        return
    normalised = normalise_email(typed)
    if address:
        assert normalised == address
    assert email_key(normalised) == key


LOCAL_PARTS = st.from_regex(r"[A-Za-z0-9'_+-]{1,20}(\.[A-Za-z0-9'_+-]{1,20})?", fullmatch=True)
DOMAINS = st.sampled_from(
    ["example.org", "Example.org", "gmail.com", "googlemail.com", "bücher.example.org"]
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


NAMES = [
    "O'Neill",
    "李小龍",
    "José Ángel",
    "Nguyễn Thị Minh Khai",
    "محمد عبد الله",
    "שָׁלוֹם כֹּהֵן",
    "Łukasz Żółć",
    "D’Alò",
    "Jean-Luc",
    "van der Berg",
    "J.de la Cruz",
    "Sukarno",
    "Σωκράτης",
    "राम्‌कुमार",  # with a zero width non-joiner
    "Anna 👩‍👧 M.",
    "𠮷野家",
    "𮯰",  # from Unicode 15.1: newer than some Pythons
]


@pytest.mark.parametrize("name", NAMES)
def test_name_is_kept_as_typed(name):
    composed = unicodedata.normalize("NFC", name)
    assert clean_name(name) == composed
    assert clean_name(unicodedata.normalize("NFD", name)) == composed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna \t\n Maria  ", "Anna Maria"),
        ("Anna\u00a0Maria", "Anna Maria"),
        ("\u202eannA", "annA"),
        ("An\u200bna\ufeff", "Anna"),
        ("An\x00na\x1b", "Anna"),
        ("\u2066Anna\u2069", "Anna"),
        ("Anna\ufffe\ue000", "Anna"),
        ("\u200d\u200c", ""),
        ("Z" + "\u0351" * 50 + "algo", "Z" + "\u0351" * 4 + "algo"),
    ],
)
def test_what_deceives_the_eye_is_dropped(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize("name", ["=1+1", "+39", "-2", "@SUM(A1)", " =1+1", "\u200b=1+1"])
def test_start_of_a_formula_is_refused(name):
    with pytest.raises(ValidationError, match="can’t start with"):
        clean_name(name)


@pytest.mark.parametrize(
    "name",
    ["http://evil.example", "See www.evil.example", "evil.com", "a evil.ORG/x", "ftp://a", "x.io?"],
)
def test_web_address_is_refused(name):
    with pytest.raises(ValidationError, match="web address"):
        clean_name(name)


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text):
    try:
        name = clean_name(text)
    except ValidationError:
        return
    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert name == name.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in name)


MARKS = [chr(c) for c in range(0x300, 0x370)] + list("\u0344\u05c1\u05b8\u1dca\u302e\u3099")
BASES = list("aéắ\u1100\u1161\u0958\ufb2c\u0f43\U0001d15e \u200b\u200d")


@given(st.lists(st.sampled_from(MARKS + BASES * 5), max_size=60).map("".join))
def test_cleaning_piled_up_marks_twice_changes_nothing_more(text):
    name = clean_name(text)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "million",
    [
        "a" * 1_000_000,
        # Marks that have to be sorted: quadratic, unless they are cut first.
        "a" + "\u0301\u0323" * 500_000,
        "\u302e\U0001d165" * 500_000,
        "\u202e" * 1_000_000,
        "a " * 500_000,
        "www" * 333_333,
        "." * 1_000_000,
    ],
    ids=["letters", "marks", "spacing marks", "overrides", "spaces", "www", "dots"],
)
def test_a_million_characters_are_no_burden(million):
    started = time.process_time()
    clean_name(million)
    assert time.process_time() - started < 5, "and not hours"


def test_name_length_is_what_the_database_holds():
    from wagtail_petition.models import Signature

    assert Signature._meta.get_field("given_name").max_length == NAME_LENGTH


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
    assert network_of(ipaddress.ip_address(address)) == ipaddress.ip_network(network)


# Hashes


def test_hashes_say_nothing_without_their_key():
    assert keyed_hash("198.51.100.1", b"one") != keyed_hash("198.51.100.1", b"two")
    assert len(keyed_hash("198.51.100.1", b"one")) == 32
    with override_settings(SECRET_KEY="one"):
        one = address_hash("anna@example.org")
    with override_settings(SECRET_KEY="two"):
        assert address_hash("anna@example.org") != one

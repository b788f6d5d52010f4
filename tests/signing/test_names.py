"""Names and other one-line texts: stored as typed, or refused with a message."""

import re
import time
import unicodedata
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.identity import names
from wagtail_petition.identity.names import NAME_LENGTH, clean_name, is_address

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
        ("\u200eAnna\u200f", "Anna"),
        ("Ma\u00adria", "Maria"),
        ("An\u200bna\ufeff", "Anna"),
        ("\u2066Anna\u2069", "Anna"),
        ("\u200d\u200c", ""),
    ],
)
def test_what_nobody_sees_is_dropped(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "\u202eannA",  # turned around, it reads "Anna"
        "An\x00na",
        "An\x1bna",
        "Anna\ufffe",
        "Anna\ue000",
        "Z" + "\u0351" * 50 + "algo",
    ],
    ids=ascii,
)
def test_what_shows_something_else_is_refused(typed):
    with pytest.raises(ValidationError, match="“City” contains a character we can’t store"):
        clean_name(typed, "City")


@pytest.mark.parametrize("name", ["=1+1", "+39", "-2", "@SUM(A1)", " =1+1", "\u200b=1+1"])
def test_start_of_a_formula_is_refused(name):
    with pytest.raises(ValidationError, match="Start “City” with a letter or a number"):
        clean_name(name, "City")


ADDRESSES = """
http://evil.example HTTPS:/evil.example See\xa0www.evil.example www2.evil.it evil.com evil.ORG/x
ftp://a x.io/?a bit.ly/abc t.me/x evil．com evil。com ｅｖｉｌ．ｃｏｍ ｗｗｗ．evil．it evil.top/a
evil.it:8080 a.com,b anna@example.org Visit\xa0evil.xyz\xa0now evil.net. evil.рф
""".split("\n")


@pytest.mark.parametrize("name", [a for line in ADDRESSES for a in line.split(" ") if a])
def test_address_is_refused(name):
    with pytest.raises(ValidationError, match="Leave web and email addresses out of “City”"):
        clean_name(name, "City")


NO_ADDRESSES = [
    *("J.Co", "Rossi.io", "Castlebar.Co Mayo", "J.Page", "R.Dev", "Aung.Win", "S.p.A.", "J.R.R."),
    *("St.Gallen/SG", "Bolzano/Bozen", "S.Giovanni in Persiceto", "Co.Cork", "d.o.o.", "Ste.Marie"),
    *("Anna @ home", "c/o Rossi", "Frankfurt/M.", "Ciudad Real: centro", "Network", "Comune.Roma"),
]


@pytest.mark.parametrize("name", [*NO_ADDRESSES, "-"])
def test_honest_line_is_kept(name):
    assert clean_name(name) == name
    assert not is_address(name)


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
    try:
        name = clean_name(text)
    except ValidationError:
        return
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
    with pytest.raises(ValidationError, match="Shorten “City” to 100 characters or fewer"):
        clean_name(million, "City")
    assert time.process_time() - started < 1, "and not hours"


def test_name_length_is_what_the_database_holds():
    from wagtail_petition.models import Signature

    assert Signature._meta.get_field("given_name").max_length == NAME_LENGTH


@given(st.from_regex(r"[A-Za-z0-9 '.@:/=+-]{0,30}", fullmatch=True))
def test_the_short_way_agrees_with_the_long_one(text):
    def cleaned():
        try:
            return clean_name(text, max_length=20)
        except ValidationError as error:
            return error.code

    short = cleaned()
    with patch.object(names, "PLAIN", re.compile(r"(?!)")):
        assert cleaned() == short

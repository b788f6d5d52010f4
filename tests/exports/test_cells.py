"""Values of spreadsheet cells."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.exports.cells import cell, clean, guard, unguard

ROME = ZoneInfo("Europe/Rome")
STARTS = "=+-@＝＋－＠"
BLANKS = [" ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u202e", "\n", "\t", "\r", "\x0b", "\x1c"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("blank", ["", *BLANKS])
def test_what_starts_a_formula_is_guarded(start, blank):
    text = f"{blank}{blank}{start}1+1"
    assert guard(text).startswith("'")
    assert guard(text).replace("'", "") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna",
        "O'Neill",
        "'t Hooft",
        "李小龍",
        "عمر",
        "a=1",
        "1-2",
        "#REF",
        "(x)",
        "  Anna",
        "é",
        "_x0041_",
    ],
)
def test_what_does_not_is_left_alone(text):
    assert guard(text) == text


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_what_begins_another_cell_or_row_is_guarded(text):
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("Anna;=1+41;x", "Anna;'=1+41;x"),
        ("Anna, =1+1", "Anna,' =1+1"),
        ("a|@SUM(1)", "a|'@SUM(1)"),
        ("a\tb\n-1", "a\tb\n'-1"),
        ('x;"=1+1"', 'x;\'"=1+1"'),
        ("x;'=1", "x;''=1"),
        ("well done ;-)", "well done ;-)"),
        ("a;b,c=1", "a;b,c=1"),
    ],
)
def test_a_formula_behind_a_separator_is_guarded(text, guarded):
    assert guard(text) == guarded
    assert unguard(guarded) == text


texts = st.text(
    alphabet=st.one_of(st.sampled_from([*STARTS, *BLANKS, *"'a1;,|)\""]), st.characters()),
    max_size=12,
)


@given(texts)
def test_guarded_text_is_no_formula_and_comes_back(text):
    guarded = guard(text)
    assert not guarded.startswith(("\t", "\r", "\n"))
    for part in re.split("[;,|\t\r\n]", guarded):
        bare = part.strip()
        assert not bare.startswith(tuple(STARTS)) or bare[1:2] == ")"
    assert unguard(guarded) == text


@given(texts)
def test_clean_text_can_be_written_anywhere(text):
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & set(map(chr, [*range(9), 11, 12, 13, *range(14, 32), 127, 0xFFFF]))
    assert clean(cleaned) == cleaned


def test_line_breaks_are_one_kind():
    assert clean("a\r\nb\rc\nd\x00") == "a\nb\nc\nd\ufffd"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (5, 5),
        (-5, -5),
        (2.5, 2.5),
        (10**15, "1000000000000000"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (True, "True"),
        (date(2025, 3, 30), date(2025, 3, 30)),
        (
            datetime(2025, 3, 30, 1, tzinfo=UTC),
            datetime(2025, 3, 30, 3, tzinfo=ROME),
        ),
    ],
)
def test_cell(value, expected):
    assert cell(value, ROME) == expected

"""The numbers of printed sheets."""

import pytest

from wagtail_petition.identity import sheet_numbers
from wagtail_petition.identity.sheet_numbers import (
    ALPHABET,
    WrongNumber,
    get_mark,
    make_mark,
    new_number,
    read_number,
)

MARK = "B7X"
# Printed before there were marks.
OLD = "234-567-899"


def test_no_two_numbers_are_the_same():
    assert len({new_number(MARK) for _sheet in range(2000)}) == 2000


def test_the_number_says_which_text_the_sheet_shows():
    number = new_number(MARK)
    assert number.count("-") == 3
    assert get_mark(number) == get_mark(read_number(f"{number.lower()}/12")) == MARK
    assert get_mark(read_number(OLD)) == get_mark("RM-007") == get_mark("") == ""


def test_marks_of_different_texts_differ():
    marks = {make_mark(f"{number:x}") for number in range(50)}
    assert len(marks) == 50
    assert all(len(mark) == 3 and set(mark) <= set(ALPHABET) for mark in marks)
    assert make_mark("a") == make_mark("a") != make_mark("a", 1)


def test_a_number_can_be_typed_in_any_way():
    number = new_number(MARK)
    assert read_number(number) == number
    assert read_number(f" {number.lower().replace('-', ' ')} ") == number
    assert read_number(number.replace("-", "")) == number
    assert len(number) <= sheet_numbers.MOST


@pytest.mark.parametrize("made", [lambda: new_number(MARK), lambda: OLD], ids=["new", "old"])
def test_each_wrong_character_is_noticed(made):
    number = made()
    assert read_number(number) == number
    code = number.replace("-", "")
    for place, right in enumerate(code):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(WrongNumber):
                read_number(code[:place] + wrong + code[place + 1 :])


def test_characters_in_the_wrong_order_are_noticed(monkeypatch):
    different = iter(ALPHABET)
    monkeypatch.setattr(sheet_numbers.secrets, "choice", lambda _from: next(different))
    code = new_number(MARK).replace("-", "")
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(WrongNumber):
                read_number(swapped)


def test_a_photocopy_is_another_sheet():
    number = new_number(MARK)
    assert read_number(f"{number.lower()} /2") == f"{number}/2"


@pytest.mark.parametrize(
    ("typed", "stored"), [("rm-007", "RM-007"), ("  Bologna   3 ", "BOLOGNA 3"), ("", "")]
)
def test_organisers_can_have_numbers_of_their_own(typed, stored):
    assert read_number(typed) == stored

"""The numbers of printed sheets."""

import pytest

from wagtail_petition.identity import sheet_numbers
from wagtail_petition.identity.sheet_numbers import ALPHABET, WrongNumber, new_number, read_number


def test_no_two_numbers_are_the_same():
    assert len({new_number() for _sheet in range(2000)}) == 2000


def test_a_number_can_be_typed_in_any_way():
    number = new_number()
    assert read_number(number) == number
    assert read_number(f" {number.lower().replace('-', ' ')} ") == number
    assert read_number(number.replace("-", "")) == number
    assert len(number) <= sheet_numbers.MOST


def test_each_wrong_character_is_noticed():
    code = new_number().replace("-", "")
    for place, right in enumerate(code):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(WrongNumber):
                read_number(code[:place] + wrong + code[place + 1 :])


def test_characters_in_the_wrong_order_are_noticed(monkeypatch):
    different = iter(ALPHABET)
    monkeypatch.setattr(sheet_numbers.secrets, "choice", lambda _from: next(different))
    code = new_number().replace("-", "")
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(WrongNumber):
                read_number(swapped)


def test_a_photocopy_is_another_sheet():
    number = new_number()
    assert read_number(f"{number.lower()} /2") == f"{number}/2"


@pytest.mark.parametrize(
    ("typed", "stored"), [("rm-007", "RM-007"), ("  Bologna   3 ", "BOLOGNA 3"), ("", "")]
)
def test_organisers_can_have_numbers_of_their_own(typed, stored):
    assert read_number(typed) == stored

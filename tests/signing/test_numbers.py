"""Whole numbers as people write them."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from wagtail_petition.forms.numbers import read_whole_number

READ = [
    ("en", "12", 12),
    ("en", " 1000 ", 1000),
    ("en", "1,000", 1000),
    ("en", "1,234,567", 1234567),
    ("en", "1,00,000", 100000),  # as in India
    ("en", "1 000", 1000),
    ("en", "1'000", 1000),
    ("en", "-5", -5),
    ("en", "−5", -5),
    ("en", "+5", 5),
    ("en", "007", 7),
    ("it", "1.000", 1000),
    ("it", "10.000", 10000),
    ("de", "1.234.567", 1234567),
    ("fr", "1\u202f000", 1000),
    ("fr", "1\u00a0000", 1000),
    ("ar", "١٢", 12),
    ("ar", "١٬٠٠٠", 1000),
]


@pytest.mark.parametrize(("language", "typed", "number"), READ)
def test_number_as_it_is_written_there(language, typed, number):
    with translation.override(language):
        assert read_whole_number(typed) == number


REFUSED = [
    # Read as a thousand in one country, and as one in another.
    ("en", "1.000"),
    ("it", "1,000"),
    ("fr", "1.000"),
    # No whole numbers.
    ("en", "1.5"),
    ("en", "1.0"),
    ("it", "1,5"),
    ("it", "1.5"),
    # No groups of three.
    ("en", "1,00"),
    ("en", "10,00,00"),
    ("en", "1,000.00"),
    ("en", "1,000 000"),
]


@pytest.mark.parametrize(("language", "typed"), REFUSED)
def test_number_that_can_be_read_in_two_ways_is_asked_for_anew(language, typed):
    with translation.override(language), pytest.raises(ValidationError) as caught:
        read_whole_number(typed)
    assert caught.value.code in ("ambiguous", "invalid")


@pytest.mark.parametrize("typed", ["twelve", "1e3", "0x10", "12a", "--1", "²", "1_000", ""])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a whole number, like 12"):
        read_whole_number(typed)


def test_how_to_write_it_is_said():
    with pytest.raises(ValidationError, match="digits only, like 1000, without commas or dots"):
        read_whole_number("1.000")

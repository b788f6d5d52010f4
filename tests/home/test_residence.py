"""The region where people live: one code in every language, or what they typed."""

import pytest
from django.utils.translation import override

from wagtail_petition.home.residence import (
    find_codes,
    get_residence_scheme,
    name_residence,
    read_residence,
)


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("US", "New York", "US-NY"),
        ("US", " nueva  york ", "US-NY"),
        ("US", "N.Y.", "US-NY"),
        ("US", "us-ny", "US-NY"),
        ("IT", "Lombardia", "IT-25"),
        ("IT", "Lombardy", "IT-25"),
        ("DE", "Bayern", "DE-BY"),
        ("GB", "Scotland", "GB-SCT"),
        # Numbers alone say nothing, and nothing is guessed.
        ("IT", "25", "25"),
        ("US", "Brooklyn", "Brooklyn"),
        ("IT", "New York", "New York"),
        # The constituencies of Italians abroad are no regions of Italy.
        ("IT", "IT-A", "IT-A"),
        ("VA", "Borgo", "Borgo"),
        ("", "New York", "New York"),
        ("US", "", ""),
    ],
)
def test_exact_names_become_codes(country, text, expected):
    assert read_residence(country, text) == expected


def test_every_name_in_every_language_leads_to_its_code_or_to_none():
    wrong = []
    for language in ("en", "it", "de", "fr", "es", "pt-br", "ar"):
        with override(language):
            for country in ("US", "IT", "DE", "FR", "ES", "BR", "EG", "GB", "CA"):
                for code, name in get_residence_scheme(country).get_names().items():
                    if read_residence(country, name) not in (code, name):
                        wrong.append((language, code, name))
    assert not wrong


def test_names_in_the_active_language():
    with override("it"):
        assert name_residence("IT-52") == "Toscana"
    with override("en"):
        assert name_residence("IT-52") == "Tuscany"


@pytest.mark.parametrize("text", ["Lazio", "Saint-Denis", "XX-99", "US-ZZ", "", "ny"])
def test_other_texts_stay(text):
    assert name_residence(text) == text


def test_codes_of_a_name_in_all_countries():
    assert find_codes("New York") == {"US-NY"}
    assert find_codes("Limburg") == {"NL-LI"}
    assert find_codes("Brooklyn") == set()

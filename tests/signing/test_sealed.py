"""Sealed numbers in URLs can't be read, guessed or forged."""

import base64
import re

import pytest
from django.core import signing

from wagtail_petition.identity.sealing import seal, unseal

SALT, DAY = "a test's", 24 * 60 * 60


@pytest.mark.parametrize("number", [0, 1, 412, 2**63 - 1])
def test_it_comes_back(number):
    assert unseal(seal(number, SALT), SALT, DAY) == number


def test_nothing_tells_the_number():
    sealed = [seal(number, SALT) for number in (7, 7, 8, 2**40)]
    assert len({len(text) for text in sealed}) == 1, "its length neither"
    assert len({text.partition(":")[0] for text in sealed}) == 4
    for text in sealed:
        part = text.partition(":")[0]
        assert not re.fullmatch(rb"[\x20-\x7e]*", base64.urlsafe_b64decode(part + "==="))


def test_it_fits_into_a_path():
    assert re.fullmatch(r"[\w:-]+", seal(412, SALT))


def test_nobody_forges_it():
    text = seal(412, SALT)
    for position, char in enumerate(text):
        forged = text[:position] + ("A" if char != "A" else "B") + text[position + 1 :]
        with pytest.raises(signing.BadSignature):
            unseal(forged, SALT, DAY)
    with pytest.raises(signing.BadSignature):
        unseal(text, "another salt", DAY)
    with pytest.raises(signing.SignatureExpired):
        unseal(text, SALT, -1)


def test_it_outlives_a_change_of_the_secret_key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    text = seal(412, SALT)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]
    assert unseal(text, SALT, DAY) == 412
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        unseal(text, SALT, DAY)

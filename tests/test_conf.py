"""Settings: defaults, overrides, and errors for mistakes."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from wagtail_petition.conf import DEFAULTS, settings


@override_settings(WAGTAIL_PETITION={})
@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_default(name):
    assert getattr(settings, name) == DEFAULTS[name]


def test_own_value_counts_at_once():
    with override_settings(WAGTAIL_PETITION={"MAILS_PER_ADDRESS": 7}):
        assert settings.MAILS_PER_ADDRESS == 7
    assert settings.MAILS_PER_ADDRESS == 3


def test_none_is_a_value():
    with override_settings(WAGTAIL_PETITION={"SIGNATURES_PER_NETWORK": None}):
        assert settings.SIGNATURES_PER_NETWORK is None


@override_settings(WAGTAIL_PETITION={"MAILS_PER_ADRESS": 7})
def test_mistyped_key_is_named_with_those_that_exist():
    with pytest.raises(ImproperlyConfigured, match=r"MAILS_PER_ADRESS\..*MAILS_PER_ADDRESS"):
        settings.MAILS_PER_ADDRESS  # noqa: B018


def test_unknown_attribute():
    with pytest.raises(AttributeError, match="no setting 'COLOUR'"):
        settings.COLOUR  # noqa: B018

"""What rules match: cleaned values, networks, and patterns."""

import ipaddress

import pytest
from django.core.exceptions import ValidationError

from wagtail_petition.models import Signature
from wagtail_petition.moderation import matching
from wagtail_petition.signing import limits


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "text", "value"),
        [
            ("domain", "Example.ORG", "example.org"),
            ("domain", " @example.org ", "example.org"),
            ("domain", "*.example.org", "example.org"),
            ("domain", "münchen.example", "xn--mnchen-3ya.example"),
            ("domain", "googlemail.com", "gmail.com"),
            ("address", "Anna.Moretti+petition@GMAIL.com", "annamoretti@gmail.com"),
            ("address", "Anna@Example.org", "anna@example.org"),
            ("network", "192.0.2.7", "192.0.2.7/32"),
            ("network", "192.0.2.9/24", "192.0.2.0/24"),
            ("network", "2001:DB8::1/48", "2001:db8::/48"),
            ("network", "::ffff:192.0.2.7", "192.0.2.7/32"),
        ],
    )
    def test_one_form(self, kind, text, value):
        assert matching.clean_value(kind, text) == value

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("domain", "no domain"),
            ("domain", "a@b@c"),
            ("domain", "localhost"),
            ("address", "example.org"),
            ("network", "192.0.2"),
            ("network", "example.org"),
            ("network", "192.0.2.0/99"),
        ],
    )
    def test_nonsense(self, kind, text):
        with pytest.raises(ValidationError):
            matching.clean_value(kind, text)


@pytest.mark.django_db
class TestMarks:
    def test_an_address_is_found_by_its_network(self):
        mark = limits.network_hash(ipaddress.ip_address("192.0.2.7"))
        assert mark in matching.network_marks("192.0.2.0/24")
        assert mark not in matching.network_marks("198.51.100.0/24")

    def test_households_of_the_new_protocol(self):
        mark = limits.network_hash(ipaddress.ip_address("2001:db8:0:7::9"))
        assert mark in matching.network_marks("2001:db8::/56")
        assert mark in matching.network_marks("2001:db8:0:7::9/128")

    def test_too_large(self):
        assert matching.network_marks("10.0.0.0/8") is None
        assert matching.network_marks("2001:db8::/32") is None

    def test_a_mark_is_itself(self):
        assert matching.network_marks("a" * 32) == {"a" * 32}


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*bot*", "robot smith", True),
        ("bot*", "robot smith", False),
        ("john smi*", "john smith", True),
        ("john", "john smith", False),
        ("a.b", "axb", False),
        ("(*", "(unclosed", True),
        ("a_b", "axb", False),
        ("a_b", "a_b", True),
        ("100%", "100 per cent", False),
        ("100%*", "100% anna", True),
        ("c:\\*", "c:\\anna", True),
        # An expression would try each way to spread the letters before it gives up.
        ("*a*a*a*a*a*a*a*a*b", "a" * 100, False),
        ("*a*a*a*a*a*a*a*a*b", "a" * 99 + "b", True),
    ],
)
def test_patterns(pattern, name, matches, make_signature):
    make_signature(given_name=name, family_name="")
    asked = matching.CONDITIONS["name_pattern"](pattern)
    assert Signature.objects.filter(asked).exists() is matches

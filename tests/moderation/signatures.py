"""Signatures to moderate."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.ledger.helpers import get_or_create_text
from wagtail_petition.models import Petition, Signature


@pytest.fixture
def crowd(page):
    """Create a number of signatures, at least an hour apart; ``fields(n)`` are the fields of the n-th."""

    def record(number, fields):
        start = timezone.now() - timedelta(days=300)
        text = get_or_create_text(page.get_text_to_sign())
        made = []
        for n in range(number):
            signed_at = start + timedelta(minutes=61 * n)
            values = {
                "given_name": f"Name{chr(97 + n % 26)}",
                "family_name": f"Family{chr(97 + n // 26)}",
                "email": f"{chr(97 + n % 26)}.{chr(97 + n // 26)}@place-{n}.example",
                "signed_at": signed_at,
                "confirmed_at": signed_at + timedelta(seconds=40 + 97 * n * n),
                **fields(n, start),
            }
            made.append(Signature(signed_text=text, language="en", **values))
        page.petition.save()
        ledger.record_import(Petition.objects.get(), made)

    return record


@pytest.fixture
def people(make_signature):
    """Five signatures that count, two of them from one domain, and an attempt from it."""
    return [
        make_signature(email="a@farm.example", given_name="Bot", family_name="One", country="RU"),
        make_signature(email="b@mail.farm.example", given_name="Robotnik", family_name="Two"),
        make_signature(email="c@example.org", postcode="00184", source="newsletter"),
        make_signature(email="d@example.org", postcode="20121"),
        make_signature(email="anna+x@gmail.com", given_name="Anna"),
        make_signature(email="z@farm.example", confirm=False),
    ]

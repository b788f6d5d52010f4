"""Petitions with public names."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.models import Signature


@pytest.fixture
def make_signers(page):
    """Create a number of confirmed signatures of ``page`` with public names; arguments are fields."""

    def make(number, **fields):
        petition = ledger.ensure_petition(page)
        first = petition.signatures.count()
        now = timezone.now()
        text = page.get_text_to_sign()
        text.save() if first == 0 else None
        return ledger.record_import(
            petition,
            [
                Signature(
                    **{
                        "given_name": "Anna",
                        "family_name": "Moretti",
                        "email": f"signer{i}@example.org",
                        "country": "IT",
                        "language": "en",
                        "show_name": True,
                        "signed_text": type(text).objects.get(sha256=text.sha256),
                        "signed_at": now,
                        "confirmed_at": now - timedelta(minutes=1),
                        **fields,
                    }
                )
                for i in range(first, first + number)
            ],
        )

    return make


@pytest.fixture
def url_of(page):
    """The path of one of the petition's public views."""

    def url(name):
        return reverse(f"wagtail_petition:{name}", args=[page.petition_key])

    return url

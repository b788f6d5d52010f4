"""Petitions with public names, and the head of their pages."""

from datetime import timedelta

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.public.head import HEAD
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


@pytest.fixture
def head_of(client):
    """The head tags of ``page`` in a site's base that has them put there."""

    def render(page, template=HEAD, **context):
        request = RequestFactory().get(page.url or "/")
        request.resolver_match = None
        return Template(template).render(RequestContext(request, {"page": page, **context}))

    return render

"""Signers read whom their signature goes to."""

import pytest
from django.urls import reverse

from wagtail_petition.ledger import tokens
from wagtail_petition.mail.rendering import render_message
from wagtail_petition.models import Representative, Token
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.signing.views.confirm import signed_url

pytestmark = pytest.mark.django_db

HOME = {"home_country": "US", "home_region": "US-NY", "home_district": "12"}
EXPECTED = "Senator Ada Doe, Senator Bea Roe, Representative Cleo Poe"


@pytest.fixture
def asking(make_page):
    page = make_page(home_country="US", ask_home_region="optional")
    for office, name, region, district in [
        ("Senator", "Ada Doe", "US-NY", ""),
        ("Senator", "Bea Roe", "US-NY", ""),
        ("Representative", "Cleo Poe", "US-NY", "12"),
        ("Senator", "Dora Low", "US-NJ", ""),
    ]:
        Representative.objects.create(
            petition=page.petition,
            office=office,
            name=name,
            country="US",
            region=region,
            district=district,
        )
    return page


def read(response):
    return " ".join(response.content.decode().replace("<bdi>", "").replace("</bdi>", "").split())


def test_after_confirming(asking, client, make_signature):
    number = make_signature(asking, **HOME).number
    html = read(client.get(signed_url(asking, number)))
    assert f"Your signature goes to: {EXPECTED}" in html
    assert "Dora Low" not in html


def test_without_a_region_nothing_is_said(asking, client, make_signature):
    number = make_signature(asking).number
    assert "goes to" not in read(client.get(signed_url(asking, number)))


def test_on_the_page_of_the_signature(asking, client, make_signature):
    issued = tokens.issue(make_signature(asking, **HOME), Token.Purpose.MANAGE)
    url = reverse("wagtail_petition:signature", args=[issued[Token.Purpose.MANAGE]])
    assert f"Your signature goes to: {EXPECTED}" in read(client.get(url))


def test_in_the_receipt(asking, make_signature):
    signature = make_signature(asking, **HOME)
    message = render_message(OutgoingEmail.Kind.RECEIPT, signature, asking)
    assert f"Your signature goes to: {EXPECTED}" in message.body
    other = make_signature(asking, email="b@example.org")
    assert "goes to" not in render_message(OutgoingEmail.Kind.RECEIPT, other, asking).body

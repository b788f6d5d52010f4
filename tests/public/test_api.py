"""Wagtail's API v2: all of the petition, none of its signers."""

import pytest

pytestmark = pytest.mark.urls("tests.public.api_urls")


def test_a_petition_in_the_api(client, page, make_signers):
    make_signers(2)
    data = client.get(f"/api/v2/pages/{page.pk}/", {"format": "json"}).json()
    assert data["signature_count"] == 2
    assert data["goal"] == 100
    assert data["state"] == "open"
    assert data["letter"] == page.letter
    assert data["petition_key"] == str(page.petition_key)
    assert data["sign_url"] == page.sign_url
    assert data["recipients"][0]["value"]["name"] == "Jane Doe"
    assert "Jane Doe" in data["consent_text"]


def test_no_signer_in_the_api(client, page, make_signers):
    make_signers(2, given_name="Zoraida", message="Secret words")
    text = client.get(f"/api/v2/pages/{page.pk}/", {"format": "json", "fields": "*"}).content
    assert b"Zoraida" not in text
    assert b"Secret" not in text
    assert b"@example.org" not in text

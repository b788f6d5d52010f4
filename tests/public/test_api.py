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


def test_the_form_as_data(client, make_page):
    page = make_page(
        ask_region="optional",
        ask_message="optional",
        home_country="US",
        ask_home_region="required",
        ask_home_district="optional",
    )
    data = client.get(f"/api/v2/pages/{page.pk}/", {"format": "json"}).json()
    fields = {field["name"]: field for field in data["form"]}
    assert list(fields) == [field.name for field in page.get_sign_form()]
    assert fields["given_name"]["required"]
    assert fields["given_name"]["max_length"] == 100
    assert {"value": "IT", "label": "Italy"} in fields["country"]["choices"]
    assert (fields["message"]["type"], fields["consent"]["type"]) == ("textarea", "checkbox")
    assert (fields["email"]["type"], fields["source"]["type"]) == ("email", "hidden")
    country = fields["home_country"]
    assert country["choices"] == [{"value": "US", "label": "United States of America"}]
    region = fields["home_region"]
    assert (region["group"], region["label"], region["required"]) == ("home", "State", True)
    assert region["choices"][0] == {"value": "?", "label": "I don’t know"}
    assert {"value": "US-NY", "label": "New York"} in region["choices"]
    district = fields["home_district"]
    assert (district["required"], district["depends_on"]) == (False, "home_region")
    assert {"value": "US-NY 12", "label": "NY-12"} in district["choices"]
    assert fields["region"]["choices_url"] == "/petitions/regions/{country}/en.json"


def test_what_the_form_offers_is_accepted(client, make_page, form_data):
    page = make_page(home_country="US", ask_home_region="required", ask_home_district="required")
    data = client.get(f"/api/v2/pages/{page.pk}/", {"format": "json"}).json()
    fields = {field["name"]: field for field in data["form"]}
    for choice in fields["home_district"]["choices"]:
        form = page.get_sign_form(form_data(home_region="?", home_district=choice["value"]))
        assert form.is_valid(), choice

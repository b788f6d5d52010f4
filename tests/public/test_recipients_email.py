"""The email address of a recipient is for sending deliveries, and never public."""

import pytest
from django.urls import reverse

from wagtail_petition import urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.public.api_urls")]
SECRET = "jane@senate.example"


@pytest.fixture
def page(make_page):
    people = [
        ("recipient", {"name": "Jane Doe", "role": "to", "email": SECRET}),
        ("recipient", {"name": "Bob Roe", "role": "cc", "email": f"cc-{SECRET}"}),
    ]
    return make_page(recipients=people)


@pytest.fixture
def texts(client, page, translated, make_update, make_signature, mailoutbox):
    """What anybody can read about a petition: {where: text}."""
    make_update()
    make_signature(show_name=True)
    found = {}
    for each in (page, translated):
        found[each.url] = client.get(each.url).content
        api = f"/api/v2/pages/{each.pk}/"
        for address in (api, "/api/v2/pages/?type=wagtail_petition.PetitionPage&fields=*"):
            response = client.get(address, {"format": "json"} if address == api else None)
            assert response.status_code == 200
            found[f"{each.pk} {address}"] = response.content
    for pattern in urls.urlpatterns:
        if [*pattern.pattern.converters] == ["key"]:
            address = reverse(f"wagtail_petition:{pattern.name}", args=[page.petition_key])
            found[address] = client.get(address).content
    found["form"] = client.post(reverse("wagtail_petition:sign", args=[page.pk]), {}).content
    found["signed text"] = repr(vars(page.get_text_to_sign())).encode()
    for number, mail in enumerate(mailoutbox):
        found[f"email {number}"] = mail.message().as_bytes()
    return found


def test_it_is_in_nothing_that_anybody_can_read(texts):
    assert any(b"Jane Doe" in text for text in texts.values())
    assert [where for where, text in texts.items() if SECRET.encode() in text] == []
    assert [where for where, text in texts.items() if b"senate.example" in text] == []


def test_it_is_kept_for_sending(page):
    assert page.to[0]["email"] == SECRET


def test_it_is_not_searched(page):
    assert SECRET not in str(page.recipients.stream_block.get_searchable_content(page.recipients))


def test_adding_it_changes_no_text_that_people_have_signed(page):
    before = page.get_text_to_sign().sha256
    page.recipients = [
        ("recipient", {"name": "Jane Doe", "role": "to"}),
        ("recipient", {"name": "Bob Roe", "role": "cc"}),
    ]
    assert page.get_text_to_sign().sha256 == before

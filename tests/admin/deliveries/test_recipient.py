"""Links for a delivery's recipient in the admin: made, shown once, revoked; answers erased."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition.delivery import build
from wagtail_petition.models import (
    Acknowledgement,
    Delivery,
    PetitionLogEntry,
    RecipientLink,
    Signature,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(log_in, page):
    permissions = ("view", "export", "erase", "view_delivery", "change_delivery")
    return log_in(make_user("Deborah", *permissions, pages=[page]))


@pytest.fixture
def delivery(page, make_signature, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_signature()
    made = Delivery.objects.create(
        petition=page.petition, last_number=1, recipient="Jane Doe", language="en",
        columns=["number", "given_name"], formats=["csv"],
    )  # fmt: skip
    build.build_queued()
    made.refresh_from_db()
    return made


def url(name, delivery, *more):
    return reverse(f"petition_deliveries:{name}", args=[delivery.pk, *more])


def make_link(client, delivery, **data):
    """Make a link in the admin. Returns its address."""
    html = client.post(url("share", delivery), {"days": "30", "is_public": "on", **data}).text
    return re.search(r'value="(http[^"]+)"', html)[1]


def test_a_link_is_made_shown_once_and_opens_the_page(client, delivery):
    address = make_link(client, delivery)
    assert "Jane Doe" in Client().get(address).text
    assert address not in client.get(url("detail", delivery)).text
    html = client.get(url("detail", delivery)).text
    for words in ("Links for the recipient", "Active", "Opened by the recipient"):
        assert words in html
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.share_delivery")
    assert address.rstrip("/").rpartition("/")[2] not in str(entry.data)


def test_the_choices_apply_when_receipt_is_confirmed(client, delivery):
    Signature.objects.update(wants_news=True)
    client.post(url("share", delivery), {"days": "7", "tells_signers": "on"})
    delivery.refresh_from_db()
    assert (delivery.is_public, delivery.tells_signers) == (False, True)


def test_a_wrong_period_makes_no_link(client, delivery):
    client.post(url("share", delivery), {"days": "10000"})
    assert not RecipientLink.objects.exists()


def test_a_revoked_link_is_dead(client, delivery):
    address = make_link(client, delivery)
    link = RecipientLink.objects.get()
    assert "stop working" in client.get(url("revoke_link", delivery, link.pk)).text
    assert Client().get(address).status_code == 200
    client.post(url("revoke_link", delivery, link.pk))
    assert Client().get(address).status_code == 410
    assert "Revoked" in client.get(url("detail", delivery)).text


def test_what_is_not_ready_cannot_be_shared(client, delivery):
    type(delivery).objects.update(state="queued")
    assert client.get(url("share", delivery)).status_code == 404
    assert "Share with recipient" not in client.get(url("detail", delivery)).text


def test_an_answer_is_shown_and_can_be_erased(client, delivery):
    answer = Acknowledgement.objects.create(
        delivery=delivery, kind="received", text="We confirm.", name="Ada Clerk",
        office="Mail room", day="2026-11-03", note="Box 7", manifest_sha256="a" * 64,
    )  # fmt: skip
    html = client.get(url("detail", delivery)).text
    for words in ("Ada Clerk", "Mail room", "Box 7", "We confirm."):
        assert words in html
    assert "Ada Clerk" in client.get(url("erase_answer", delivery, answer.pk)).text
    client.post(url("erase_answer", delivery, answer.pk))
    html = client.get(url("detail", delivery)).text
    assert "Ada Clerk" not in html
    assert "We confirm." in html
    answer.refresh_from_db()
    assert (answer.name, answer.office, answer.note) == ("", "", "")
    assert answer.erased_by.username == "Deborah"

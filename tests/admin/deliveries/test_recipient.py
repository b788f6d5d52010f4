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


class TestSharingTwice:
    @pytest.fixture
    def opened(self, client, delivery):
        """What an open form sends."""
        form = client.get(url("share", delivery)).context["form"]
        return {name: form[name].value() for name in ("key", "newest")}

    def test_a_double_click_shows_the_same_link(self, client, delivery, opened):
        first, second = (make_link(client, delivery, **opened) for _again in range(2))
        assert first == second
        assert Client().get(second).status_code == 200
        assert RecipientLink.objects.count() == 1
        logged = PetitionLogEntry.objects.filter(action="wagtail_petition.share_delivery")
        assert logged.count() == 1

    def test_another_tab_asks_before_it_makes_one_more(self, client, delivery, opened):
        first = make_link(client, delivery)
        other = {"days": "30", **opened}
        response = client.post(url("share", delivery), other)
        assert "Another link was made on" in response.text
        assert RecipientLink.objects.count() == 1
        again = {name: response.context["form"][name].value() for name in opened}
        second = make_link(client, delivery, **again)
        assert first != second
        assert Client().get(first).status_code == Client().get(second).status_code == 200

    def test_the_key_of_somebody_else_s_form_opens_nothing(self, client, log_in, page, delivery):
        """Whoever knows the key of a form doesn't get the link that it has made."""
        key = "0a1b2c3d-0000-4000-8000-000000000000"
        mine = make_link(client, delivery, key=key)
        permissions = ("view", "export", "view_delivery", "change_delivery")
        other = log_in(make_user("Erika", *permissions, pages=[page]))
        assert make_link(other, delivery, key=key) != mine


def test_a_cover_sheet_has_the_link_as_text_and_code(client, delivery):
    response = client.post(url("share", delivery), {"days": "30", "code": "K7Q-D4M"})
    link, token = response.context["link"], response.context["token"]
    cover = url("cover_sheet", delivery, link.pk)
    sheet = client.post(cover, {"token": token})
    for words in (response.context["address"], "petition-qr", "Jane Doe", "asks for a code"):
        assert words in sheet.text
    assert "K7Q" not in sheet.text
    assert "no-store" in sheet["Cache-Control"]
    assert "http" not in sheet.text.replace(response.context["address"], "").replace(
        "http://www.w3.org/2000/svg", ""
    )
    for other in (client.get(cover, follow=True), client.post(cover, {"token": "x"}, follow=True)):
        assert "only when its link has just been created" in other.text


def test_the_code_is_stored_hashed_and_asked_for(client, delivery):
    address = make_link(client, delivery, code="K7Q D4M")
    assert "K7Q" not in str(RecipientLink.objects.values())
    assert "Jane Doe" not in Client().get(address).text
    assert "With a code" in client.get(url("detail", delivery)).text


@pytest.mark.parametrize("code", ["12345", "-" * 10, "x" * 21, "a\x00bcdef"])
def test_a_code_that_is_no_code(client, delivery, code):
    client.post(url("share", delivery), {"days": "30", "code": code})
    assert not RecipientLink.objects.exists()


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
    erase = url("erase_answer", delivery, answer.pk)
    assert "Ada Clerk" in client.get(erase).text
    client.post(erase)
    for response in (client.get(erase, follow=True), client.post(erase, follow=True)):
        assert "This entry has already been erased." in response.text
    html = client.get(url("detail", delivery)).text
    assert "Ada Clerk" not in html
    assert "We confirm." in html
    answer.refresh_from_db()
    assert (answer.name, answer.office, answer.note) == ("", "", "")
    assert answer.erased_by.username == "Deborah"

"""The signer's receipt: a page and a file, with the link to the signature."""

import json
from datetime import date

import pytest
from django.urls import reverse

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.delivery import build, lifecycle
from wagtail_petition.delivery.standalone import verify
from wagtail_petition.mail import sender
from wagtail_petition.models import Delivery, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(client, page, post, mailoutbox, settings, tmp_path):
    """The email after confirming."""
    settings.MEDIA_ROOT = tmp_path / "media"
    post(given_name="Quirinalia", family_name="Zanzottera")
    client.post(path_in(mailoutbox[0], "confirm"))
    return mailoutbox[1]


@pytest.fixture
def link(mail):
    return path_in(mail, "receipt")


@pytest.fixture
def deliver(page):
    """Deliver all signatures; ``hand_over`` says whether it is handed over."""

    def deliver(hand_over=True):
        page.petition.refresh_from_db()
        delivery = Delivery.objects.create(
            petition=page.petition,
            last_number=page.petition.last_number,
            recipient="Jane Doe",
            language="en",
            columns=["number", "given_name", "family_name"],
            formats=["csv"],
        )
        build.build_queued()
        delivery.refresh_from_db()
        if hand_over:
            lifecycle.mark_delivered(delivery, delivered_on=date(2026, 6, 1))
        return delivery

    return deliver


def read(client, link):
    """The receipt in the file, and what the verifier finds in it."""
    response = client.get(f"{link}?file")
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store, private"
    assert "attachment" in response["Content-Disposition"]
    receipt = json.loads(response.content)
    return receipt, {each.code: each.holds for each in verify.check_receipt(receipt)}


def test_before_a_delivery_it_says_so(client, link, deliver):
    html = client.get(link).text
    assert "Your signature hasn’t been delivered yet." in html
    receipt, found = read(client, link)
    assert found == {"receipt.text": True, "receipt.undelivered": True}
    assert receipt["signature"]["number"] == 1
    # One that isn't handed over can still change.
    deliver(hand_over=False)
    assert read(client, link)[1] == found


def test_after_a_delivery_it_leads_to_its_root(client, link, deliver):
    delivery = deliver()
    html = client.get(link).text
    assert delivery.root in html
    assert "Jane Doe" in html
    receipt, found = read(client, link)
    assert found == {"receipt.text": True, "receipt.included": True}
    assert receipt["deliveries"][0]["root"] == delivery.root
    assert receipt["signature"]["text"] == Signature.objects.get().signed_text.sha256


def test_a_delivery_from_before_there_were_proofs(client, link, deliver):
    delivery = deliver()
    Delivery.objects.filter(pk=delivery.pk).update(root="")
    Signature.objects.update(delivered=True)
    assert "delivered before there were receipts" in client.get(link).text
    assert read(client, link)[1]["receipt.undelivered"]


def test_neither_page_nor_file_names_the_person(client, link, deliver):
    deliver()
    for response in (client.get(link), client.get(f"{link}?file")):
        for value in ("Quirinalia", "Zanzottera", "anna@example.org"):
            assert value not in response.text


def test_the_page_of_the_signature_leads_to_it(client, mail, link):
    html = client.get(path_in(mail, "signature")).text
    assert f'href="{link}"' in html
    assert f'href="{path_in(mail, "signature")}"' in client.get(link).text


def test_the_email_about_a_delivery_leads_to_it(client, page, make_signature, mailoutbox):
    signature = make_signature(wants_news=True)
    mailoutbox.clear()
    page.petition.refresh_from_db()
    Delivery.objects.create(
        petition=page.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        state="delivered",
        told_at=signature.confirmed_at,
        delivered_on=date(2026, 6, 1),
    )
    ledger.queue_email(signature, "delivered")
    sender.drain()
    assert client.get(path_in(mailoutbox[-1], "receipt")).status_code == 200


def test_a_withdrawn_signature_has_none(client, link, deliver):
    deliver()
    ledger.withdraw(Signature.objects.get())
    html = client.get(link).text
    assert "There is no receipt" in html
    assert client.get(f"{link}?file")["Content-Type"].startswith("text/html")


def test_an_expired_link_leads_to_the_page_that_offers_another(client, mail, link, clock, settings):
    client.get(link)
    clock.forward(days=31)
    assert client.get(f"{link}?file")["Location"] == path_in(mail, "signature")


def test_opening_it_starts_the_time_of_the_link(client, mail, link, clock):
    client.get(link)
    clock.forward(days=31)
    assert client.get(path_in(mail, "signature")).status_code == 410


def test_a_link_of_another_kind_opens_none(client, mail):
    link = path_in(mail, "unsubscribe").replace("unsubscribe", "receipt")
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("name", ["verify.py", "verify.html"])
def test_the_verifiers_can_be_downloaded(client, db, name):
    response = client.get(reverse("wagtail_petition:verifier", args=[name]))
    assert "attachment" in response["Content-Disposition"]
    assert b"wagtail_petition receipt 1" in response.content
    assert client.get(reverse("wagtail_petition:verifier", args=["__init__.py"])).status_code == 404

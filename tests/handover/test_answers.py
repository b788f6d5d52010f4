"""What a recipient answers: the record, the delivery's state, and the email to the organiser."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.delivery import acknowledgement, build, lifecycle
from wagtail_petition.models import Acknowledgement, Delivery, Signature

pytestmark = pytest.mark.django_db


class TestReceipt:
    def test_it_makes_the_delivery_delivered_and_is_kept(
        self, client, url, delivery, receipt, organiser
    ):
        response = client.post(url, receipt())
        assert response.status_code == 303
        delivery.refresh_from_db()
        assert (delivery.state, delivery.delivered_on) == ("delivered", timezone.localdate())
        answer = Acknowledgement.objects.get()
        assert (answer.kind, answer.name, answer.office) == ("received", "Ada Clerk", "Mail room")
        assert answer.manifest_sha256 == delivery.manifest_sha256
        assert "2 signatures" in answer.text
        html = client.get(response.url).text
        for words in ("Receipt confirmed", "Ada Clerk", "Box 7", answer.text):
            assert words in html
        acknowledgement.tell_organisers()
        (email,) = mail.outbox
        assert email.to == [organiser.email]
        assert "Jane Doe" in email.body
        assert f"/{delivery.pk}/" in email.body
        acknowledgement.tell_organisers()
        assert len(mail.outbox) == 1

    def test_the_organiser_has_chosen_what_the_public_sees(self, client, url, delivery, receipt):
        Delivery.objects.update(is_public=False)
        client.post(url, receipt())
        delivery.refresh_from_db()
        assert not delivery.is_public

    def test_of_what_was_handed_over_before(self, client, url, delivery, receipt):
        lifecycle.mark_delivered(delivery, delivered_on="2026-01-01", place="Rome")
        client.post(url, receipt())
        delivery.refresh_from_db()
        assert str(delivery.delivered_on) == "2026-01-01"
        assert Acknowledgement.objects.get().kind == "received"

    def test_only_once(self, client, url, receipt):
        client.post(url, receipt())
        response = client.post(url, receipt(name="Somebody else"))
        assert response.status_code == 409
        assert [answer.name for answer in Acknowledgement.objects.all()] == ["Ada Clerk"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("office", " "),
            ("name", "x" * 201),
            ("name", "a\x00b"),
            ("day", ""),
            ("day", "2001-01-01"),
            ("day", "9999-12-31"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, client, url, receipt, field, value
    ):
        response = client.post(url, receipt(**{field: value}))
        assert response.status_code == 422
        assert f'href="#petition-receipt-{field}"' in response.text
        assert "Box 7" in response.text
        assert not Acknowledgement.objects.exists()

    def test_of_files_that_have_changed_meanwhile(self, client, url, delivery, receipt):
        before = receipt()
        ledger.withdraw(Signature.objects.get(number=2))
        lifecycle.rebuild(delivery)
        build.build_queued()
        response = client.post(url, before)
        assert response.status_code == 409
        assert "have changed" in response.text
        assert not Acknowledgement.objects.exists()

    def test_after_somebody_withdrew_nobody_confirms_files_that_nobody_has(
        self, client, url, receipt
    ):
        ledger.withdraw(Signature.objects.get(number=2))
        assert client.post(url, receipt()).status_code == 409
        assert Delivery.objects.get().state == "ready"
        assert not Acknowledgement.objects.exists()

    def test_who_has_the_files_confirms_even_if_somebody_withdrew_afterwards(
        self, client, url, delivery, receipt
    ):
        assert b"".join(client.post(url, {"file": delivery.files.first().pk}))
        ledger.withdraw(Signature.objects.get(number=2))
        assert "Confirm receipt" in client.get(url).text
        assert client.post(url, receipt()).status_code == 303
        assert Delivery.objects.get().state == "delivered"


class TestDeclining:
    def test_the_organiser_learns_why_and_the_delivery_stays_ready(
        self, client, url, delivery, refusal, organiser
    ):
        assert client.post(url, refusal).status_code == 303
        delivery.refresh_from_db()
        assert delivery.state == "ready"
        acknowledgement.tell_organisers()
        assert "Not our committee" in mail.outbox[0].body
        assert "declined" in mail.outbox[0].subject.lower()
        assert client.post(url, refusal).status_code == 409

    def test_it_needs_a_reason(self, client, url, refusal):
        response = client.post(url, {**refusal, "decline-note": ""})
        assert response.status_code == 422
        assert '<details class="petition-aside" open>' in response.text

    def test_receipt_can_still_be_confirmed_but_not_the_other_way_round(
        self, client, url, refusal, receipt
    ):
        client.post(url, refusal)
        assert client.post(url, receipt()).status_code == 303
        assert client.post(url, refusal).status_code == 409
        assert "Receipt confirmed" in client.get(url).text


def test_who_may_no_longer_see_the_delivery_is_not_told(client, url, receipt, organiser):
    client.post(url, receipt())
    organiser.groups.clear()
    Acknowledgement.objects.update(told_at=None)
    mail.outbox.clear()
    acknowledgement.tell_organisers()
    assert not mail.outbox


def test_a_day_ahead_of_the_site_s_is_today(client, url, receipt):
    """In the visitor's time zone, tomorrow may have begun."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    client.post(url, receipt(day=tomorrow.isoformat()))
    assert Acknowledgement.objects.get().day == timezone.localdate()

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wagtail_petition.delivery import lifecycle, notifications
from wagtail_petition.models import Delivery, OutgoingEmail
from wagtail_petition.signals import petition_delivered
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(signed, make_delivery):
    signed("Anna", {"given_name": "Bruno", "wants_news": True})
    return make_delivery()


def test_marking_locks_it(delivery, django_capture_on_commit_callbacks):
    heard = []
    petition_delivered.connect(lambda **kwargs: heard.append(kwargs["delivery"]), weak=False)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), place="Rome")
    assert heard == [delivery]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.place) == (Delivery.State.DELIVERED, "Rome")
    with pytest.raises(lifecycle.WrongState):
        lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 4))
    with pytest.raises(lifecycle.WrongState):
        lifecycle.cancel(delivery)


def test_a_refused_receipt_is_not_kept(delivery, settings):
    lifecycle.cancel(delivery)
    receipt = SimpleUploadedFile("scan.pdf", b"%PDF")
    with pytest.raises(lifecycle.WrongState):
        lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), receipt=receipt)
    folder = f"deliveries/{delivery.uid}"
    assert not private_storage().exists(f"{folder}/receipt-scan.pdf")


def test_a_receipt_with_a_very_long_name_is_kept(delivery):
    receipt = SimpleUploadedFile(f"{'x' * 250}.pdf", b"%PDF")
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), receipt=receipt)
    delivery.refresh_from_db()
    with private_storage().open(delivery.receipt) as file:
        assert file.read() == b"%PDF"
    assert delivery.receipt.endswith(".pdf")
    assert len(delivery.receipt) <= 255


def test_cancelling_deletes_the_files(delivery, django_capture_on_commit_callbacks):
    paths = [file.path for file in delivery.files.all()]
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.cancel(delivery)
    assert not any(private_storage().exists(path) for path in paths)


def test_news_go_to_those_who_asked_once(delivery, mailoutbox, django_capture_on_commit_callbacks):
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), tells_signers=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert notifications.queue_delivered_emails() == 1
    assert notifications.queue_delivered_emails() == 0
    assert OutgoingEmail.objects.filter(kind="delivered").count() == 1
    [mail] = [m for m in mailoutbox if m.subject.startswith("Your signature was delivered")]
    assert "Jane Doe received 2 signatures" in mail.body


def test_the_page_says_what_was_delivered(delivery, page, client):
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3))
    text = client.get(page.url).content.decode()
    assert "Jane Doe" in text
    assert 'datetime="2026-11-03"' in text


def add_timelines(page):
    page.body = [
        ("timeline", {"heading": heading, "order": order, "events": events})
        for heading, order, events in [
            ("Long ago", "oldest", [{"date": date(1990, 1, 1), "title": "It began"}]),
            ("This year", "newest", [{"date": date(2026, 1, 1), "title": "We asked"}]),
        ]
    ]
    page.save_revision().publish()


def events_of(client, page):
    """What the page's timelines tell, each as a list of texts."""
    text = client.get(page.url).content.decode()
    timelines = re.findall(r'<ol class="petition-events">(.*?)</ol>', text, flags=re.S)
    return [
        [" ".join(re.sub("<[^>]+>", " ", item).split()) for item in timeline.split("<li>")[1:]]
        for timeline in timelines
    ]


@pytest.mark.parametrize("is_public", [True, False])
def test_the_last_timeline_tells_it_too_if_it_is_public(delivery, page, client, is_public):
    add_timelines(page)
    # Fills the cache, which must be updated by the delivery.
    client.get(page.url)
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), is_public=is_public)
    told = ["Nov. 3, 2026 2 signatures delivered to Jane Doe"] if is_public else []
    assert events_of(client, page) == [
        ["Jan. 1, 1990 It began"],
        [*told, "Jan. 1, 2026 We asked"],
    ]


def test_or_not_if_it_is_not_public(delivery, page, client):
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), is_public=False)
    assert 'datetime="2026-11-03"' not in client.get(page.url).content.decode()

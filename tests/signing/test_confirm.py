"""The link in the mail: GET shows, POST confirms."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.conftest import RequestCommits
from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.models import OutgoingEmail, Petition, Signature

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def link(post, mailoutbox):
    """The link of an attempt to sign."""
    post()
    return path_in(mailoutbox[0], "confirm")


def count():
    return sum(Petition.objects.values_list("signature_count", flat=True))


def test_get_shows_what_would_be_signed(client, link):
    response = client.get(link)
    assert response.status_code == 200
    for shown in ("Anna Moretti", "anna@example.org", "Italy", "separating children"):
        assert shown in response.text
    assert re.search(r'<form method="post">\s*<button', response.text)


def test_a_scanner_confirms_nothing(client, link):
    for _time in range(25):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert Signature.objects.get().status == Status.UNCONFIRMED
    assert count() == 0


def test_post_confirms_and_leads_to_a_page_without_token(client, page, link, mailoutbox):
    response = client.post(link)
    assert response.status_code == 303
    assert response["Location"].startswith(f"/petitions/{page.pk}/signed/")
    assert count() == 1
    thanks = client.get(response["Location"])
    assert thanks.status_code == 200
    assert mailoutbox[-1].subject == "Your signature counts: Stop separating families"
    assert "number 1." in mailoutbox[-1].body


def test_pressing_twice_is_the_same_happy_end(client, link, mailoutbox):
    first, second = client.post(link), client.post(link)
    for response in (first, second, client.get(link)):
        assert 'number <strong class="petition-number">1<' in client.get(response["Location"]).text
    assert count() == 1
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods(client, link, method):
    assert getattr(client, method)(link).status_code == 405


def test_link_works_without_cookies_and_origin(link):
    assert RequestCommits(enforce_csrf_checks=True).post(link).status_code == 303


def test_duplicate_is_told_to_whoever_holds_the_link(client, link, make_signature):
    make_signature()
    response = client.post(link)
    assert response.status_code == 409
    assert "already signed" in response.text
    assert count() == 1


@pytest.mark.parametrize("end", ["withdraw", "invalidate"])
def test_ended_signature(client, link, page, end):
    client.post(link)
    signature = Signature.objects.get()
    if end == "withdraw":
        ledger.withdraw(signature)
    else:
        ledger.invalidate([signature.pk], petition=signature.petition)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert count() == 0


# Time


def test_expired_link_offers_a_new_mail(client, link, clock, mailoutbox):
    clock.forward(days=7, seconds=1)
    response = client.get(link)
    assert response.status_code == 410
    assert "expired" in response.text
    asked = client.post(link)
    assert asked.status_code == 303
    assert Signature.objects.get().status == Status.UNCONFIRMED
    assert client.get(asked["Location"]).status_code == 200
    assert client.post(path_in(mailoutbox[-1], "confirm")).status_code == 303
    assert count() == 1


def test_an_expired_link_pressed_often_owes_one_mail(client, link, clock, mailoutbox, settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    clock.forward(days=7, seconds=1)
    OutgoingEmail.objects.all().delete()
    for _time in range(25):
        assert client.post(link).status_code == 303
    sender.drain()
    for _time in range(25):
        assert client.post(link).status_code == 303
    sender.drain()
    assert OutgoingEmail.objects.filter(kind="confirm").count() == 1
    assert mailoutbox[-1].subject.startswith("Please confirm")
    assert len(mailoutbox) == 2


def test_link_works_for_seven_days(client, link, clock):
    clock.forward(days=6, hours=23, minutes=59)
    assert client.post(link).status_code == 303


# Summer time ends in Rome on 25 October 2026 at 3:00, which is 1:00 UTC.
CLOSES = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def closing(make_page, clock):
    """A petition that closes half an hour before the clocks are put back."""
    clock.stop(CLOSES - timedelta(days=2))
    return make_page(closes_at=CLOSES)


@pytest.mark.parametrize(
    ("moment", "signed", "confirmed"),
    [
        (CLOSES - A_SECOND, 303, 303),
        (CLOSES, 422, 303),
        (CLOSES + A_SECOND, 422, 303),
        # 24 hours are 24 hours: on the clock of Rome it is 1:29:59 the next day, not 2:29:59.
        (CLOSES + timedelta(hours=24) - A_SECOND, 422, 303),
        (CLOSES + timedelta(hours=24), 422, 410),
        (CLOSES + timedelta(hours=24) + A_SECOND, 422, 410),
    ],
)
def test_the_deadline_to_the_second(
    client, closing, post, mailoutbox, clock, moment, signed, confirmed
):
    post(to=closing)
    link = path_in(mailoutbox[0], "confirm")
    clock.stop(moment)
    assert post(to=closing, email="late@example.org").status_code == signed
    assert client.get(link).status_code == (200 if confirmed == 303 else 410)
    assert client.post(link).status_code == confirmed
    assert count() == (1 if confirmed == 303 else 0)


@pytest.mark.parametrize(("delta", "status"), [(-A_SECOND, 422), (timedelta(0), 303)])
def test_the_opening_to_the_second(make_page, post, clock, delta, status):
    # Summer time begins in Rome on 29 March 2026 at 2:00, which is 1:00 UTC.
    opens = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    page = make_page(opens_at=opens)
    clock.stop(opens + delta)
    assert post(to=page).status_code == status


# What becomes of the page


def test_moved_page(client, page, home, link, make_page):
    page.move(make_page(title="Elsewhere"), pos="last-child")
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303


def test_page_with_another_address(client, page, link):
    page.slug = "another"
    page.save_revision().publish()
    assert client.post(link).status_code == 303


@pytest.mark.parametrize("method", ["get", "post"])
def test_unpublished_page_says_so(client, page, link, method):
    page.unpublish()
    response = getattr(client, method)(link)
    assert response.status_code == 410
    assert "no longer online" in response.text
    assert "Stop separating families" in response.text
    assert count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_deleted_page_says_so(client, page, link, method):
    page.delete()
    assert getattr(client, method)(link).status_code == 410
    assert Signature.objects.count() == 1


def test_page_that_is_online_again(client, page, link):
    page.unpublish()
    page.save_revision().publish()
    assert client.post(link).status_code == 303


def test_expired_page(client, make_page, post, mailoutbox, clock):
    from django.core.management import call_command

    page = make_page(expire_at=timezone.now() + timedelta(hours=1))
    post(to=page)
    clock.forward(hours=2)
    call_command("publish_scheduled")
    assert client.get(path_in(mailoutbox[0], "confirm")).status_code == 410


def test_page_deleted_in_one_language_serves_in_the_other(
    client, page, translated, post, mailoutbox
):
    post(to=translated)
    translated.delete()
    assert client.post(path_in(mailoutbox[0], "confirm")).status_code == 303


def test_deleted_locale_keeps_the_signatures(client, page, italian, translated, post, mailoutbox):
    post(to=translated)
    link = path_in(mailoutbox[0], "confirm")
    translated.get_parent().delete()
    italian.delete()
    assert client.post(link).status_code == 303
    assert Signature.objects.get().language == "it"


def test_parent_deleted_in_bulk_keeps_the_signatures(client, home, make_page, post, mailoutbox):
    from wagtail.models import Page

    parent = make_page(title="Parent")
    page = make_page(parent=parent, title="Child")
    post(to=page)
    Page.objects.filter(pk__in=[parent.pk, page.pk]).delete()
    assert Signature.objects.count() == 1
    assert client.get(path_in(mailoutbox[0], "confirm")).status_code == 410


# Signed


def test_the_thanks_are_for_who_has_just_confirmed(client, page, link, monkeypatch):
    """With a shared or invalid URL, others are redirected to the petition."""
    thanks = client.post(link)["Location"]
    shown = client.get(thanks)
    assert shown.status_code == 200
    assert "Were you sent this link?" in shown.text
    assert client.head(thanks).status_code == 200
    sealed = thanks.split("/")[-2]
    for made_up in ("1", "2", "0", "99999999999999999999", sealed[:-1], f"{sealed}x"):
        response = client.get(f"/petitions/{page.pk}/signed/{made_up}/")
        assert response.status_code == 303
        assert response["Location"] == page.url
    later = time.time() + 30 * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    late = client.get(thanks)
    assert (late.status_code, late["Location"]) == (303, page.url)


def test_the_thanks_are_for_one_petition(client, page, link, make_page):
    sealed = client.post(link)["Location"].split("/")[-2]
    other = make_page(title="Another")
    response = client.get(f"/petitions/{other.pk}/signed/{sealed}/")
    assert (response.status_code, response["Location"]) == (303, other.url)
    assert client.get(f"/petitions/999999/signed/{sealed}/").status_code == 410


def test_thanks_for_a_closed_petition_ask_nobody_to_sign(
    client, make_page, post, mailoutbox, clock
):
    page = make_page(closes_at=timezone.now() + timedelta(hours=1))
    post(to=page)
    clock.forward(hours=2)
    thanks = client.get(client.post(path_in(mailoutbox[0], "confirm"))["Location"])
    assert thanks.status_code == 200
    assert "Were you sent" not in thanks.text


def test_no_address_tells_how_many_have_signed(client, page, link):
    thanks = client.post(link)["Location"]
    again = client.get(link)["Location"]
    assert thanks != again, "the number is encrypted, each time anew"

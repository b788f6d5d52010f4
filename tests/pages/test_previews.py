"""Previews of a petition's later states, without saving anything."""

import json
from datetime import timedelta

import pytest

from wagtail_petition.models import (
    Delivery,
    OutgoingEmail,
    Petition,
    PetitionPage,
    Signature,
    Token,
)

SHOWN = {
    "": "Sign this petition",
    "open": "Sign this petition",
    "errors": "There is a problem",
    "sent": "Check your inbox",
    "signed": "You are number",
    "upcoming": "Opens on",
    "closed": "Closed on",
    "delivered": "delivered to <bdi>Jane Doe</bdi>",
    "email_confirm": "Please confirm your signature.",
    "email_reminder": "Your signature doesn’t count yet.",
    "email_receipt": "You are signatory number 1.",
    "email_moved": "has moved your signature to its own website.",
}


def preview(page, mode):
    response = page.make_preview_request(preview_mode=mode)
    assert response.status_code == 200
    response.render()
    return response.content.decode()


def test_each_mode_is_shown_here(page):
    assert [name for name, _label in page.preview_modes] == list(SHOWN)


@pytest.mark.parametrize("mode", SHOWN)
def test_mode(page, mode):
    assert SHOWN[mode] in preview(page, mode)


@pytest.mark.parametrize("mode", SHOWN)
def test_mode_of_a_draft_with_nothing_in_it(home, mode):
    blocks = [{"type": name, "value": None} for name in ("heading", "text")]
    blocks += [
        {"type": "timeline", "value": {"heading": "", "events": [{}]}},
        {"type": "links", "value": {"heading": "", "links": [{}]}},
        *[{"type": name, "value": {}} for name in ("quote", "image", "video", "action")],
    ]
    page = PetitionPage(
        title="Only a title",
        slug="draft",
        letter="<p></p>",
        recipients=json.dumps([{"type": "recipient", "value": {"role": "to"}}]),
        body=json.dumps(blocks),
        sponsors=json.dumps([{"type": "sponsor", "value": {}}]),
        questions=json.dumps([{"type": "one_choice", "value": {}}]),
    )
    home.add_child(instance=page)
    assert "Only a title" in preview(page, mode)


def test_previews_leave_nothing_behind(page):
    before = page.revisions.count()
    for mode in SHOWN:
        preview(page, mode)
    page.refresh_from_db()
    assert page.opens_at is None
    assert page.closes_at is None
    assert page.revisions.count() == before
    assert not Signature.objects.exists()
    assert not Delivery.objects.exists()
    assert Petition.objects.get().signature_count == 0


def test_a_closed_petition_can_be_seen_open(make_page, clock):
    page = make_page(closes_at=clock.now() - timedelta(days=1))
    assert "Closed on" in preview(page, "")
    assert "Closed on" not in preview(page, "open")


def test_emails_in_the_page_s_language_with_their_sender(translated):
    translated.reply_to, translated.sender_name = "help@example.org", "Città"
    html = preview(translated, "email_confirm")
    assert "Conferma la mia firma" in html
    assert "Città &lt;" in html
    assert "help@example.org" in html
    assert "anna@example.org" in html


def test_previews_of_emails_store_and_send_nothing(page):
    for mode in page.preview_emails:
        preview(page, mode)
    assert not Token.objects.exists()
    assert not OutgoingEmail.objects.exists()

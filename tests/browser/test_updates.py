"""Sending an update to signers, as its organiser sees it."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from wagtail_petition import jobs


@pytest.fixture
def update(page, make_update, make_signature, settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    for number, country in enumerate(("IT", "IT", "FR")):
        make_signature(email=f"{number}@example.org", wants_news=True, country=country)
    jobs.send_mails()
    return make_update()


def test_from_the_test_to_the_last_email(update, open_window, log_in, mailoutbox):
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    window = open_window()
    log_in(window, user)
    window.goto(reverse("petition_updates:send", args=[update.pk]))
    send = window.get_by_role("button", name="Send to signers")
    expect(send).to_be_disabled()
    window.get_by_role("button", name="Send me a test email").click()
    expect(window.get_by_text("3 signers will get it.")).to_be_visible()
    # The number follows at once.
    window.get_by_label("Countries").select_option("FR")
    expect(window.get_by_text("1 signer will get it.")).to_be_visible()
    window.get_by_label("Countries").select_option([])
    expect(window.get_by_text("3 signers will get it.")).to_be_visible()
    before = len(mailoutbox)
    send.click()
    expect(window.get_by_role("progressbar")).to_have_accessible_name("0 of 3 emails")
    assert jobs.send_mails() == 3
    # The page finds out by itself.
    expect(window.get_by_role("button", name="Pause")).to_have_count(0)
    expect(window.get_by_text("You can send it again")).to_be_visible()
    assert sorted(mail.to[0] for mail in mailoutbox[before:]) == [
        f"{number}@example.org" for number in range(3)
    ]

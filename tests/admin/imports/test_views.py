"""The list of imports, one import, reverting it, and notifying its signers."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from tests.imports.files import ACTION_NETWORK, CHANGE_ORG, MAILCHIMP_CLEANED
from wagtail_petition import ledger
from wagtail_petition.delivery.membership import pack
from wagtail_petition.imports import batches
from wagtail_petition.mail import opt_out, sender
from wagtail_petition.models import Delivery, OutgoingEmail, PetitionLogEntry, Signature

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


@pytest.fixture
def batch(wizard):
    """Two imported people with addresses."""
    return wizard.import_(ACTION_NETWORK.encode(), consent="Their form")


@pytest.fixture
def get(wizard):
    def get(name, *args):
        return wizard.client.get(wizard.url(name, *args))

    return get


@pytest.fixture
def post(wizard):
    def post(name, *args, **data):
        return wizard.client.post(wizard.url(name, *args), data)

    return post


def test_the_list(get, batch, other_page, wizard):
    text = get("index").text
    for words in ("list.csv", "Imported", "importer", str(batch.petition), "Add import"):
        assert words in text
    foreign = ledger.ensure_petition(other_page)
    type(batch).objects.update(petition=foreign)
    assert "list.csv" not in get("index").text


@pytest.mark.parametrize(("name", "state"), [("detail", "running"), ("check", "checking")])
def test_it_says_whether_a_worker_is_at_it(get, batch, name, state, clock):
    held = {"state": state, "leased_until": clock.now() + timedelta(minutes=15)}
    type(batch).objects.filter(pk=batch.pk).update(**held)
    assert "This continues in the background." in get(name, batch.pk).text
    clock.forward(minutes=16)
    text = get(name, batch.pk).text
    assert "Waiting for the background worker." in text
    assert "data-petition-live" in text


def test_the_page_of_an_import(get, batch):
    text = get("detail", batch.pk).text
    for words in (
        *(batch.sha256, "Action Network report", "Their form", "US voting state", "importer"),
        *("Imported: 2 signatures", "Available until", "They confirmed there"),
        f"{batch.signed_text.title} (English)",
    ):
        assert words in text


def test_new_ones_lead_to_the_list_of_signatures(get, batch, wizard, make_signature):
    make_signature(email="other@example.org")
    results = get("detail", batch.pk).context["results"]
    listed = wizard.client.get(results[0].url)
    assert "Иван" in listed.text
    assert listed.context["page_obj"].count == 2
    signature = batch.signatures.first()
    inspected = wizard.client.get(reverse("petition_signatures:inspect", args=[signature.pk]))
    assert wizard.url("detail", batch.pk) in inspected.text


def test_the_file_is_there_as_long_as_exports_are(get, wizard, clock, importer):
    batch = wizard.import_(ACTION_NETWORK.encode(), consent="Their form")
    assert get("download", batch.pk).getvalue() == ACTION_NETWORK.encode()
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.download_import")
    assert (entry.user, entry.data["import"]) == (importer, batch.pk)
    clock.forward(days=8)
    batches.forget_files()
    response = get("download", batch.pk)
    assert any("has expired and was deleted" in text for text in said(response))
    text = get("detail", batch.pk).text
    assert "Deleted, because" in text
    assert batch.sha256 in text
    assert get("rows", batch.pk, "rejected").status_code == 404


class TestRevert:
    def test_takes_exactly_this_import_out(self, get, post, batch, wizard):
        other = wizard.import_(CHANGE_ORG.encode())
        assert "The 2 signatures that came with" in get("revert", batch.pk).text
        post("revert", batch.pk)
        assert list(Signature.objects.values_list("batch", flat=True)) == [other.pk] * 2
        text = get("detail", batch.pk).text
        assert "Import reverted: 2 signatures" in text
        response = get("revert", batch.pk)
        assert any("can be reverted" in text for text in said(response))

    def test_is_refused_once_it_was_delivered(self, get, post, batch):
        Delivery.objects.create(
            petition=batch.petition,
            recipient="Jane Doe",
            last_number=2,
            language="en",
            state="delivered",
            members=pack([1]),
        )
        text = get("revert", batch.pk).text
        assert "can’t be reverted" in text
        assert "Jane Doe" in text
        assert "Yes, revert" not in text
        assert any("Jane Doe" in text for text in said(post("revert", batch.pk)))
        assert batch.signatures.count() == 2

    def test_of_a_list_of_who_wants_no_emails(self, get, post, wizard):
        batch = wizard.import_(MAILCHIMP_CLEANED.encode())
        assert "may get emails again" in get("revert", batch.pk).text
        shown = get("detail", batch.pk)
        assert "Imported: 1 address<" in shown.text
        meanings = [meaning for _heading, meaning in shown.context["mapping"] if meaning]
        assert meanings == ["Email"]
        assert "Order of dates" not in shown.text
        post("revert", batch.pk)
        assert not opt_out.is_opted_out("ada@example.org")


class TestNotify:
    def test_one_email_to_each_with_an_address(self, get, post, batch, page):
        OutgoingEmail.objects.all().delete()
        opt_out.opt_out("ivan@example.org")
        assert "Notify signers" in get("detail", batch.pk).text
        confirmation = get("notify", batch.pk)
        assert "Yes, send 2 emails" in confirmation.text
        assert "moved your signature" in confirmation.text
        response = post("notify", batch.pk)
        assert said(response) == ["2 emails will be sent."]
        assert any("already" in text for text in said(post("notify", batch.pk)))
        sender.drain()
        (sent,) = mail.outbox
        assert sent.to == ["Mary@example.org"]
        assert "signature was moved" in sent.subject
        assert "Your data comes from: Action Network" in sent.body
        text = get("detail", batch.pk).text
        assert "Signers notified" in text
        assert "Imported signers notified: 2 signatures" in text
        assert "Yes, send" not in text

    def test_not_those_who_have_left_since(self, get, batch):
        ledger.invalidate([batch.signatures.first().pk], petition=batch.petition)
        assert "Yes, send 1 email<" in get("notify", batch.pk).text

    def test_not_who_is_asked_to_confirm(self, get, wizard):
        batch = wizard.import_(ACTION_NETWORK.encode(), consent="Their form", mode="ask")
        assert not get("detail", batch.pk).context["notified"]
        assert any("can’t be notified" in text for text in said(get("notify", batch.pk)))

    def test_not_after_the_revert(self, post, batch):
        post("revert", batch.pk)
        assert any("can’t be notified" in text for text in said(post("notify", batch.pk)))
        assert not OutgoingEmail.objects.filter(kind="moved").exists()


def test_a_failed_import_can_be_continued(get, post, wizard, batch):
    type(batch).objects.filter(pk=batch.pk).update(state="failed", error="Out of memory")
    text = get("detail", batch.pk).text
    assert "Out of memory" in text
    post("detail", batch.pk, action="try_again")
    assert wizard.batch().state == "done"


def test_the_petition_has_a_button(wizard, page):
    url = f"{wizard.url('add')}?petition={page.petition.pk}"
    dashboard = wizard.client.get(reverse("petitions:dashboard", args=[page.petition.pk]))
    assert url in dashboard.text
    signatures = reverse("petition_signatures:index")
    assert url in wizard.client.get(f"{signatures}?petition={page.petition.pk}").text


def test_who_may_not_import_has_none(client, viewer, page):
    client.force_login(viewer)
    dashboard = client.get(reverse("petitions:dashboard", args=[page.petition.pk]))
    assert reverse("petition_imports:add") not in dashboard.text
    assert client.get(reverse("petition_imports:add")).status_code == 404


def test_old_files_expire(clock, wizard):
    wizard.add(ACTION_NETWORK.encode())
    draft = wizard.batch()
    clock.forward(days=8)
    assert batches.forget_files() == 1
    assert not type(draft).objects.filter(pk=draft.pk).exists()

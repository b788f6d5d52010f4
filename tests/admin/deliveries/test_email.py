"""A delivery is sent to its recipient by email: the form, the email, its state, the reminder."""

import re
import smtplib
from unittest.mock import Mock

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.delivery import (
    build,
    lifecycle,
    recipient_emails,
    recipient_links,
    recipient_texts,
)
from wagtail_petition.mail import sender
from wagtail_petition.models import (
    Delivery,
    DeliveryEmail,
    DeliveryFile,
    OutgoingEmail,
    PetitionLogEntry,
    RecipientLink,
    Representative,
    Signature,
)
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db
PERMISSIONS = ("view", "export", "view_delivery", "change_delivery")


@pytest.fixture(autouse=True)
def _later(settings, tmp_path):
    """Emails stay queued until the test sends them."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}


@pytest.fixture
def client(log_in, page):
    return log_in(make_user("Deborah", *PERMISSIONS, pages=[page]))


@pytest.fixture
def delivery(page, make_signature):
    make_signature()
    OutgoingEmail.objects.all().delete()
    made = Delivery.objects.create(
        petition=page.petition, last_number=1, recipient="Jane Doe", language="en",
        columns=["number", "given_name"], formats=["csv"],
    )  # fmt: skip
    build.build_queued()
    made.refresh_from_db()
    return made


@pytest.fixture
def letter(delivery):
    """A letter as a PDF, as with the extra "pdf"."""
    path = private_storage().save("letter.pdf", ContentFile(b"%PDF letter"))
    return DeliveryFile.objects.create(
        delivery=delivery, name="letter.pdf", path=path, size=11, sha256="0" * 64
    )


def url(name, delivery, *more):
    return reverse(f"petition_deliveries:{name}", args=[delivery.pk, *more])


@pytest.fixture
def filled(client, delivery):
    """What the form sends as it is opened, with an address; arguments replace fields."""

    def data(**fields):
        form = client.get(url("email", delivery)).context["form"]
        values = {field.name: field.value() for field in form}
        values = {
            name: value
            for name, value in values.items()
            if value is not None and value is not False
        }
        return {**values, "to": "jane@example.org", **fields}

    return data


@pytest.fixture
def send(client, delivery, filled):
    """Send the form. Returns the page that follows."""

    def send(**fields):
        return client.post(url("email", delivery), filled(**fields), follow=True)

    return send


def link_in(message):
    return re.search(r"https?://\S+/recipient/\S+", message.body)[0]


class TestSending:
    def test_it_arrives_with_a_link_that_opens_the_page(self, send, delivery, mailoutbox, page):
        html = send(cc="aide@example.org, clerk@example.org", reply_to="us@example.org").text
        assert "The email is on its way." in html
        assert "Waiting to be sent" in html
        assert sender.drain() == 1
        (email,) = mailoutbox
        assert email.to == ["jane@example.org"]
        assert email.cc == ["aide@example.org", "clerk@example.org"]
        assert email.reply_to == ["us@example.org"]
        assert page.title in email.subject
        assert "Dear Jane Doe," in email.body
        assert "1 signature" in email.body
        assert "List-Unsubscribe" not in email.extra_headers
        response = Client().get(link_in(email))
        assert "Jane Doe" in response.text
        assert link_in(email) in email.alternatives[0].content

    def test_the_page_and_the_list_tell_how_far_it_is(self, client, send, delivery, mailoutbox):
        send()
        sender.drain()
        link = link_in(mailoutbox[0])
        pages = [url("detail", delivery), reverse("petition_deliveries:index")]
        assert all("Sent" in client.get(each).text for each in pages)
        assert "jane@example.org" in client.get(pages[0]).text
        assert not any("Opened" in client.get(each).text for each in pages[1:])
        Client().get(link)
        assert all("Opened" in client.get(each).text for each in pages)
        Client().post(
            link,
            {
                "receipt-manifest": delivery.manifest_sha256,
                "receipt-name": "Ada",
                "receipt-office": "Mail room",
                "receipt-day": delivery.created_at.date().isoformat(),
                "receive": "1",
            },
        )
        assert all("Receipt confirmed" in client.get(each).text for each in pages)

    def test_only_hashes_of_its_link_are_stored_and_a_log_entry(self, send, mailoutbox):
        send()
        sender.drain()
        token = link_in(mailoutbox[0]).rstrip("/").rpartition("/")[2]
        stored = [*RecipientLink.objects.values(), *OutgoingEmail.objects.values()]
        assert token not in str(stored)
        assert "jane@" not in str(OutgoingEmail.objects.values())
        entry = PetitionLogEntry.objects.get(action="wagtail_petition.email_delivery")
        assert "jane" not in str(entry.data)

    def test_sending_again_after_an_error_leaves_one_link(self, send, mailoutbox, monkeypatch):
        """The token of an attempt that failed doesn't open the page."""
        made = []
        renew = recipient_links.renew
        monkeypatch.setattr(
            recipient_links,
            "renew",
            lambda *args, **more: made.append(renew(*args, **more)) or made[-1],
        )
        send()
        refuse = Mock(**{"send_messages.side_effect": smtplib.SMTPServerDisconnected})
        with monkeypatch.context() as patch:
            patch.setattr(sender, "open_mailer", lambda **options: refuse)
            sender.drain()
        OutgoingEmail.objects.update(due_at="2020-01-01T00:00Z")
        sender.drain()
        assert len(made) == 2
        assert recipient_links.find(made[0]) is None
        assert made[1] in link_in(mailoutbox[0])

    def test_the_choices_apply_when_receipt_is_confirmed(self, send, delivery):
        Signature.objects.update(wants_news=True)
        send(is_public="", tells_signers="on")
        delivery.refresh_from_db()
        assert (delivery.is_public, delivery.tells_signers) == (False, True)

    def test_a_code_is_announced_and_not_in_the_email(self, send, mailoutbox):
        send(code="K7Q-D4M")
        sender.drain()
        (email,) = mailoutbox
        assert "asks for a code" in email.body
        assert "K7Q" not in email.body + email.alternatives[0].content
        assert "Enter the code" in Client().get(link_in(email)).text

    def test_nothing_is_sent_after_the_delivery_was_cancelled(self, send, delivery, mailoutbox):
        send()
        lifecycle.cancel(delivery)
        sender.drain()
        assert not mailoutbox

    def test_a_refused_address_is_told_without_it(self, client, send, delivery, monkeypatch):
        send()
        refusal = smtplib.SMTPRecipientsRefused({"a": (550, b"<jane@example.org>: unknown")})
        mailer = Mock(**{"send_messages.side_effect": refusal})
        monkeypatch.setattr(sender, "open_mailer", lambda **options: mailer)
        sender.drain()
        html = client.get(url("detail", delivery)).text
        assert "The email could not be sent. Check the address" in html
        assert "550 &lt;…&gt;: unknown" in html
        assert "Sending failed" in client.get(reverse("petition_deliveries:index")).text

    def test_it_works_without_a_page_online(self, page, send, mailoutbox):
        page.unpublish()
        send(reply_to="us@example.org")
        assert sender.drain() == 1
        assert "Dear Jane Doe," in mailoutbox[0].body


class TestTheLetter:
    def test_is_attached(self, client, send, delivery, letter, mailoutbox):
        assert "The letter is attached as a PDF" in client.get(url("email", delivery)).text
        send()
        sender.drain()
        assert mailoutbox[0].attachments == [("letter.pdf", b"%PDF letter", "application/pdf")]

    def test_is_not_if_it_is_too_large(self, client, send, delivery, letter, mailoutbox):
        DeliveryFile.objects.filter(pk=letter.pk).update(size=recipient_texts.LARGEST_ATTACHMENT)
        assert "The letter is too large to attach" in client.get(url("email", delivery)).text
        send()
        sender.drain()
        assert not mailoutbox[0].attachments

    def test_without_one(self, client, delivery):
        assert "Nothing is attached." in client.get(url("email", delivery)).text

    def test_is_not_if_somebody_withdrew(self, send, letter, mailoutbox):
        send()
        ledger.withdraw(Signature.objects.get())
        sender.drain()
        assert not mailoutbox[0].attachments


class TestNeverTwice:
    def test_a_double_click(self, client, delivery, filled):
        data = filled()
        client.post(url("email", delivery), data)
        response = client.post(url("email", delivery), data, follow=True)
        assert "This email has already been sent." in response.text
        assert DeliveryEmail.objects.count() == RecipientLink.objects.count() == 1
        assert sender.drain() == 1

    def test_another_tab_asks_first(self, client, delivery, filled):
        first, second = filled(), filled()
        client.post(url("email", delivery), first)
        response = client.post(url("email", delivery), second)
        assert "Another link was made on" in response.text
        assert DeliveryEmail.objects.count() == 1
        newest = response.context["form"]["newest"].value()
        client.post(url("email", delivery), {**second, "newest": newest})
        assert DeliveryEmail.objects.count() == 2

    def test_the_outbox_called_twice(self, send, mailoutbox):
        send()
        assert (sender.drain(), sender.drain()) == (1, 0)


class TestSendingAgain:
    def test_it_makes_a_new_link_and_revokes_the_old_one(self, client, send, delivery, mailoutbox):
        send()
        sender.drain()
        html = client.get(url("email", delivery)).text
        assert "The new email gets a new link." in html
        assert "jane@example.org" in html
        send()
        sender.drain()
        first, second = map(link_in, mailoutbox)
        assert Client().get(first).status_code == 410
        assert Client().get(second).status_code == 200

    def test_to_somebody_else_the_old_one_may_stay(self, send, mailoutbox):
        send()
        sender.drain()
        send(to="other@example.org", revokes="")
        sender.drain()
        assert [Client().get(link_in(each)).status_code for each in mailoutbox] == [200, 200]

    def test_a_link_that_was_copied_by_hand_stays(self, client, send, delivery):
        client.post(url("share", delivery), {"days": "30"})
        send()
        send()
        revoked = RecipientLink.objects.exclude(revoked_at=None)
        assert [link.email.subject for link in revoked] == [DeliveryEmail.objects.last().subject]


class TestTheForm:
    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("to", "", "This field is required."),
            ("to", "jane", "“jane” is not an email address."),
            ("to", "a@example.org\nBcc: b@example.org", "not an email address"),
            ("cc", "jane@example.org", "This address is also under"),
            ("reply_to", "me", "Enter an email address"),
            ("subject", "", "This field is required."),
            ("language", "xx", "Select a valid choice."),
            ("remind", "30", "The link stops working before the reminder."),
            ("text", "\x00", "a character we can’t store"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_sent(self, send, field, value, message):
        response = send(**{field: value})
        assert message in response.text
        assert not DeliveryEmail.objects.exists()

    def test_a_subject_is_one_line(self, send, mailoutbox):
        send(subject="One\r\nBcc: two@example.org")
        sender.drain()
        assert mailoutbox[0].subject == "One Bcc: two@example.org"
        assert not mailoutbox[0].bcc

    def test_the_address_comes_from_the_page(self, client, delivery, page):
        block = ("recipient", {"name": "Jane Doe", "role": "to", "email": "jane@senate.example"})
        page.recipients = [block]
        page.save_revision().publish()
        assert client.get(url("email", delivery)).context["form"]["to"].value() == (
            "jane@senate.example"
        )

    def test_of_a_part_from_its_representatives(self, client, delivery):
        for name, email in (("Ann", "ann@senate.example"), ("Bob", "")):
            Representative.objects.create(
                petition=delivery.petition, name=name, country="US", region="US-NY", email=email
            )
        type(delivery).objects.update(filters={"home_regions": ["US-NY"]}, recipient="Ann, Bob")
        response = client.get(url("email", delivery))
        assert response.context["form"]["to"].value() == "ann@senate.example"
        assert "No email address is known for: Bob." in response.text

    def test_the_text_is_in_the_delivery_s_language(self, client, delivery, page, translated):
        type(delivery).objects.update(language="it")
        response = client.get(url("email", delivery))
        form = response.context["form"]
        assert form["language"].value() == "it"
        assert [code for code, _name in form.fields["language"].choices] == ["en", "it"]
        assert set(response.context["texts"]) == {"en", "it"}
        assert translated.title in form["subject"].value()

    def test_the_preview_shows_it_and_sends_nothing(self, client, delivery, letter, filled):
        response = client.post(
            url("email", delivery), filled(text="My own words", preview="1", cc="b@example.org")
        )
        sample = response.context["sample"]
        for words in ("My own words", "jane@example.org", "b@example.org", "letter.pdf", "until"):
            assert words in sample
        assert not RecipientLink.objects.exists()
        assert "My own words" in response.context["form"]["text"].value()

    def test_only_who_may_share(self, client, log_in, page, delivery):
        type(delivery).objects.update(state="queued")
        assert client.get(url("email", delivery)).status_code == 404
        type(delivery).objects.update(state="ready")
        log_in(make_user("Erika", "view", "view_delivery", "change_delivery", pages=[page]))
        assert "Send by email" not in client.get(url("detail", delivery)).text


class TestTheReminder:
    @pytest.fixture
    def sent(self, send):
        send()
        sender.drain()

    @pytest.fixture
    def remind(self, clock):
        """A week later, the scheduled jobs. Returns how many emails were sent."""

        def remind():
            clock.forward(days=7, minutes=1)
            recipient_emails.queue_reminders()
            return sender.drain()

        return remind

    def test_it_is_sent_once_with_a_link_besides_the_first(
        self, client, sent, remind, delivery, mailoutbox
    ):
        assert recipient_emails.queue_reminders() == 0
        assert (remind(), remind()) == (1, 0)
        first, second = mailoutbox
        assert second.subject == f"Reminder: {first.subject}"
        assert "You haven’t confirmed receipt yet." in second.body
        assert second.extra_headers["Auto-Submitted"] == "auto-generated"
        assert link_in(first) != link_in(second)
        assert [Client().get(link_in(each)).status_code for each in mailoutbox] == [200, 200]
        client.force_login(get_user_model().objects.get(username="Deborah"))
        assert "Reminder sent to the recipient" in client.get(url("detail", delivery)).text
        recipient_links.revoke(RecipientLink.objects.get())
        assert [Client().get(link_in(each)).status_code for each in mailoutbox] == [410, 410]

    @pytest.mark.parametrize("why", ["revoked", "declined", "delivered", "not wanted"])
    def test_it_is_not_sent(self, sent, remind, delivery, why, mailoutbox):
        if why == "revoked":
            recipient_links.revoke(RecipientLink.objects.get())
        elif why == "declined":
            delivery.acknowledgements.create(kind="declined", text="No.", day="2026-01-01")
        elif why == "delivered":
            type(delivery).objects.update(marked_at=RecipientLink.objects.get().expires_at)
        else:
            DeliveryEmail.objects.update(remind_at=None)
        assert remind() == 0
        assert len(mailoutbox) == 1

    def test_nor_if_the_email_could_not_be_sent(self, send, remind):
        send()
        OutgoingEmail.objects.update(state="failed")
        assert remind() == 0

    def test_nor_if_the_answer_comes_while_it_is_queued(self, sent, clock, delivery):
        clock.forward(days=8)
        assert recipient_emails.queue_reminders() == 1
        delivery.acknowledgements.create(kind="received", text="Yes.", day="2026-01-01")
        assert sender.drain() == 0


class TestErasing:
    @pytest.mark.parametrize("end", ["expired", "revoked", "cancelled"])
    def test_addresses_and_texts_go_when_the_link_ends(self, client, send, delivery, clock, end):
        send(cc="aide@example.org", reply_to="us@example.org", text="Dear secret")
        sender.drain()
        assert recipient_emails.forget_addresses() == 0
        if end == "expired":
            clock.forward(days=31)
        elif end == "revoked":
            recipient_links.revoke(RecipientLink.objects.get())
        else:
            lifecycle.cancel(delivery)
        assert (recipient_emails.forget_addresses(), recipient_emails.forget_addresses()) == (1, 0)
        stored = str(DeliveryEmail.objects.values())
        assert "@" not in stored
        assert "secret" not in stored
        # A month later, the session has ended.
        client.force_login(get_user_model().objects.get(username="Deborah"))
        html = client.get(url("detail", delivery)).text
        assert "Erased on" in html
        assert "Sent" in html

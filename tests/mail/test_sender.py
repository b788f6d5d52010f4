"""The sender: queued emails are sent once, within the limits; an error doesn't stop the others."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.mail import queue, rendering, sender
from wagtail_petition.models import OutgoingEmail, Signature

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State


def states():
    return list(OutgoingEmail.objects.order_by("pk").values_list("state", flat=True))


def kinds_sent():
    sent = OutgoingEmail.objects.filter(state=State.SENT).order_by("sent_at", "pk")
    return list(sent.values_list("kind", flat=True))


@pytest.fixture
def late(settings):
    """Emails stay queued until the test sends them."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}


def sign_from(page, network, email="anna@example.org", **fields):
    return ledger.sign(page, email=email, network=network, country="IT", **fields)


# How it is woken


@pytest.mark.parametrize(("background", "sent"), [("inline", 1), ("task", 1), ("worker", 0)])
def test_background(settings, post, mailoutbox, background, sent):
    settings.WAGTAIL_PETITION = {"BACKGROUND": background}
    assert post().status_code == 303
    assert len(mailoutbox) == sent
    assert sender.drain() == 1 - sent
    assert len(mailoutbox) == 1


def test_a_mail_is_owed_in_the_transaction_of_its_signature(page, monkeypatch):
    from wagtail_petition.ledger import signing

    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(signing, "queue_email", broken)
    with pytest.raises(RuntimeError):
        ledger.sign(page, email="anna@example.org")
    assert not Signature.objects.exists()


# Limits


def test_an_address_gets_three_mails_a_day_over_all_petitions(late, make_page, mailoutbox):
    pages = [make_page() for _ in range(4)]
    for i in range(24):
        spelling = ["anna@example.org", "Anna@example.org", "anna+x@example.org"][i % 3]
        sign_from(pages[i % 4], f"{i:032}", email=spelling)
        sender.drain()
    assert len(mailoutbox) == 3


def test_the_limit_holds_within_one_batch(late, make_page, mailoutbox):
    """What is dropped or postponed doesn't count against the emails after it."""
    unpublished, pages = make_page(), [make_page() for _ in range(4)]
    for i in range(3):
        sign_from(unpublished, f"{i:032}")
    for i in range(4):
        sign_from(pages[i], f"{10 + i:032}")
    unpublished.unpublish()
    sender.drain()
    assert len(mailoutbox) == 3


def test_a_new_secret_key_gives_nobody_more(make_page, post, mailoutbox, settings):
    settings.SECRET_KEY = "the first"
    for page in [make_page() for _ in range(2)]:
        post(to=page)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second", ["the first"]
    post(to=make_page())
    assert len(mailoutbox) == 2, "as many as one network causes in a day"


def test_a_hundred_posts_from_a_hundred_networks(client, page, form_data, mailoutbox):
    for i in range(100):
        response = client.post(
            page.sign_url,
            form_data(),
            headers={"Origin": "http://testserver"},
            REMOTE_ADDR=f"198.51.100.{i}",
        )
        assert response.status_code == 303, "the answer never differs"
    assert len(mailoutbox) == 3
    assert Signature.objects.count() == 100


def test_sending_again_counts_as_well(client, post, mailoutbox):
    inbox = post()["Location"]
    for _time in range(6):
        client.post(inbox, {"email": "anna@example.org"}, headers={"Origin": "http://testserver"})
    assert len(mailoutbox) == 2, "the third of a day is left to other networks"


def test_the_next_day_there_is_mail_again(post, clock, mailoutbox):
    for _time in range(5):
        post()
    assert len(mailoutbox) == 2
    clock.forward(hours=24, seconds=1)
    post()
    assert len(mailoutbox) == 3, "one for all that waited in this mailbox"


def test_who_signs_gets_the_receipt_whatever_the_limit(client, post, mailoutbox):
    for _time in range(3):
        post()
    client.post(path_in(mailoutbox[0], "confirm"))
    assert kinds_sent() == ["confirm"] * 2 + ["receipt"]


def sign_with_many(page, number):
    for i in range(number):
        ledger.sign(page, email=f"person{i}@example.org", given_name="Anna")


@override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker", "MAILS_PER_HOUR": 5})
def test_what_exceeds_the_hour_waits(make_page, clock, mailoutbox):
    for page in (make_page(), make_page()):
        sign_with_many(page, 4)
    assert sender.drain() == 5
    assert sender.drain() == 0
    clock.forward(minutes=61)
    assert sender.drain() == 3
    assert set(states()) == {State.SENT, State.DUE}, "reminders are due later"


@override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker", "MAILS_PER_PETITION_PER_HOUR": 3})
def test_one_petition_does_not_hold_up_another(make_page, clock, mailoutbox):
    busy, quiet = make_page(), make_page(title="Quiet")
    sign_with_many(busy, 30)
    sign_with_many(quiet, 2)
    assert sender.drain() == 5
    assert [m.subject for m in mailoutbox].count("Please confirm your signature: Quiet") == 2
    assert sender.drain() == 0
    clock.forward(minutes=61)
    assert sender.drain() == 3


@override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker", "MAILS_PER_HOUR": 50})
def test_a_flood_of_attempts_keeps_back_no_other_petition(make_page, clock, mailoutbox):
    flooded, other = make_page(), make_page(title="Other")
    sign_with_many(flooded, 600)
    clock.forward(minutes=1)
    signed = ledger.sign(other, email="anna@example.org", given_name="Anna")
    ledger.confirm(ledger.sign(other, email="bruno@example.org", given_name="Bruno"))
    ledger.sign(other, email="carla@example.org", given_name="Carla")
    assert sender.drain() == 50
    of_other = OutgoingEmail.objects.filter(signature__petition=signed.petition)
    assert not of_other.filter(state=State.DUE, due_at__lte=timezone.now()).exists()
    # The limit is the same whoever fills it, and the flood goes on where it was.
    clock.forward(minutes=61)
    assert sender.drain() == 50


@override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker", "MAILS_PER_HOUR": 2})
def test_petitions_take_turns_however_low_the_limit(make_page, clock, mailoutbox):
    flooded, other = make_page(title="Flooded"), make_page(title="Other")
    sign_with_many(flooded, 30)
    clock.forward(minutes=1)
    sign_with_many(other, 1)
    assert sender.drain() == 2
    assert {m.subject.rpartition(" ")[2] for m in mailoutbox} == {"Flooded", "Other"}


@override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker"})
def test_what_people_wait_for_goes_first(page, make_signature, clock):
    signature = make_signature()
    OutgoingEmail.objects.all().delete()
    kinds = ["delivered", "last_call", "receipt", "confirm"]
    for kind in kinds:
        ledger.queue_email(signature, kind)
        clock.forward(minutes=1)
    assert [email.kind for email in queue.take(3)] == ["confirm", "receipt", "last_call"]
    assert [email.kind for email in queue.take(3)] == ["delivered"]


@override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker"})
def test_drain_stops_where_it_is_told(page, mailoutbox):
    sign_with_many(page, 30)
    assert sender.drain(limit=25) == 25
    assert sender.drain() == 5


# Reminders


def test_one_reminder_after_three_days(post, clock, mailoutbox):
    post()
    sender.drain()
    assert len(mailoutbox) == 1
    for _day in range(10):
        clock.forward(days=1)
        sender.drain()
    assert [m.subject for m in mailoutbox] == [
        "Please confirm your signature: Stop separating families",
        "Reminder: please confirm your signature – Stop separating families",
    ]


def test_who_tried_three_times_is_reminded_once_of_the_last(late, page, client, clock, mailoutbox):
    for name in ("One", "Two", "Three"):
        sign_from(page, name.ljust(32, "x"), given_name=name)
        sender.drain()
    clock.forward(days=4)
    sender.drain()
    assert len(mailoutbox) == 4
    reminded_of = client.get(path_in(mailoutbox[-1], "confirm")).context["signature"]
    assert reminded_of.given_name == "Three"


def test_who_has_confirmed_is_not_reminded(client, post, clock, mailoutbox):
    post()
    post()
    client.post(path_in(mailoutbox[0], "confirm"))
    clock.forward(days=4)
    assert sender.drain() == 0


def test_no_reminder_where_the_editor_wants_none(make_page, post, clock, mailoutbox):
    post(to=make_page(send_reminder=False))
    clock.forward(days=4)
    assert sender.drain() == 0


def test_a_reminder_counts_from_the_email_that_was_late(late, page, clock, mailoutbox, monkeypatch):
    sign_with_many(page, 1)
    with monkeypatch.context() as broken:
        broken.setattr(sender, "render_message", Mock(side_effect=ValueError))
        sender.drain()
        clock.forward(days=1)
        sender.drain()
    clock.forward(days=1)
    sender.drain()
    clock.forward(days=2, hours=22)
    assert sender.drain() == 0
    clock.forward(hours=2)
    assert sender.drain() == 1
    assert kinds_sent() == ["confirm", "reminder"]


def test_no_reminder_of_an_email_that_was_refused(late, page, clock, mailoutbox):
    sign_with_many(page, 2)
    sender.drain()
    refused = OutgoingEmail.objects.filter(kind="confirm").first()
    OutgoingEmail.objects.filter(pk=refused.pk).update(state=State.FAILED, sent_at=None)
    clock.forward(days=4)
    assert sender.drain() == 1
    (reminder,) = OutgoingEmail.objects.filter(kind="reminder", state=State.SENT)
    assert reminder.signature_id != refused.signature_id


def test_no_reminder_once_it_is_too_late(make_page, post, clock, mailoutbox):
    post(to=make_page(closes_at=timezone.now() + timedelta(days=1)))
    clock.forward(days=4)
    assert sender.drain() == 0


# What is true by the time it is sent


def test_late_mail_says_what_is_true_by_then(late, page, make_signature, mailoutbox):
    attempt = make_signature(confirm=False)
    make_signature(email="Anna@example.org")
    assert sender.drain() == 2
    by_signature = {
        m.signature_id: (m.kind, m.state) for m in OutgoingEmail.objects.exclude(kind="receipt")
    }
    assert by_signature[attempt.pk] == ("already_signed", State.SENT)
    (about,) = [m for m in mailoutbox if "already" in m.subject]
    assert about.to == ["Anna@example.org"], "the address that counts, in its own spelling"


def test_the_mail_speaks_one_language(late, page, translated, make_signature, mailoutbox):
    make_signature(of=translated)
    ledger.sign(page, email="anna@example.org", given_name="Anna")
    sender.drain()
    (about,) = [m for m in mailoutbox if "/it/" in m.body and "/signature/" in m.body][1:]
    assert 'lang="it"' in about.alternatives[0].content


@pytest.mark.parametrize("end", ["unpublish", "delete"])
def test_no_mail_about_a_page_that_is_gone(late, page, make_signature, mailoutbox, end):
    make_signature(confirm=False)
    getattr(page, end)()
    assert sender.drain() == 0
    assert states() == [State.DROPPED]


def test_no_mail_to_whom_was_erased(late, page, make_signature, mailoutbox):
    ledger.withdraw(make_signature())
    assert sender.drain() == 0
    assert mailoutbox == []


# What goes wrong


@pytest.mark.parametrize("fault", [ValueError("Invalid address"), KeyError("words")])
def test_a_mail_that_cannot_be_made_keeps_back_no_other(
    late, page, mailoutbox, monkeypatch, caplog, clock, fault
):
    real = rendering.render_message

    def broken(kind, signature, page, **options):
        if signature.email == "person1@example.org":
            raise fault
        return real(kind, signature, page, **options)

    monkeypatch.setattr(sender, "render_message", broken)
    sign_with_many(page, 3)
    assert sender.drain() == 2
    (kept,) = OutgoingEmail.objects.filter(kind="confirm", state=State.DUE)
    assert kept.due_at > timezone.now()
    assert type(fault).__name__ in kept.last_error
    assert "could not be sent" in caplog.text
    for _try in range(len(sender.RETRIES)):
        clock.forward(hours=17)
        sender.drain()
    kept.refresh_from_db()
    assert kept.state == State.FAILED
    monkeypatch.undo()


def test_a_worker_that_dies_leaves_its_mails_to_others(late, page, mailoutbox, clock):
    sign_with_many(page, 3)
    taken = queue.take(20)
    assert len(taken) == 3
    assert sender.drain() == 0
    clock.forward(minutes=10, seconds=1)
    assert sender.drain() == 3


def test_a_worker_that_was_stopped_for_long_sends_nothing_twice(late, page, mailoutbox, clock):
    sign_with_many(page, 3)
    taken = queue.take(20)
    clock.forward(minutes=11)
    assert sender.drain() == 3
    assert sender._send_batch(taken) == (0, True)
    assert len(mailoutbox) == 3
    assert kinds_sent() == ["confirm"] * 3


def test_errors_repeat_no_address(late, page, make_signature):
    make_signature(confirm=False)
    (mail,) = queue.take(1)
    sender._give_up_or_retry(mail, 550, b"5.1.1 <anna@example.org>: unknown\x00")
    mail.refresh_from_db()
    assert mail.last_error == "550 5.1.1 <…>: unknown"
    assert mail.state == State.FAILED


@pytest.mark.django_db(transaction=True)
def test_an_attempt_withdrawn_this_very_moment_keeps_nobody_back(
    settings, make_signature, mailoutbox, monkeypatch
):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    withdrawn = make_signature(confirm=False)
    make_signature(confirm=False, email="next@example.org")
    decide = sender.what_to_send

    def withdraw_then(mail, page, facts, news):
        decided = decide(mail, page, facts, news)
        if mail.signature == withdrawn:
            ledger.withdraw(withdrawn)
        return decided

    monkeypatch.setattr(sender, "what_to_send", withdraw_then)
    assert sender.drain() == 1
    assert [m.to for m in mailoutbox] == [["next@example.org"]]


# Forged attempts


def test_forged_attempts_do_not_keep_their_victim_from_signing(
    late, make_page, clock, mailoutbox, client
):
    """Three a day from one network, for another petition: the victim's own email goes out."""
    for i in range(3):
        sign_from(make_page(title="Forged"), "a" * 32, given_name=f"Forged {i}")
        sender.drain()
    sign_from(make_page(title="Own"), "b" * 32, given_name="Anna")
    sender.drain()
    assert [m.subject.rpartition(" ")[2] for m in mailoutbox] == ["Forged", "Forged", "Own"]


def test_what_exceeds_the_limit_of_an_address_comes_the_next_day(
    late, make_page, clock, mailoutbox
):
    for network in "abc":
        sign_from(make_page(), network * 32)
        sender.drain()
    sign_from(make_page(title="Own"), "d" * 32)
    assert sender.drain() == 0
    clock.forward(hours=23)
    assert sender.drain() == 0
    clock.forward(hours=1, seconds=10)
    assert sender.drain() == 1
    assert mailoutbox[-1].subject.endswith("Own")
    assert OutgoingEmail.objects.get(kind="confirm", signature__network="d" * 32).attempts == 1


def test_a_link_shows_all_that_was_signed_from_its_mailbox(late, page, client, mailoutbox):
    """A person without an email for one attempt can confirm it with the link of another."""
    for network in "abc":
        sign_from(page, network * 32, given_name=f"Forged {network}")
        sender.drain()
    own = sign_from(page, "d" * 32, given_name="Quirinalia")
    other = sign_from(page, "d" * 32, email="Anna+x@example.org", given_name="Elsewhere")
    assert sender.drain() == 0
    link = path_in(mailoutbox[-1], "confirm")
    shown = client.get(link)
    assert "Quirinalia" in shown.text
    assert "Forged a" in shown.text
    assert "Elsewhere" not in shown.text, "another spelling may be another mailbox"
    names = {attempt.pk: name for name, attempt in shown.context["attempts"].items()}
    assert other.pk not in names
    assert client.post(link, {"attempt": names[own.pk]}).status_code == 303
    assert Signature.objects.get(status="confirmed") == own


def test_what_was_chosen_and_is_gone_lets_no_other_count(page, client, make_signature, mailoutbox):
    """If the chosen attempt is deleted before the button is pressed, no other attempt is confirmed."""
    make_signature(given_name="Forged", confirm=False)
    sender.drain()
    own = make_signature(given_name="Anna", confirm=False)
    link = path_in(mailoutbox[0], "confirm")
    names = {a.given_name: name for name, a in client.get(link).context["attempts"].items()}
    ledger.forget_attempts([own.pk])
    response = client.post(link, {"attempt": names["Anna"]})
    assert response["Location"] == link
    assert Signature.objects.get().status == Signature.Status.UNCONFIRMED
    assert client.post(link, {"attempt": names["Forged"]}).status_code == 303
    assert Signature.objects.get().status == Signature.Status.CONFIRMED


def test_a_day_of_forged_attempts_is_not_made_up_for_later(late, page, clock, mailoutbox):
    """Of what waits in one mailbox for one petition, one email is sent."""
    for i in range(30):
        sign_from(page, f"{i:032}", given_name=f"Forged {i}")
        sender.drain()
    assert len(mailoutbox) == 3
    for _hour in range(80):
        clock.forward(hours=1)
        sender.drain()
    confirmations = [m for m in mailoutbox if m.subject.startswith("Please confirm")]
    assert len(confirmations) == 4


def test_who_answers_is_never_kept_waiting(late, make_page, mailoutbox, client):
    """One person signs and confirms five petitions in a row."""
    for _time in range(5):
        sign_from(make_page(), "a" * 32)
        sender.drain()
        client.post(path_in(mailoutbox[-1], "confirm"))
        OutgoingEmail.objects.filter(kind="receipt").delete()
    assert kinds_sent() == ["confirm"] * 5

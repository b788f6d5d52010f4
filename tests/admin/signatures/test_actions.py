"""Actions on one signature."""

import pytest
from django.urls import reverse

from wagtail_petition import ledger
from wagtail_petition.models import PetitionLogEntry, Signature
from wagtail_petition.moderation.actions import SIGNATURE_ACTIONS

Status = Signature.Status


def url(signature, action):
    return reverse("petition_signatures:action", args=[signature.pk, action])


def inspect(signature):
    return reverse("petition_signatures:inspect", args=[signature.pk])


def act(client, signature, action, **data):
    """Open an action's form and submit it. Returns the next page."""
    assert client.get(url(signature, action)).status_code == 200
    response = client.post(url(signature, action), data, follow=True)
    signature.refresh_from_db()
    return response.content.decode()


def test_confirming_manually_needs_a_reason(log_in, manager, page, make_signature):
    client, attempt = log_in(manager), make_signature(confirm=False)
    assert "This field is required" in act(client, attempt, "confirm")
    assert attempt.status == Status.UNCONFIRMED
    html = act(client, attempt, "confirm", reason="Signed on paper too")
    assert "1 signature confirmed." in html
    assert "Confirmed manually" in html
    assert "Signed on paper too" in html
    assert (attempt.status, attempt.number) == (Status.CONFIRMED, 1)
    page.petition.refresh_from_db()
    assert page.petition.signature_count == 1


def test_confirming_an_address_that_counts_already(log_in, manager, make_signature):
    make_signature()
    attempt = make_signature(confirm=False)
    html = act(log_in(manager), attempt, "confirm", reason="By phone")
    assert "another signature with this email is already confirmed" in html
    assert attempt.status == Status.UNCONFIRMED
    assert not PetitionLogEntry.objects.exists()


def test_invalidate_and_restore(log_in, manager, page, make_signature):
    client, signature = log_in(manager), make_signature()
    assert "1 signature invalidated." in act(client, signature, "invalidate", reason="A joke")
    assert signature.status == Status.INVALIDATED
    assert "1 signature restored." in act(client, signature, "restore")
    assert (signature.status, signature.number) == (Status.CONFIRMED, 1)
    page.petition.refresh_from_db()
    assert page.petition.signature_count == 1
    actions = PetitionLogEntry.objects.order_by("pk").values_list("action", "user__username")
    assert list(actions) == [
        ("wagtail_petition.invalidate", "manager"),
        ("wagtail_petition.restore", "manager"),
    ]


def test_withdraw_on_request_erases_also_what_the_log_said(log_in, manager, make_signature):
    client, signature = log_in(manager), make_signature()
    act(client, signature, "invalidate", reason="Anna did not mean it")
    act(client, signature, "restore")
    act(client, signature, "withdraw")
    assert signature.status == Status.WITHDRAWN
    assert signature.full_name == ""
    assert str(signature) == "Erased"
    assert "Anna" not in "".join(f"{e.label}{e.data}" for e in PetitionLogEntry.objects.all())
    assert "Anna" not in client.get(inspect(signature)).content.decode()


def test_an_attempt_that_is_withdrawn_is_gone(log_in, manager, make_signature):
    attempt = make_signature(confirm=False)
    response = log_in(manager).post(url(attempt, "withdraw"), follow=True)
    assert "Signature erased." in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_resend(log_in, manager, make_signature, mailoutbox):
    attempt = make_signature(confirm=False)
    mailoutbox.clear()
    assert "1 email will be sent." in act(log_in(manager), attempt, "resend")
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]]


@pytest.mark.parametrize(
    ("status", "possible"),
    [
        ("unconfirmed", {"resend", "confirm", "withdraw"}),
        ("confirmed", {"invalidate", "withdraw"}),
        ("invalidated", {"restore", "withdraw"}),
        ("withdrawn", set()),
    ],
)
def test_only_what_the_status_allows(log_in, manager, page, make_signature, status, possible):
    signature = make_signature(confirm=status != "unconfirmed")
    if status == "invalidated":
        ledger.invalidate([signature.pk], petition=page.petition)
    if status == "withdrawn":
        ledger.withdraw(signature)
    client = log_in(manager)
    html = client.get(inspect(signature)).content.decode()
    assert {action for action in SIGNATURE_ACTIONS if url(signature, action) in html} == possible
    for action in SIGNATURE_ACTIONS.keys() - possible:
        response = client.post(url(signature, action), {"reason": "x"}, follow=True)
        assert "You can’t do this" in response.content.decode()
    signature.refresh_from_db()
    assert signature.status == status


def test_two_at_once(log_in, manager, page, make_signature):
    """The second user gets a message that it is already done."""
    signature = make_signature()
    client = log_in(manager)
    client.get(url(signature, "invalidate"))
    ledger.invalidate([signature.pk], petition=page.petition)
    response = client.post(url(signature, "invalidate"), {}, follow=True)
    assert "You can’t do this" in response.content.decode()
    page.petition.refresh_from_db()
    assert page.petition.signature_count == 0


def test_without_the_permission_it_is_not_there(log_in, viewer, make_signature):
    signature = make_signature()
    client = log_in(viewer)
    for action in [*SIGNATURE_ACTIONS, "unknown"]:
        assert client.post(url(signature, action), {"reason": "x"}).status_code == 404
    assert "Invalidate" not in client.get(inspect(signature)).content.decode()


def test_it_goes_on_to_where_one_came_from_and_nowhere_else(log_in, manager, make_signature):
    signature = make_signature()
    client = log_in(manager)
    for wanted, expected in [
        ("/admin/petition_signatures/?q=anna", "/admin/petition_signatures/?q=anna"),
        ("https://evil.example/", inspect(signature)),
    ]:
        for action in ("invalidate", "restore"):
            response = client.post(url(signature, action), {"next": wanted})
            assert response["Location"] == expected

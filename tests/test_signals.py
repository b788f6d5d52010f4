"""Signals: sent once, after the commit, with what is stored by then."""

import pytest
from django.db import connection, transaction

from wagtail_petition import ledger, signals
from wagtail_petition.models import Signature


@pytest.fixture
def heard():
    """What signals were sent: (name, signature as it is stored, whether within a transaction)."""
    calls = []

    def listen(name):
        def receive(signature, **kwargs):
            stored = Signature.objects.filter(pk=signature.pk).values_list("status", flat=True)
            calls.append((name, signature, stored.first()))

        return receive

    receivers = {name: listen(name) for name in dir(signals) if name.startswith("signature_")}
    for name, receive in receivers.items():
        getattr(signals, name).connect(receive)
    yield calls
    for name, receive in receivers.items():
        getattr(signals, name).disconnect(receive)


@pytest.mark.django_db
def test_each_step_is_told(heard, make_signature, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        signature = make_signature()
    with django_capture_on_commit_callbacks(execute=True):
        ledger.withdraw(signature)
    assert [(name, status) for name, _signature, status in heard] == [
        ("signature_created", "confirmed"),
        ("signature_confirmed", "confirmed"),
        ("signature_withdrawn", "withdrawn"),
    ]
    assert heard[1][1].number == 1


@pytest.mark.django_db
def test_the_data_is_gone_when_a_withdrawal_is_told(
    heard, make_signature, django_capture_on_commit_callbacks
):
    signature = make_signature()
    with django_capture_on_commit_callbacks(execute=True):
        ledger.withdraw(signature)
    told = heard[-1][1]
    assert (told.email, told.given_name, told.email_key) == ("", "", None)


@pytest.mark.django_db
def test_what_changes_nothing_is_not_told(
    heard, make_signature, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        signature = make_signature()
        ledger.confirm(signature)
        ledger.confirm(make_signature(confirm=False))
        ledger.withdraw(make_signature(confirm=False, email="b@example.org"))
        ledger.withdraw(signature)
        ledger.withdraw(signature)
    names = [name for name, _signature, _status in heard]
    assert names.count("signature_confirmed") == 1
    assert names.count("signature_withdrawn") == 1


@pytest.mark.django_db
def test_nothing_is_told_of_what_was_rolled_back(heard, page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ledger.sign(page, email="anna@example.org")
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_it_is_told_after_the_commit(page):
    found = []

    def receive(signature, **kwargs):
        found.append(connection.in_atomic_block)

    signals.signature_created.connect(receive)
    ledger.sign(page, email="anna@example.org")
    signals.signature_created.disconnect(receive)
    assert found == [False]


@pytest.mark.django_db
def test_a_broken_receiver_undoes_nothing(client, page, post, caplog):
    def broken(**kwargs):
        raise RuntimeError("newsletter is down")

    signals.signature_created.connect(broken)
    response = post()
    signals.signature_created.disconnect(broken)
    assert response.status_code == 303
    assert Signature.objects.count() == 1
    assert "newsletter is down" in caplog.text

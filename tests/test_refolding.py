"""An upgrade updates the search keys and canonical addresses of existing signatures."""

from importlib import import_module

import pytest
from django.apps import apps

from wagtail_petition import ledger
from wagtail_petition.identity.emails import email_key, former_email_key
from wagtail_petition.identity.hashing import address_hash, known_address_hashes
from wagtail_petition.models import Petition, Signature

pytestmark = pytest.mark.django_db
migration = import_module("wagtail_petition.migrations.0009_fold_names_and_mailboxes")


@pytest.fixture
def kept(make_signature):
    """A signature as stored by an earlier version: {field: value} only fields that differ from today's."""

    def make(email, *, confirm=True, **before):
        signature = make_signature(email="x@example.org", confirm=False)
        Signature.objects.filter(pk=signature.pk).update(
            email=email, email_key=email, email_domain=email.partition("@")[2], **before
        )
        signature = Signature.objects.get(pk=signature.pk)
        return ledger.confirm(signature).signature if confirm else signature

    return make


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Several batches, the last of them not full."""
    monkeypatch.setattr(migration, "BATCH", 2)


def update():
    migration.fold_names(apps, None)
    migration.join_mailboxes(apps, None)


def test_names_are_found_as_those_of_later_signers(kept):
    for number in range(5):
        kept(
            f"{number}@example.org",
            given_name="Łucja",
            family_name="D’Angelo",
            name_key="łucja d’angelo",
            family_key="d’angelo łucja",
        )
    update()
    keys = set(Signature.objects.values_list("name_key", "family_key"))
    assert keys == {("lucja dangelo", "dangelo lucja")}


def test_a_mailbox_signs_once(kept, make_signature):
    before = kept("an.na@protonmail.com")
    update()
    before.refresh_from_db()
    assert (before.email_key, before.email_domain) == ("anna@proton.me", "proton.me")
    assert before.email == "an.na@protonmail.com"
    again = make_signature(email="anna@pm.me", confirm=False)
    assert ledger.confirm(again).outcome is ledger.Outcome.DUPLICATE


def test_two_that_counted_both_stay(kept):
    first, second = kept("anna@me.com"), kept("anna@icloud.com")
    update()
    for signature in (first, second):
        signature.refresh_from_db()
        assert signature.status == Signature.Status.CONFIRMED
    assert {first.email_key, second.email_key} == {"anna@me.com", "anna@icloud.com"}
    assert Petition.objects.get().signature_count == 2


def test_done_twice_it_changes_nothing_more(kept, make_signature):
    kept("anna@me.com")
    make_signature(email="b@pm.me")
    kept("c-d@yahoo.com", confirm=False)
    update()
    done = list(Signature.objects.order_by("pk").values())
    update()
    assert list(Signature.objects.order_by("pk").values()) == done


def test_what_was_kept_of_an_address_before_is_still_known():
    address = "an.na@pm.me"
    kept = address_hash(former_email_key(address))
    assert kept in known_address_hashes(email_key(address), former_email_key(address))

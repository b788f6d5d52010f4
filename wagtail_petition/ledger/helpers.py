"""Shared steps of the ledger's functions. Each runs in the caller's transaction."""

import secrets
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.models.terms import TERMS
from wagtail_petition.pages.mixin import PetitionPageMixin

# The values of a signature's personal fields after erasure. Both countries, the home region,
# language, source, origin and day stay: they identify nobody, and the counts and tallies can be
# computed from them again.
EMPTY: dict[str, Any] = {
    "given_name": "",
    "family_name": "",
    "email": "",
    "email_key": None,
    "email_state": "ok",
    "name_key": "",
    "family_key": "",
    "email_domain": "",
    "postcode": "",
    "city": "",
    "region": "",
    "home_district": "",
    "home_place": "",
    "home_tie": "",
    "message": "",
    "answers": {},
    "show_name": False,
    "wants_news": False,
    "network": "",
    "origin_ref": "",
    "salt": None,
}


def get_petition(page: PetitionPageMixin) -> Petition:
    """The petition of ``page``, created if it doesn't exist yet."""
    petition = page.petition
    if petition.pk is None:
        page.petition, _created = Petition.objects.get_or_create(
            key=petition.key,
            defaults={"title": page.title, **{name: getattr(page, name) for name in TERMS}},
        )
    return page.petition


def get_or_create_text(text: SignedText) -> SignedText:
    """The stored ``SignedText`` with the same content as ``text``, which is unsaved.

    Only its id is read; the other fields are read when they are used.
    """
    same = SignedText.objects.filter(sha256=text.sha256).only("pk")
    try:
        return same.get()
    except SignedText.DoesNotExist:
        SignedText.objects.bulk_create([text], ignore_conflicts=True)
        return same.get()


def bump_public_version(petition_pk: int, **changes: Any) -> None:
    """Invalidate the caches of the petition's pages, and save ``changes`` to the petition."""
    petition = Petition.objects.filter(pk=petition_pk)
    petition.update(public_version=F("public_version") + 1, **changes)


def renew_pages_version(key: UUID) -> None:
    """Invalidate the pages of the petition with ``key`` that processes keep in memory."""
    Petition.objects.filter(key=key).update(pages_version=secrets.randbits(62))


def send_on_commit(signal: Signal, signature: Signature) -> None:
    """Send ``signal`` after the commit."""
    # send_robust, because an error in a receiver must not reach the signer: it is logged.
    transaction.on_commit(partial(signal.send_robust, sender=Signature, signature=signature))

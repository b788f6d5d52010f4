"""Parts of the verbs that are not about counts. Each runs within a verb's transaction."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.models.terms import TERMS
from wagtail_petition.pages.mixin import PetitionPageMixin

# What is left of a signature once its person's data is gone. The country, the language, the
# source and the day say nothing about a person, and make counts and tallies recomputable.
EMPTY: dict[str, Any] = {
    "given_name": "",
    "family_name": "",
    "email": "",
    "email_key": None,
    "name_key": "",
    "family_key": "",
    "email_domain": "",
    "postcode": "",
    "city": "",
    "region": "",
    "message": "",
    "answers": {},
    "show_name": False,
    "wants_news": False,
    "network": "",
}


def get_petition(page: PetitionPageMixin) -> Petition:
    """The petition ``page`` shows, created if nothing was heard of it before."""
    petition = page.petition
    if petition.pk is None:
        page.petition, _created = Petition.objects.get_or_create(
            key=petition.key,
            defaults={"title": page.title, **{name: getattr(page, name) for name in TERMS}},
        )
    return page.petition


def get_or_create_text(text: SignedText) -> SignedText:
    """The stored ``SignedText`` with the content of an unsaved one."""
    kept = SignedText.objects.filter(sha256=text.sha256).first()
    if kept:
        return kept
    SignedText.objects.bulk_create([text], ignore_conflicts=True)
    return SignedText.objects.get(sha256=text.sha256)


def bump_public_version(petition_pk: int, **changes: Any) -> None:
    """Let what is kept of the petition's page be made anew, and make ``changes`` to the petition."""
    petition = Petition.objects.filter(pk=petition_pk)
    petition.update(public_version=F("public_version") + 1, **changes)


def send_on_commit(signal: Signal, signature: Signature) -> None:
    """Send ``signal`` once the transaction is committed."""
    # Robust: what a receiver does wrong is logged, and can't undo what is already stored.
    transaction.on_commit(partial(signal.send_robust, sender=Signature, signature=signature))

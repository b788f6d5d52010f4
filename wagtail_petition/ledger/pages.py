"""Copy the terms and titles of pages to their petition.

The petition's copy applies in every language and outlives the pages. Terms are copied from the
source page alone, because a translation's fields may be out of date.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.terms import TERMS
from wagtail_petition.models.update import Update
from wagtail_petition.pages.lookup import pages_with
from wagtail_petition.pages.mixin import PetitionPageMixin

from .counting import lock
from .helpers import bump_public_version, get_petition

# The petition's fields that are copied from its pages, or follow from them.
FOLLOWED = [
    *(*TERMS, "title", "titles", "organisation", "source_language", "erase_at"),
    "milestone",
]


def follow_page(page: PetitionPageMixin) -> Petition:
    """Copy from ``page``, which is live, to its petition. Returns the petition."""
    petition = get_petition(page)
    if page.alias_of_id:
        return petition
    with transaction.atomic():
        # Two languages may be published at the same time.
        petition = lock(petition.pk)
        before = _followed(petition)
        source = pages_with(petition.key)[0]
        if not petition.source_language or source.pk == page.pk:
            for name in TERMS:
                setattr(petition, name, getattr(page, name))
            petition.title, petition.organisation = page.title, page.organisation
            if petition.goal != before["goal"] and (petition.goal or 0) <= petition.public_count:
                # Nobody has reached a goal that was set below the total.
                petition.milestone = max(petition.milestone, petition.goal or 0)
        petition.source_language = source.language
        petition.titles = {**petition.titles, page.language: page.title}
        petition.erase_at = petition.kept_until
        _save_changes(petition, before)
        if before["source_language"] and petition.closes_at != before["closes_at"]:
            _offer_deadline(petition, before["closes_at"])
    page.petition = petition
    vars(page).pop("terms", None)
    return petition


def leave_page(page: PetitionPageMixin) -> None:
    """Update the petition of ``page``, which was deleted or unpublished.

    If the source page was deleted, another page becomes the source. If no page is live any more,
    a petition without a closing date ends, and its retention period begins.
    """
    if page.petition.pk is None:
        return
    with transaction.atomic():
        petition = lock(page.petition.pk)
        before = _followed(petition)
        if pages := pages_with(petition.key):
            source = pages[0]
            if petition.source_language not in ("", source.language):
                _copy_terms_to_page(petition, source)
                petition.title, petition.source_language = source.title, source.language
            languages = {page.language for page in pages}
            petition.titles = {k: v for k, v in petition.titles.items() if k in languages}
        if petition.erase_at is None and not any(page.live for page in pages):
            petition.erase_at = timezone.now() + petition.kept_for
        _save_changes(petition, before)


def _offer_deadline(petition: Petition, before: datetime | None) -> None:
    """Offer to tell signers that the closing date is no longer ``before``.

    An offer that nobody has taken up is replaced. There is none if the petition has closed, is back
    at the date that signers know, or nobody asked for news.
    """
    offers = petition.updates.filter(kind=Update.Kind.DEADLINE, state=Update.State.DRAFT)
    if waiting := offers.first():
        before = waiting.closed_before
        offers.delete()
    is_open = petition.closes_at is None or petition.closes_at > timezone.now()
    wants_news = petition.signatures.filter(status=Signature.Status.CONFIRMED, wants_news=True)
    if is_open and petition.closes_at != before and wants_news.exists():
        last = petition.updates.aggregate(last=Max("number"))["last"]
        petition.updates.create(
            kind=Update.Kind.DEADLINE,
            key=uuid4(),
            number=(last or 0) + 1,
            closes_at=petition.closes_at,
            closed_before=before,
        )


def show_updates(page: PetitionPageMixin | None) -> None:
    """Invalidate the caches of a petition's pages, since an update below ``page`` has changed."""
    if page is not None and page.petition.pk is not None:
        bump_public_version(page.petition.pk)


def _copy_terms_to_page(petition: Petition, page: PetitionPageMixin) -> None:
    """Copy the petition's terms to ``page``, the new source, whose own may be out of date."""
    for name in TERMS:
        setattr(page, name, getattr(petition, name))
    type(page)._base_manager.filter(pk=page.pk).update(
        **{name: getattr(page, name) for name in TERMS}
    )
    data = page.serializable_data()
    # The revision that the editor shows, and scheduled ones.
    open_revisions = page.revisions.filter(
        Q(pk=page.latest_revision_id) | Q(approved_go_live_at__isnull=False)
    )
    for revision in open_revisions:
        revision.content |= {name: data[name] for name in TERMS}
        revision.save(update_fields=["content"])


def _followed(petition: Petition) -> dict[str, Any]:
    return {name: getattr(petition, name) for name in FOLLOWED}


def _save_changes(petition: Petition, before: dict[str, Any]) -> None:
    after = _followed(petition)
    if changes := {name: after[name] for name in FOLLOWED if after[name] != before[name]}:
        bump_public_version(petition.pk, **changes)

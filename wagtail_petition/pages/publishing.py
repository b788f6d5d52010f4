"""Publish a petition's pages in other languages together with one of them."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.fields import StreamField

from .checklist import Level, checklist
from .checklist.translations import enabled_translation, is_in_translation_mode, other_languages


class Outcome(NamedTuple):
    """The outcome for the page of one language: why it was ``refused``, or "" if it was not.

    ``goes_live_at`` is None if it is live now.
    """

    page: object
    refused: str = ""
    goes_live_at: datetime | None = None


class _Refused(Exception):
    """A page can't be published. The message says why, in a sentence for its editor."""


def unpublished_languages(page) -> list:
    """The petition's pages in other languages that have something to publish.

    Drafts, pages with unpublished changes, and translations kept in sync, since these change with
    ``page``.
    """
    return [
        other
        for other in other_languages(page)
        if not other.live or other.has_unpublished_changes or is_in_translation_mode(other)
    ]


def publishable_languages(page, user: AbstractUser | AnonymousUser) -> list:
    """Those of ``unpublished_languages`` that ``user`` may publish."""
    return [other for other in unpublished_languages(page) if _may_publish(other, user)]


def publish_languages(
    page, user: AbstractUser, goes_live_at: datetime | None = None
) -> list[Outcome]:
    """Publish the pages of ``unpublished_languages`` whose drafts are ready, after ``page``.

    ``goes_live_at`` is when ``page`` was scheduled to go live: then the others are scheduled for
    the same time. Synced translations are brought up to date first, which needs the permission to
    submit translations, as in wagtail-localize. Returns an ``Outcome`` for each page.
    """
    # A synced translation may have one of the others as its source.
    others = sorted(unpublished_languages(page), key=is_in_translation_mode)
    outcomes = []
    for other in others:
        try:
            revision = _publish(other, user, goes_live_at)
        except _Refused as refusal:
            outcomes.append(Outcome(other, refused=str(refusal)))
        else:
            outcomes.append(Outcome(other, goes_live_at=revision.approved_go_live_at))
    return outcomes


def _may_publish(page, user):
    return page.permissions_for_user(user).can_publish()


def _publish(other, user, goes_live_at):
    """Publish the newest draft of ``other``, or schedule it. Returns its revision."""
    if not _may_publish(other, user):
        raise _Refused(_("You don’t have permission to publish it."))
    lock = other.specific.get_lock()
    if lock and lock.for_user(user):
        raise _Refused(_("It is locked."))
    if is_in_translation_mode(other):
        if goes_live_at:
            raise _Refused(_("A synced translation can’t be scheduled."))
        _update_synced(other, user)
    page = type(other.specific).objects.get(pk=other.pk)
    revision = page.get_latest_revision() or page.save_revision(user=user)
    draft = revision.as_object()
    _check(draft)
    if goes_live_at and draft.go_live_at != goes_live_at:
        draft.go_live_at = goes_live_at
        revision = draft.save_revision(user=user, log_action=True)
    revision.publish(user=user)
    revision.refresh_from_db()
    return revision


def _update_synced(other, user):
    """Save a draft of the synced translation ``other``, with its source's newest content."""
    translation = enabled_translation(other)
    source = translation.source
    original = source.get_source_instance()
    if not original.live:
        raise _Refused(
            _("Publish %(language)s first, which it is translated from.")
            % {"language": original.locale}
        )
    if source.last_updated_at < original.last_published_at:
        if not user.has_perm("wagtail_localize.submit_translation"):
            raise _Refused(_("You don’t have permission to sync it with its source."))
        source.update_from_db()
    total, translated = translation.get_progress()
    if translated < total:
        raise _Refused(
            ngettext(
                "%(count)d text is not translated yet.",
                "%(count)d texts are not translated yet.",
                total - translated,
            )
            % {"count": total - translated}
        )
    try:
        translation.save_target(user=user, publish=False)
    except ValidationError as error:
        raise _Refused(_("Some of its fields are invalid.")) from error


def _check(draft):
    """Refuse a draft with a missing item on its checklist, or with invalid fields."""
    missing = [check for check in checklist(draft) if check.level is Level.MISSING]
    if missing:
        raise _Refused(missing[0].text)
    try:
        draft.full_clean()
        for field in draft._meta.get_fields():
            # A draft may be saved without required values of its blocks.
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(draft, field.name))
    except ValidationError as error:
        raise _Refused(_("Some of its fields are invalid.")) from error

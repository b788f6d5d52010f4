"""Handlers of Wagtail's signals and our own."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_unpublished

from . import ledger
from .mail.sender import wake
from .models import PetitionPageMixin
from .models.terms import TERMS
from .signals import emails_queued


@receiver(post_save)
def follow_page(sender, instance, raw=False, update_fields=None, **kwargs):
    """Create or update the petition of a live page that is published or saved.

    So the petition can be managed before anyone signs. Drafts aren't saved: they are revisions.
    """
    if not isinstance(instance, PetitionPageMixin) or not instance.live or raw:
        return
    if update_fields is None or {"live", "title", "organisation", *TERMS} & set(update_fields):
        ledger.follow_page(instance)


@receiver([page_unpublished, post_delete])
def leave_page(sender, instance, **kwargs):
    """Update the petition of a page that was deleted or unpublished."""
    if isinstance(instance, PetitionPageMixin):
        ledger.leave_page(instance)


@receiver(emails_queued)
def send_emails(**kwargs):
    """Start sending the queued emails."""
    wake()

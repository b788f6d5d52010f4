"""Handlers of Wagtail's signals and our own."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from swapper import load_model
from wagtail.models import Locale
from wagtail.signals import page_slug_changed, page_unpublished, post_page_move

from . import ledger
from .mail.sender import wake
from .models import PetitionPageMixin, PetitionUpdateMixin
from .models.terms import TERMS
from .pages.languages import forget_languages, original_key
from .pages.lookup import petition_page_models
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


@receiver([post_save, post_delete, page_unpublished])
def renew_kept_pages(sender, instance, raw=False, **kwargs):
    """Invalidate a changed or deleted page in the memory of all processes, after ``follow_page``.

    Wagtail saves and unpublishes some pages as instances of its base page.
    """
    if isinstance(instance, load_model("wagtailcore", "Page")) and not raw:
        ledger.renew_pages_version(original_key(instance))


@receiver([post_save, post_delete], sender=Locale)
def forget_changed_languages(sender, **kwargs):
    """Read the languages of locales anew when one of them changed."""
    forget_languages()


@receiver([page_slug_changed, post_page_move])
def renew_moved_pages(sender, instance, **kwargs):
    """Invalidate all pages below one whose URL changed."""
    for model in petition_page_models():
        for page in model.objects.descendant_of(instance, inclusive=True):
            ledger.renew_pages_version(original_key(page))


@receiver([post_save, page_unpublished, post_delete])
def show_updates(sender, instance, raw=False, update_fields=None, **kwargs):
    """Show an update on the petition's pages as soon as it is published, changed or taken away.

    Wagtail saves a draft with ``update_fields`` that don't include "live".
    """
    is_draft = update_fields is not None and "live" not in update_fields
    if isinstance(instance, PetitionUpdateMixin) and not raw and not is_draft:
        ledger.show_updates(instance.petition_page)


@receiver(post_page_move)
def show_moved_updates(sender, instance, parent_page_before, parent_page_after, **kwargs):
    """Show a moved update on the pages of its new petition instead of the old one's."""
    if issubclass(instance.specific_class, PetitionUpdateMixin):
        for parent in (parent_page_before, parent_page_after):
            if isinstance(parent.specific, PetitionPageMixin):
                ledger.show_updates(parent.specific)


@receiver(emails_queued)
def send_emails(**kwargs):
    """Start sending the queued emails."""
    wake()

"""What happens on signals of Wagtail and of our own."""

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
    """A page that is online has a petition, so that it can be managed before anyone signs.

    The petition keeps what holds in every language: when a page is published, and as well when
    code saves one that is online. A draft is not saved, it is a revision.
    """
    if not isinstance(instance, PetitionPageMixin) or not instance.live or raw:
        return
    if update_fields is None or {"live", "title", "organisation", *TERMS} & set(update_fields):
        ledger.follow_page(instance)


@receiver([page_unpublished, post_delete])
def leave_page(sender, instance, **kwargs):
    """A petition goes on with its other pages, and ends when its last page goes."""
    if isinstance(instance, PetitionPageMixin):
        ledger.leave_page(instance)


@receiver(emails_queued)
def send_emails(**kwargs):
    """Emails were queued: the outbox sends them."""
    wake()

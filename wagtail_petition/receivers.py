"""What happens on signals of Wagtail and of our own."""

from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published, page_unpublished

from . import ledger
from .mail import outbox
from .models import Petition, PetitionPageMixin
from .models.page import find_page
from .signals import emails_queued


@receiver(page_published)
def create_petition(sender, instance, **kwargs):
    """A page that goes online has a petition, so that it can be managed before anyone signs.

    The petition keeps the date of erasure, since the page may be gone by then.
    """
    if isinstance(instance, PetitionPageMixin):
        petition = ledger.ensure_petition(instance)
        Petition.objects.filter(pk=petition.pk).update(erase_at=instance.erased_at)


@receiver([page_unpublished, post_delete])
def end_petition(sender, instance, **kwargs):
    """A petition ends when its last page goes: the time until the data is erased begins."""
    if not isinstance(instance, PetitionPageMixin) or find_page(instance.petition_key):
        return
    Petition.objects.filter(key=instance.petition_key, erase_at=None).update(
        erase_at=timezone.now() + instance.retention
    )


@receiver(emails_queued)
def send_emails(**kwargs):
    """Emails were queued: the outbox sends them."""
    outbox.wake()

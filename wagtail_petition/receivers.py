"""What happens on signals of Wagtail and of our own."""

from django.dispatch import receiver
from wagtail.signals import page_published

from . import ledger
from .mail import outbox
from .models import PetitionPageMixin
from .signals import signature_confirmed, signature_created


@receiver(page_published)
def create_petition(sender, instance, **kwargs):
    """A page that goes online has a petition, so that it can be managed before anyone signs."""
    if isinstance(instance, PetitionPageMixin):
        ledger.ensure_petition(instance)


@receiver([signature_created, signature_confirmed])
def send_mail(**kwargs):
    """A verb has owed a mail."""
    outbox.wake()

"""What the site does when people sign."""

from django.dispatch import receiver

from wagtail_petition.signals import signature_confirmed, signature_withdrawn

# Who gets the site's newsletter.
subscribers = set()


@receiver(signature_confirmed)
def subscribe(signature, **kwargs):
    if signature.wants_news:
        subscribers.add(signature.pk)


@receiver(signature_withdrawn)
def unsubscribe(signature, **kwargs):
    subscribers.discard(signature.pk)

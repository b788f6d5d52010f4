"""Addresses that want no more mail of ours."""

from wagtail_petition.models.outbox import MailOptOut
from wagtail_petition.signing.identity import address_hash


def opt_out(signature):
    """Never mail this signer's address again, for any petition."""
    if signature.email_key:
        MailOptOut.objects.get_or_create(address_hash=address_hash(signature.email_key))

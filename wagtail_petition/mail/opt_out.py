"""Addresses that opted out of emails. The holder of the address can undo it.

An address that opted out still gets the receipt of a signature that its holder confirms. It gets
at most one confirmation email a day, so that its holder can still sign.
"""

from wagtail_petition.identity.emails import email_key, former_email_key
from wagtail_petition.identity.hashing import address_hash, known_address_hashes
from wagtail_petition.models.email import MailOptOut


def is_opted_out(email: str) -> bool:
    """Whether ``email`` (normalised, or "" once erased) opted out."""
    return bool(email) and _rows(email).exists()


def opt_out(email: str) -> bool:
    """Opt ``email`` out of emails. Returns whether that is new."""
    if not email or is_opted_out(email):
        return False
    MailOptOut.objects.get_or_create(address_hash=address_hash(email_key(email)))
    return True


def allow_again(email: str) -> bool:
    """Undo ``opt_out``. Returns whether the address had opted out."""
    return bool(email) and bool(_rows(email).delete()[0])


def _rows(email):
    # Includes hashes made with an earlier SECRET_KEY or of an earlier canonical form.
    known = known_address_hashes(email_key(email), former_email_key(email))
    return MailOptOut.objects.filter(address_hash__in=known)

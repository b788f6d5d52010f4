"""Addresses that asked for no emails. Whoever holds the address can undo it.

An opted-out address still gets what its holder causes: the receipt of a signature they confirm.
Of what anybody can cause by typing an address, it gets one email a day at most: otherwise nobody
could sign with it again, or learn why not.
"""

from wagtail_petition.identity.emails import email_key, former_email_key
from wagtail_petition.identity.hashing import address_hash, known_address_hashes
from wagtail_petition.models.email import MailOptOut


def is_opted_out(email: str) -> bool:
    """Whether the holder of ``email`` (normalised, "" once it is erased) wants no emails."""
    return bool(email) and _rows(email).exists()


def opt_out(email: str) -> bool:
    """Remember that this address wants no emails. Returns whether that is new."""
    if not email or is_opted_out(email):
        return False
    MailOptOut.objects.get_or_create(address_hash=address_hash(email_key(email)))
    return True


def allow_again(email: str) -> bool:
    """Undo ``opt_out``. Returns whether there was anything to undo."""
    return bool(email) and bool(_rows(email).delete()[0])


def _rows(email):
    # Hashes are keyed with SECRET_KEY, and addresses had another canonical form at first: what
    # was kept with an earlier key or form counts as well.
    known = known_address_hashes(email_key(email), former_email_key(email))
    return MailOptOut.objects.filter(address_hash__in=known)

"""Addresses that opted out of emails. The holder of the address can undo it.

An address that opted out still gets the receipt of a signature that its holder confirms. It gets
at most one confirmation email a day, so that its holder can still sign.
"""

from collections.abc import Sequence

from wagtail_petition.identity.emails import email_key, former_email_key
from wagtail_petition.identity.hashing import address_hash, known_address_hashes
from wagtail_petition.models.email import MailOptOut
from wagtail_petition.models.import_batch import ImportBatch


def is_opted_out(email: str) -> bool:
    """Whether ``email`` (normalised, or "" once erased) opted out."""
    return bool(email) and _rows(email).exists()


def opt_out(email: str) -> bool:
    """Opt ``email`` out of emails. Returns whether that is new."""
    # Reverting an import doesn't undo what the address's holder has said.
    if not email or _rows(email).update(batch=None):
        return False
    MailOptOut.objects.get_or_create(address_hash=address_hash(email_key(email)))
    return True


def opted_out(emails: Sequence[str], but: ImportBatch | None = None) -> set[str]:
    """The addresses in ``emails`` (normalised) that opted out, except by the import ``but``."""
    hashes = {email: _known(email) for email in emails}
    rows = MailOptOut.objects.filter(
        address_hash__in=[h for known in hashes.values() for h in known]
    )
    if but is not None:
        rows = rows.exclude(batch=but)
    found = set(rows.values_list("address_hash", flat=True))
    return {email for email, known in hashes.items() if not found.isdisjoint(known)}


def opt_out_by_file(emails: Sequence[str], batch: ImportBatch) -> int:
    """Opt out the addresses in an imported file. Returns how many are new."""
    known = opted_out(emails)
    new = {address_hash(email_key(email)) for email in emails if email not in known}
    MailOptOut.objects.bulk_create(
        [MailOptOut(address_hash=found, batch=batch) for found in sorted(new)],
        ignore_conflicts=True,
    )
    return len(new)


def allow_again_by_file(batch: ImportBatch) -> int:
    """Undo the opt-outs that only ``batch`` caused. Returns how many."""
    return batch.opt_outs.all().delete()[0]


def allow_again(email: str) -> bool:
    """Undo ``opt_out``. Returns whether the address had opted out."""
    return bool(email) and bool(_rows(email).delete()[0])


def _rows(email):
    return MailOptOut.objects.filter(address_hash__in=_known(email))


def _known(email):
    # Includes hashes made with an earlier SECRET_KEY or of an earlier canonical form.
    return known_address_hashes(email_key(email), former_email_key(email))

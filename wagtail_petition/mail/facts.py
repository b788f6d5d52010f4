"""What is known about the addresses of a batch of emails, to decide on each of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Q
from django.utils import timezone

from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature

from .opt_out import opted_out

Kind, State, Status = OutgoingEmail.Kind, OutgoingEmail.State, Signature.Status

# Emails that ask to confirm.
ASKING_TO_CONFIRM = [Kind.CONFIRM, Kind.REMINDER, Kind.LAST_CALL]
# Anybody can trigger these by typing an address, so the limit per address counts them.
LIMITED_PER_ADDRESS = [*ASKING_TO_CONFIRM, Kind.ALREADY_SIGNED]
# The time that the limit per address looks back.
DAY = timedelta(days=1)


class Facts:
    """What the decisions on a batch of emails depend on, read in three queries."""

    def __init__(self, emails: Sequence[OutgoingEmail]):
        """``emails`` are to signers."""
        self.opted_out = opted_out([e.email for e in map(_signature, emails) if e.email])
        self._counted = _counted(emails)
        self._earlier = _earlier([email for email in emails if email.kind in LIMITED_PER_ADDRESS])

    def counted(self, mail: OutgoingEmail) -> Signature | None:
        """The signature that counts for the address of ``mail`` in its petition."""
        signature = _signature(mail)
        return self._counted.get((signature.petition_id, signature.email_key))

    def earlier(self, mail: OutgoingEmail) -> list[tuple[datetime, str]]:
        """The unanswered emails to the address within 24 hours, as (when sent, network) pairs.

        Emails that a worker took before this one count as sent, so that several workers agree.
        """
        known = known_address_hashes(_signature(mail).email_key or "")
        rows = [row for found in known for row in self._earlier[found].items()]
        now = timezone.now()
        return [
            (at or now, network) for pk, (at, network) in rows if at is not None or pk < mail.pk
        ]

    def add(self, mail: OutgoingEmail, *, is_sent: bool) -> None:
        """Count ``mail`` in the next decisions if it is sent now, else don't."""
        if is_sent:
            network = _signature(mail).network
            self._earlier[mail.address_hash][mail.pk] = (timezone.now(), network)
        else:
            self._earlier[mail.address_hash].pop(mail.pk, None)


def _signature(mail: OutgoingEmail) -> Signature:
    """The signature of an email to a signer."""
    return cast(Signature, mail.signature)


def _counted(emails):
    """The confirmed signatures of addresses with attempts: {(petition id, key): signature}."""
    attempts = [e.signature for e in emails if e.signature.status == Status.UNCONFIRMED]
    petitions = {attempt.petition_id: attempt.petition for attempt in attempts}
    found = Signature.objects.filter(
        petition__in=petitions,
        email_key__in={attempt.email_key for attempt in attempts},
        status=Status.CONFIRMED,
    )
    counted = {}
    for signature in found if attempts else ():
        signature.petition = petitions[signature.petition_id]
        counted[signature.petition_id, signature.email_key] = signature
    return counted


def _earlier(emails):
    """Unanswered emails to the same addresses within a day.

    Returns {hash of the address: {id: (when sent, network)}}. An email that a worker has taken but
    not sent yet has None as time.
    """
    earlier = defaultdict(dict)
    known = {h for email in emails for h in known_address_hashes(email.signature.email_key)}
    if not known:
        return earlier
    since = timezone.now() - DAY
    rows = OutgoingEmail.objects.filter(
        Q(sent_at__gt=since)
        | Q(state=State.FAILED, created_at__gt=since)
        | Q(state=State.DUE, attempts__gt=0),
        address_hash__in=known,
        kind__in=LIMITED_PER_ADDRESS,
        signature__number=None,
    ).values_list("pk", "address_hash", "state", "sent_at", "created_at", "signature__network")
    for pk, address, state, sent_at, created_at, network in rows:
        at = None if state == State.DUE else sent_at or created_at
        earlier[address][pk] = (at, network)
    return earlier

"""Record imported signatures without duplicates, and revert imports.

People who withdrew, were invalidated or opted out of emails here aren't imported. People on an imported
list of addresses that want no emails are, but nobody asks them to confirm.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wagtail_petition.identity.emails import email_key
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.log import PetitionLogEntry
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature

from .counting import held_keys, lock, move_count, to_count
from .duplicates import ImportResult, Incoming, sort_out, with_references
from .emails import queue_emails
from .inserting import insert
from .link_requests import forget_link_requests
from .rules import forget_in_rules
from .salts import new_salt

Status, Mode = Signature.Status, ImportBatch.Mode


class ImportLost(Exception):
    """Another worker has taken over the import, or it was stopped."""


class NotRevertible(Exception):
    """Some of the signatures are in a delivery. The message is for the user."""


def import_signatures(
    batch: ImportBatch,
    incoming: Sequence[Incoming],
    *,
    due_at: datetime | None = None,
    turn: AbstractContextManager | None = None,
) -> list[ImportResult]:
    """Record the next rows of a file or sheet, in order of signing, with the batch's progress.

    With ``Mode.CONFIRMED`` each new signature counts at once. With ``Mode.ASK`` it is unconfirmed,
    and its email is queued for ``due_at``. Nobody is recorded twice, even with concurrent changes.

    Most duplicates are found before the lock. ``turn`` is a context around the transaction.

    Returns the result for each row. Signatures with numbers don't get their ids. Raises
    ``ImportLost`` if we have lost the lease.
    """
    before = _last_number(batch.petition_id)
    results = sort_out(batch, incoming)
    with turn or nullcontext(), transaction.atomic():
        fresh = [item for item, result in zip(incoming, results, strict=True) if result == "new"]
        if fresh:
            # Confirmations wait from here to the commit.
            petition = lock(batch.petition_id)
            fresh = _left(batch, fresh, before)
            _record(batch, petition, [item.signature for item in fresh], due_at)
            recorded = {id(item) for item in fresh}
            results = [
                ImportResult.ALREADY_HERE
                if result == ImportResult.NEW and id(item) not in recorded
                else result
                for item, result in zip(incoming, results, strict=True)
            ]
        move_import_on(batch, results)
    return results


def _last_number(petition_pk: int) -> int:
    return Petition.objects.values_list("last_number", flat=True).get(pk=petition_pk)


def _left(batch: ImportBatch, fresh: list[Incoming], before: int) -> list[Incoming]:
    """The items of ``fresh`` that nobody recorded or confirmed since they were compared.

    Whoever was confirmed since then has a number above ``before``. Imports that ask people to
    confirm give no numbers, so they are searched by reference, if there are any.
    """
    signatures = Signature.objects.filter(petition=batch.petition_id)
    found = signatures.filter(number__gt=before)
    newer = list(found.values_list("email_key", "origin", "origin_ref"))
    held = {key for key, _origin, _reference in newer if key}
    taken = {(origin, reference) for _key, origin, reference in newer if reference}
    references = [reference for item in fresh for reference in item.references]
    if references and _asking(batch).exists():
        same = with_references(signatures, references)
        taken |= set(same.values_list("origin", "origin_ref"))
    return [
        item
        for item in fresh
        if item.signature.email_key not in held
        and not any((item.signature.origin, reference) in taken for reference in item.references)
    ]


def _asking(batch: ImportBatch) -> QuerySet[ImportBatch]:
    """Other running imports of the petition whose people are asked to confirm."""
    running = ImportBatch.objects.filter(state=ImportBatch.State.RUNNING, mode=Mode.ASK)
    return running.filter(petition=batch.petition_id).exclude(pk=batch.pk)


def _record(
    batch: ImportBatch, petition: Petition, signatures: list[Signature], due_at: datetime | None
) -> None:
    for signature in signatures:
        signature.petition, signature.batch = petition, batch
    if batch.mode == Mode.ASK:
        for signature in signatures:
            signature.status = Status.UNCONFIRMED
            signature.number = signature.confirmed_at = None
        Signature.objects.bulk_create(signatures)
        queue_emails(
            OutgoingEmail.Kind.CONFIRM,
            [(signature.pk, signature.email_key) for signature in signatures],
            due_at,
            priority=OutgoingEmail.Priority.REMINDER,
        )
    else:
        _number(petition, signatures)
        insert(signatures)
        _count(petition, signatures)


def _number(petition: Petition, signatures: list[Signature]) -> None:
    """Give the next numbers to unsaved signatures of a locked petition."""
    for number, signature in enumerate(signatures, petition.last_number + 1):
        signature.status = Status.CONFIRMED
        signature.number = number
        signature.salt = new_salt()


def _count(petition: Petition, signatures: list[Signature]) -> None:
    """Count signatures of a locked petition that have just got their numbers."""
    move_count(petition, signatures, +1, last_number=petition.last_number + len(signatures))


def move_import_on(batch: ImportBatch, results: Sequence[ImportResult]) -> None:
    """Store the progress of an import. Raises ``ImportLost`` if we have lost the lease.

    A sheet that is typed in has no lease: it is done until it is reverted.
    """
    state = ImportBatch.State.DONE if batch.sheet else ImportBatch.State.RUNNING
    position = batch.position + len(results)
    counts = {**Counter(batch.counts) + Counter(str(result) for result in results)}
    ours = ImportBatch.objects.filter(
        pk=batch.pk,
        lease=batch.lease,
        state=state,
        position=batch.position,
    )
    if not ours.update(position=position, counts=counts):
        raise ImportLost
    batch.position, batch.counts = position, counts


def revert_import(batch: ImportBatch, pks: Collection[int]) -> int:
    """Delete signatures of an import. Their numbers stay as gaps. Returns how many counted.

    Withdrawn and invalidated signatures stay, and so do those that their signers confirmed by
    email. Raises ``NotRevertible`` if one was delivered.
    """
    with transaction.atomic():
        petition = lock(batch.petition_id)
        found = revertible(batch).filter(pk__in=pks)
        if found.filter(delivered=True).exists():
            raise NotRevertible(_("Some of these signatures were delivered."))
        counted = to_count(found.filter(status=Status.CONFIRMED))
        PetitionLogEntry.objects.forget(pks)
        forget_in_rules(petition, found)
        forget_link_requests(petition, found)
        move_count(petition, counted, -1)
        found.delete()
    return len(counted)


def revertible(batch: ImportBatch) -> QuerySet[Signature]:
    """The signatures of an import that ``revert_import`` can delete."""
    taken = (
        [Status.UNCONFIRMED] if batch.mode == Mode.ASK else [Status.UNCONFIRMED, Status.CONFIRMED]
    )
    return Signature.objects.filter(batch=batch, status__in=taken)


def record_import(petition: Petition, signatures: Sequence[Signature]) -> list[Signature]:
    """Record signatures that were confirmed elsewhere. They are numbered in the order given.

    ``signatures`` are unsaved, with ``email``, ``signed_at`` and ``confirmed_at``. An address
    that has already signed, or is earlier in the list, is skipped. No emails are sent.

    Returns the recorded signatures.
    """
    with transaction.atomic():
        locked = lock(petition.pk)
        for signature in signatures:
            signature.email_key = email_key(signature.email)
        held = held_keys(petition, [s.email_key for s in signatures])
        fresh = []
        for signature in signatures:
            if signature.email_key not in held:
                held.add(signature.email_key)
                fresh.append(signature)
        for signature in fresh:
            signature.petition = petition
        _number(locked, fresh)
        Signature.objects.bulk_create(fresh, batch_size=2000)
        _count(locked, fresh)
    return fresh

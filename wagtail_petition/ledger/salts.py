"""The salts of signatures: random bytes that make their hashes in deliveries say nothing.

A signature gets its salt with its number. Only those numbered before there were salts have none.
"""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import BinaryField, Func

from wagtail_petition.models.signature import Signature

from .counting import lock

# In bytes.
SALT = 16
# How many numbers get salts in one transaction, since signers wait for it.
BATCH = 1000


def new_salt() -> bytes:
    """A new salt."""
    return secrets.token_bytes(SALT)


class _NewSalt(Func):
    """A salt from the database, another one for each row, from its source of strong randomness."""

    template = "uuid_send(gen_random_uuid())"
    output_field = BinaryField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"randomblob({SALT})", **extra_context)


def give_salts(petition_pk: int, first: int, last: int) -> None:
    """Give a salt to the numbered signatures from ``first`` to ``last`` that have none.

    Erased ones get none, because their salts were erased with the data.
    """
    lacking = Signature.objects.filter(
        petition=petition_pk, salt=None, anonymised_at=None, number__lte=last
    ).exclude(status=Signature.Status.WITHDRAWN)
    numbers = lacking.order_by("number").values_list("number", flat=True)
    while (start := numbers.filter(number__gte=first).first()) is not None:
        first = start + BATCH
        with transaction.atomic():
            # Prevents a deadlock with another function that updates the same signatures.
            lock(petition_pk)
            lacking.filter(number__gte=start, number__lt=first).update(salt=_NewSalt())


def ensure_salt(signature: Signature) -> bytes | None:
    """The salt of a numbered signature, made if it has none. None once its data is erased."""
    if signature.salt is None and signature.number is not None:
        give_salts(signature.petition_id, signature.number, signature.number)
        signature.refresh_from_db(fields=["salt"])
    return None if signature.salt is None else bytes(signature.salt)

"""Tokens for the links in emails. Each gives access to one signature for one purpose.

A token is 256 random bits. The database holds its SHA-256 only, so reading the database gives
nobody a working link.
"""

import hashlib
import secrets
from collections.abc import Iterable

from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token


def digest(token: str) -> str:
    """The SHA-256 of ``token``, as it is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(signature: Signature, *purposes: Token.Purpose) -> dict[Token.Purpose, str]:
    """Create tokens for ``signature``. Returns {purpose: token}."""
    return issue_many([(signature, purposes)])[0]


def issue_many(
    wanted: Iterable[tuple[Signature, Iterable[Token.Purpose]]],
) -> list[dict[Token.Purpose, str]]:
    """Create tokens for many signatures in one statement. Returns {purpose: token} for each.

    Raises ``IntegrityError`` if one of the signatures doesn't exist any more.
    """
    issued = [
        (signature, {purpose: secrets.token_urlsafe(32) for purpose in purposes})
        for signature, purposes in wanted
    ]
    expiry = {Token.Purpose.CONFIRM: timezone.now() + settings.CONFIRM_LINK_AGE}
    Token.objects.bulk_create(
        Token(
            sha256=digest(token),
            purpose=purpose,
            signature=signature,
            expires_at=expiry.get(purpose),
        )
        for signature, tokens in issued
        for purpose, token in tokens.items()
    )
    return [tokens for _signature, tokens in issued]


def find(token: str, purpose: Token.Purpose) -> Token | None:
    """The ``Token`` with its signature, expired or not; None if there is none for ``purpose``."""
    return (
        Token.objects.select_related("signature__petition")
        .filter(sha256=digest(token), purpose=purpose)
        .first()
    )


def is_expired(token: Token) -> bool:
    """Whether ``token`` has expired."""
    return token.expires_at is not None and timezone.now() >= token.expires_at


def open_until_expiry(token: Token) -> None:
    """Let a link to a signature expire after ``MANAGE_LINK_AGE``, counted from its first use.

    An unused link is safe in the mailbox. Once used, it also stands in logs and browser
    histories, so it must stop working.
    """
    if token.expires_at is None:
        token.expires_at = timezone.now() + settings.MANAGE_LINK_AGE
        Token.objects.filter(pk=token.pk, expires_at=None).update(expires_at=token.expires_at)


def has_fresh(signature: Signature, purpose: Token.Purpose) -> bool:
    """Whether the signature has a token for ``purpose`` that expires in the future."""
    fresh = Token.objects.filter(signature=signature.pk, purpose=purpose)
    return fresh.filter(expires_at__gt=timezone.now()).exists()

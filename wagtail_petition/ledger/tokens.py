"""Links that let somebody act on one signature.

A token is 256 random bits, in one mail. The database keeps its SHA-256, so that nobody who
reads the database can use it. Each is good for one purpose.
"""

import hashlib
import secrets

from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(signature: Signature, *purposes: Token.Purpose) -> dict[Token.Purpose, str]:
    """New tokens for ``signature``: {purpose: token}. Two queries at most, whatever the number."""
    tokens = {purpose: secrets.token_urlsafe(32) for purpose in purposes}
    expiry = {Token.Purpose.CONFIRM: timezone.now() + settings.CONFIRM_LINK_AGE}
    Token.objects.bulk_create(
        Token(
            sha256=_digest(token),
            purpose=purpose,
            signature=signature,
            expires_at=expiry.get(purpose),
        )
        for purpose, token in tokens.items()
    )
    return tokens


def find(token: str, purpose: Token.Purpose) -> Token | None:
    """The ``Token`` for ``purpose`` with its signature, expired or not; None if there is none."""
    return (
        Token.objects.select_related("signature__petition", "signature__signed_text")
        .filter(sha256=_digest(token), purpose=purpose)
        .first()
    )


def is_expired(token: Token) -> bool:
    """Whether ``token`` (a ``Token``) is past its time."""
    return token.expires_at is not None and timezone.now() >= token.expires_at


def open_until_expiry(token: Token) -> None:
    """Let the time of a link to one's signature (a ``Token``) begin, if it has not begun yet.

    In an email that nobody has opened a link is safe for years. Once it was opened it stands in
    logs and histories, and must be worth nothing to later readers of these.
    """
    if token.expires_at is None:
        token.expires_at = timezone.now() + settings.MANAGE_LINK_AGE
        Token.objects.filter(pk=token.pk, expires_at=None).update(expires_at=token.expires_at)


def has_fresh(signature: Signature, purpose: Token.Purpose) -> bool:
    """Whether a link for ``purpose`` that still works was sent to this signature's address."""
    fresh = Token.objects.filter(signature=signature.pk, purpose=purpose)
    return fresh.filter(expires_at__gt=timezone.now()).exists()

"""Encrypt and sign numbers for use in URLs.

Signing alone doesn't hide a number: from two signed ids, a stranger could tell how many people
tried to sign between them.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

NONCE, NUMBER = 12, 8  # bytes


def seal(number: int, salt: str) -> str:
    """``number`` (below 2**64) encrypted, timestamped and signed. Differs with every call."""
    nonce = secrets.token_bytes(NONCE)
    hidden = _mask(number.to_bytes(NUMBER), nonce, salt, settings.SECRET_KEY)
    text = urlsafe_b64encode(nonce + hidden).decode().rstrip("=")
    return signing.TimestampSigner(key=settings.SECRET_KEY, salt=salt).sign(text)


def unseal(sealed: str, salt: str, max_age: int) -> int:
    """The number that ``seal`` encrypted with ``salt`` at most ``max_age`` seconds ago.

    Raises ``django.core.signing.BadSignature`` for anything else.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        signer = signing.TimestampSigner(key=key, salt=salt, fallback_keys=[])
        try:
            text = signer.unsign(sealed, max_age=max_age)
        except signing.SignatureExpired:
            raise
        except signing.BadSignature:
            continue
        sealed_bytes = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        nonce, hidden = sealed_bytes[:NONCE], sealed_bytes[NONCE:]
        return int.from_bytes(_mask(hidden, nonce, salt, key))
    raise signing.BadSignature("Sealed with none of our keys")


def _mask(text: bytes, nonce: bytes, salt: str, key: str | bytes) -> bytes:
    """``text`` XOR a pad derived from ``nonce``. Applying it again decrypts."""
    pad = salted_hmac(f"{salt}.mask", nonce, secret=key, algorithm="sha256").digest()
    return bytes(a ^ b for a, b in zip(text, pad, strict=False))

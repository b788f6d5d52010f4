"""Keyed hashes of addresses, networks and the ids of emails."""

import functools
import hashlib
import hmac

from django.conf import settings as django_settings
from django.utils.encoding import force_bytes


def keyed_hash(text: str, key: bytes) -> str:
    """HMAC-SHA256 of ``text``, cut to 32 hex digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def address_hash(key: str) -> str:
    """The hash of a canonical email, keyed with SECRET_KEY: 32 hex digits."""
    return _address_hash(key, django_settings.SECRET_KEY)


def known_address_hashes(*keys: str) -> list[str]:
    """The hashes of canonical emails with SECRET_KEY and all SECRET_KEY_FALLBACKS."""
    secrets = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
    return [_address_hash(key, secret) for key in dict.fromkeys(keys) for secret in secrets]


def tombstone_hash(place: str, key: str) -> str:
    """The hash of ``key`` for a tombstone, keyed with SECRET_KEY.

    It differs for each ``place`` (a petition), so that hashes of one person can't be linked.
    """
    return _tombstone_hash(place, key, django_settings.SECRET_KEY)


def known_tombstone_hashes(place: str, key: str) -> list[str]:
    """The hashes of ``key`` with SECRET_KEY and all SECRET_KEY_FALLBACKS."""
    secrets = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
    return [_tombstone_hash(place, key, secret) for secret in secrets]


def email_hash(pk: int) -> str:
    """The hash of an email's id, keyed with SECRET_KEY: proof that we sent it."""
    return _email_hash(pk, django_settings.SECRET_KEY)


def is_email_hash(pk: int, found: str) -> bool:
    """Whether ``found`` is the hash of an email's id, with SECRET_KEY or a SECRET_KEY_FALLBACKS."""
    secrets = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_email_hash(pk, secret), found) for secret in secrets)


def _email_hash(pk: int, secret: str | bytes) -> str:
    return _salted_hash("wagtail_petition.email", str(pk), secret)


def _address_hash(key: str, secret: str | bytes) -> str:
    return _salted_hash("wagtail_petition.address", key, secret)


def _tombstone_hash(place: str, key: str, secret: str | bytes) -> str:
    return _salted_hash("wagtail_petition.tombstone", f"{place} {key}", secret)


def _salted_hash(salt: str, text: str, secret: str | bytes) -> str:
    """Django's ``salted_hmac``, cut to 32 hex digits. Faster, since imports hash many texts."""
    return hmac.digest(_derived_key(salt, secret), text.encode(), "sha256").hex()[:32]


@functools.lru_cache(maxsize=100)
def _derived_key(salt: str, secret: str | bytes) -> bytes:
    return hashlib.sha256(salt.encode() + force_bytes(secret)).digest()

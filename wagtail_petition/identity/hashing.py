"""Keyed hashes that stand for addresses and networks."""

import hashlib
import hmac

from django.conf import settings as django_settings
from django.utils.crypto import salted_hmac


def keyed_hash(text: str, key: bytes) -> str:
    """32 hex digits that stand for ``text`` and can't be turned back without ``key`` (bytes)."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def address_hash(key: str) -> str:
    """What stands for an address where the address itself must not: 32 hex digits of a canonical
    e-mail, keyed with SECRET_KEY."""
    return _address_hash(key, django_settings.SECRET_KEY)


def known_address_hashes(*keys: str) -> list[str]:
    """All that may stand for canonical addresses in what was kept before SECRET_KEY was changed."""
    secrets = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
    return [_address_hash(key, secret) for key in dict.fromkeys(keys) for secret in secrets]


def _address_hash(key: str, secret: str | bytes) -> str:
    salt = "wagtail_petition.address"
    return salted_hmac(salt, key, secret=secret, algorithm="sha256").hexdigest()[:32]

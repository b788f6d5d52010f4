"""A proof of work in the form (ALTCHA 2), if the setting ``ALTCHA`` is on.

The browser computes for about a second before it sends the form. People hardly notice, but it
makes mass signing expensive. It needs JavaScript, but no third party and no cookie.
"""

from datetime import timedelta
from typing import Any

import altcha
from django.conf import settings as django_settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from wagtail_petition.clock import moment_at
from wagtail_petition.models.moderation import SpentProof

from .abuse import Refused

# 256 tries on average, each of ``COST`` rounds of SHA-256.
ALGORITHM, COST, PREFIX = "PBKDF2/SHA-256", 4000, "00"
AGE = timedelta(minutes=30)


def _secret():
    secret = django_settings.SECRET_KEY
    return salted_hmac("wagtail_petition.proof", "", secret=secret, algorithm="sha256").hexdigest()


def new_challenge() -> dict[str, Any]:
    """A signed challenge as plain data, valid for half an hour and one signature."""
    return altcha.create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        expires_at=timezone.now() + AGE,
        hmac_secret=_secret(),
    ).to_dict()


def check(payload: str) -> None:
    """Spend a proof of work. Raise ``Refused`` if it is invalid, expired or already spent.

    ``payload`` is base64 of JSON. Inserting a unique row spends the proof, so of two requests
    with the same proof one is accepted.
    """
    result = altcha.verify_solution(payload, _secret()) if payload else None
    if result is None or not result.verified:
        raise Refused(
            _(
                "We couldn’t check yet that you’re not a robot. Turn on JavaScript, wait a moment, "
                "then press the button again."
            ),
            422,
        )
    parameters = altcha.Payload.from_base64(payload).challenge.parameters
    # All our challenges have an expiry date.
    assert parameters.expires_at is not None
    _row, is_new = SpentProof.objects.get_or_create(
        nonce=parameters.nonce,
        defaults={"expires_at": moment_at(parameters.expires_at)},
    )
    if not is_new:
        raise Refused(
            _("This form has already been sent. Wait a moment, then press the button again."), 422
        )

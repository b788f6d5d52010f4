"""A code that the recipient's page asks for, besides the private link.

The organiser tells it to the office by another way, such as the telephone. It is stored hashed.
After some wrong attempts, no code is accepted for a while, however many requests come at once.
"""

import unicodedata
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db.models import Case, DateTimeField, F, Value, When
from django.utils import timezone

from wagtail_petition.models.recipient_link import RecipientLink

SHORTEST, LONGEST = 6, 20
# Wrong attempts before a pause, and how long it is.
MOST, PAUSE = 5, timedelta(hours=1)
# How long a browser needn't enter the code again.
PASS = timedelta(hours=12)


class Paused(Exception):
    """There were too many wrong attempts. No code is accepted at the moment."""


def normalise(code: str) -> str:
    """The letters and digits of ``code``. Case, spaces, hyphens and kinds of digits don't matter."""
    characters = unicodedata.normalize("NFKC", code).casefold()
    return "".join(str(unicodedata.digit(each, each)) for each in characters if each.isalnum())


def hashed(code: str) -> str:
    """The hash of ``code`` to store, "" for an empty code."""
    return make_password(normalise(code)) if code else ""


def check(link: RecipientLink, typed: str) -> bool:
    """Whether ``typed`` is the code of ``link``. Raises ``Paused``."""
    now = timezone.now()
    own = RecipientLink.objects.filter(pk=link.pk)
    own.filter(code_paused_until__lte=now).update(code_failures=0, code_paused_until=None)
    # Counted as wrong before it is compared, so that attempts at the same time are counted too.
    counted = own.filter(code_failures__lt=MOST).update(
        code_failures=F("code_failures") + 1,
        code_paused_until=Case(
            When(code_failures=MOST - 1, then=Value(now + PAUSE)),
            default=None,
            output_field=DateTimeField(),
        ),
    )
    if not counted:
        raise Paused
    if not check_password(normalise(typed), link.code):
        return False
    own.update(code_failures=0, code_paused_until=None)
    return True


def make_pass(link: RecipientLink) -> str:
    """What a browser gets after the right code: a signed text for ``has_passed``."""
    ends_at = timezone.now() + PASS
    return signing.dumps([link.pk, ends_at.timestamp()], salt=_salt(link))


def has_passed(link: RecipientLink, given: str) -> bool:
    """Whether ``given`` is a pass for ``link`` and its present code, and not too old."""
    try:
        pk, ends_at = signing.loads(given, salt=_salt(link))
    except signing.BadSignature:
        return False
    return pk == link.pk and timezone.now().timestamp() < ends_at


def _salt(link):
    return f"wagtail_petition.recipient_code {link.code}"

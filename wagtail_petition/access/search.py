"""Searching signatures by number, postcode, email or name."""

import re

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Func, Q, QuerySet, Value

from wagtail_petition.identity.emails import email_key, normalise_email
from wagtail_petition.models import Petition, Signature
from wagtail_petition.models.search import fold

# The largest value of an integer column.
MAX_NUMBER = 2**31 - 1
NOBODY = Q(pk__in=[])
# Names with more words are matched in the order typed only.
MOST_WORDS = 5


def search(queryset: QuerySet[Signature], text: str) -> QuerySet[Signature]:
    """Search by number, postcode, email address or its start, domain, or the start of a name.

    The words of a name can be in any order. The last name may come first.
    """
    text = " ".join(text.split())
    if text.startswith("@"):
        return queryset.filter(email_domain=_domain(text))
    if "@" in text:
        try:
            return queryset.filter(email_key=email_key(normalise_email(text)))
        except ValidationError:
            return queryset.filter(email_key__startswith=text.casefold())
    digits = text.removeprefix("#").replace(",", "").replace(".", "")
    if digits.isascii() and digits.isdigit():
        is_number = _has_number(digits)
        return queryset.filter(is_number if text[0] == "#" else is_number | _has_postcode(text))
    asked = _has_name(fold(text))
    if any(char.isdigit() for char in text):
        asked |= _has_postcode(text)
    if " " not in text and any(char in text for char in ".0123456789"):
        asked |= _has_address(text)
    return queryset.filter(asked) if asked else queryset.none()


def _has_number(digits: str) -> Q:
    if len(digits) > len(str(MAX_NUMBER)) or int(digits) > MAX_NUMBER:
        return NOBODY
    # Lists the petitions, so that the index by petition and number is used.
    return Q(number=int(digits), petition__in=list(_petition_pks()))


def _has_postcode(text: str) -> Q:
    # Repeats the condition of the partial index, so that it is used.
    return ~Q(postcode="") & Q(postcode=text.upper())


def _has_address(text: str) -> Q:
    """Matches the start of an address, or its domain. For a word with a dot or a digit."""
    local = text.casefold()
    # The canonical addresses of providers that ignore dots have none.
    without_dots = local.replace(".", "")
    if not without_dots:
        return Q()
    beginnings = Q(email_key__startswith=local) | Q(email_key__startswith=without_dots)
    return beginnings | Q(email_domain=_domain(f"@{text}"))


def _has_name(key: str) -> Q:
    if not key:
        return Q()
    asked = Q(name_key__startswith=key) | Q(family_key__startswith=key)
    words = key.split()
    for at in range(1, len(words) if len(words) <= MOST_WORDS else 0):
        one, other = " ".join(words[:at]), " ".join(words[at:])
        asked |= Q(name_key__startswith=one, family_key__startswith=other)
        asked |= Q(name_key__startswith=other, family_key__startswith=one)
    return asked


def _petition_pks():
    return Petition.objects.values_list("pk", flat=True)


def _domain(text: str) -> str:
    try:
        return email_key(normalise_email(f"a{text}")).rpartition("@")[2]
    except ValidationError:
        return text[1:].casefold()


class Like(Func):
    """SQL's LIKE. Unlike a regular expression, it isn't slow with many wildcards."""

    arg_joiner = " LIKE "
    template = r"(%(expressions)s ESCAPE '\')"
    output_field = BooleanField()


def matches(field, text):
    """Matches rows whose ``field`` is ``text``. An asterisk in it matches any text."""
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return Q(Like(field, Value(escaped.replace("*", "%"))))

"""Helpers of the management commands."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from wagtail_petition.models import Petition


def find_petition(text: str) -> Petition:
    """The petition with this key or id. Raises ``CommandError`` with a list of petitions."""
    lookup = {"pk": text} if text.isdecimal() else {"key": text}
    try:
        return Petition.objects.get(**lookup)
    except (Petition.DoesNotExist, ValidationError, OverflowError) as error:
        known = "\n".join(f"  {p.pk}  {p.key}  {p.title}" for p in Petition.objects.all())
        raise CommandError(f"There is no petition {text}. There are:\n{known}") from error

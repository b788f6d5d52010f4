"""Whose petitions: in the admin, signatures belong to the editors of the petition's source page.

A right on a translation gives no right on signatures: whoever may translate a page could otherwise
give themselves its signatures. An alias gives none either. Superusers may act on all petitions,
also on those whose pages are gone.
"""

from typing import TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model, QuerySet

from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.source import source_pages

# Whoever asks, of whatever user model the site has.
User = AbstractUser | AnonymousUser

M = TypeVar("M", bound=Model)

CACHE = "_wagtail_petition_editable"


def editable_petitions(user: User) -> QuerySet[Petition]:
    """The petitions of which ``user`` may change the source page. A queryset of ``Petition``."""
    from wagtail.permissions import page_permission_policy

    if not user.is_active:
        return Petition.objects.none()
    if user.is_superuser:
        return Petition.objects.all()
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    sources = source_pages().filter(pk__in=pages.order_by().values("pk"))
    return Petition.objects.filter(key__in=sources.order_by().values("translation_key"))


def editable_petition_pks(user: User) -> set[int] | None:
    """Their ids, as a set; None for a superuser, who needs no limit. Asked once a request."""
    if user.is_active and user.is_superuser:
        return None
    if not hasattr(user, CACHE):
        setattr(user, CACHE, set(editable_petitions(user).values_list("pk", flat=True)))
    return getattr(user, CACHE)


def limit(queryset: QuerySet[M], user: User, petition: str = "petition") -> QuerySet[M]:
    """``queryset`` limited to what belongs to petitions ``user`` may edit.

    ``petition`` is the path from the queryset's model to the petition.
    """
    pks = editable_petition_pks(user)
    return queryset if pks is None else queryset.filter(**{f"{petition}__in": sorted(pks)})

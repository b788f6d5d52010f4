"""Which petitions a user may manage: those whose source page they can edit.

Editing a translation or an alias gives no access: otherwise users could get access to signatures
by translating a page. Superusers have access to all petitions, including those without pages.
"""

from typing import TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model, QuerySet

from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.source import source_pages

# A user of any user model.
User = AbstractUser | AnonymousUser

M = TypeVar("M", bound=Model)

CACHE = "_wagtail_petition_editable"


def editable_petitions(user: User) -> QuerySet[Petition]:
    """The petitions whose source page ``user`` may change."""
    from wagtail.permissions import page_permission_policy  # Needs all apps to be loaded.

    if not user.is_active:
        return Petition.objects.none()
    if user.is_superuser:
        return Petition.objects.all()
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    sources = source_pages().filter(pk__in=pages.order_by().values("pk"))
    return Petition.objects.filter(key__in=sources.order_by().values("translation_key"))


def editable_petition_pks(user: User) -> set[int] | None:
    """The ids of ``editable_petitions``; None for superusers, meaning all. Cached on the user."""
    if user.is_active and user.is_superuser:
        return None
    if not hasattr(user, CACHE):
        setattr(user, CACHE, set(editable_petitions(user).values_list("pk", flat=True)))
    return getattr(user, CACHE)


def limit(queryset: QuerySet[M], user: User, petition: str = "petition") -> QuerySet[M]:
    """Limit ``queryset`` to petitions that ``user`` may edit.

    ``petition`` is the lookup from the queryset's model to the petition.
    """
    pks = editable_petition_pks(user)
    return queryset if pks is None else queryset.filter(**{f"{petition}__in": sorted(pks)})

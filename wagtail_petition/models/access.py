"""Whose petition it is: a person may act on a petition if they may change one of its pages.

Any page counts, in any language. An alias gives no right of its own: it can't be edited, its
original decides. Superusers may act on all petitions, also on those whose pages are gone.
"""

from django.contrib.contenttypes.models import ContentType

from .page import petition_page_models
from .petition import Petition

CACHE = "_wagtail_petition_editable"


def editable_petitions(user):
    """The petitions of which ``user`` may change a page. A queryset of ``Petition``."""
    from wagtail.permissions import page_permission_policy

    if not user.is_active:
        return Petition.objects.none()
    if user.is_superuser:
        return Petition.objects.all()
    types = ContentType.objects.get_for_models(*petition_page_models(), for_concrete_models=False)
    pages = page_permission_policy.instances_user_has_permission_for(user, "change").filter(
        content_type__in=types.values(), alias_of=None
    )
    return Petition.objects.filter(key__in=pages.order_by().values("translation_key"))


def editable_petition_pks(user):
    """Their ids, as a set; None for a superuser, who needs no limit. Asked once a request."""
    if user.is_active and user.is_superuser:
        return None
    if not hasattr(user, CACHE):
        setattr(user, CACHE, set(editable_petitions(user).values_list("pk", flat=True)))
    return getattr(user, CACHE)


def limit(queryset, user, petition="petition"):
    """``queryset`` limited to what belongs to petitions ``user`` may edit.

    ``petition`` is the path from the queryset's model to the petition.
    """
    pks = editable_petition_pks(user)
    return queryset if pks is None else queryset.filter(**{f"{petition}__in": sorted(pks)})

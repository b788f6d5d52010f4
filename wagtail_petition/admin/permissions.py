"""Who may do what: the model permission AND the page permission on that petition.

A person may act on a petition if they may change one of its pages, in any language. An alias
gives no right of its own: it can't be edited, its original decides. Superusers may act on all
petitions, also on those whose pages are gone.
"""

from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy

from wagtail_petition.models import Petition, Signature
from wagtail_petition.models.page import petition_page_models

CACHE = "_wagtail_petition_editable"


def editable_petitions(user):
    """The petitions of which ``user`` may change a page. A queryset of ``Petition``."""
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


def has_permission(user, action, model=Signature):
    """Whether ``user`` has the model permission for ``action`` ("view", "export", …)."""
    codename = get_permission_codename(action, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")


def can(user, action, petition, model=Signature):
    """Whether ``user`` may do ``action`` with the signatures of ``petition``.

    Actions: view, change, export, import, erase; for another ``model`` of ours, those it has.
    """
    if not has_permission(user, action, model):
        return False
    pks = editable_petition_pks(user)
    return pks is None or petition.pk in pks


def get_petition_or_404(user, action, model=Signature, **lookup):
    """The petition with ``lookup``, if ``user`` may do ``action`` with it; else Http404.

    What one may not touch does not exist: a 403 would tell that it does.
    """
    if not has_permission(user, action, model):
        return get_object_or_404(Petition.objects.none())
    return get_object_or_404(editable_petitions(user), **lookup)


class PetitionPermissionPolicy(ModelPermissionPolicy):
    """Model permission and page permission, for a model that belongs to a petition.

    ``petition`` is the path from the model to the petition: "pk" for ``Petition`` itself.
    Nobody without a petition of theirs has any permission, so that menus stay short.
    """

    def __init__(self, model, petition="petition"):
        super().__init__(model)
        self.petition = petition

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and editable_petition_pks(user) != set()

    def user_has_permission_for_instance(self, user, action, instance):
        pks = editable_petition_pks(user)
        attribute = self.petition if self.petition == "pk" else f"{self.petition}_id"
        return super().user_has_permission(user, action) and (
            pks is None or getattr(instance, attribute) in pks
        )

    def instances_user_has_any_permission_for(self, user, actions):
        allowed = super().instances_user_has_any_permission_for(user, actions)
        return limit(allowed, user, self.petition)


policies = {
    Petition: PetitionPermissionPolicy(Petition, petition="pk"),
    Signature: PetitionPermissionPolicy(Signature),
}


def register_policies():
    """Tell Wagtail 8 about ``policies``. Before, a viewset names its own: ``policies[model]``."""
    try:
        from wagtail.permissions import register_permission_policy
    except ImportError:  # Wagtail before 8.0
        return
    for model, policy in policies.items():
        register_permission_policy(model, policy)

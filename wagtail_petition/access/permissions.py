"""Permissions in the admin: users need the model permission and access to the petition.

``access.petitions`` decides about the petition.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_petition.access.petitions import User, editable_petition_pks, editable_petitions, limit
from wagtail_petition.models import Delivery, Petition, Representative, Signature

__all__ = [
    "PetitionPermissionPolicy",
    "can",
    "editable_petition_pks",
    "editable_petitions",
    "get_petition_or_404",
    "has_permission",
    "limit",
    "policies",
]


def has_permission(user: User, action: str, model: type[Model] = Signature) -> bool:
    """Whether ``user`` has the model permission for ``action`` ("view", "export", …).

    Actions on signatures, and adding a delivery, also need the permission to view signatures,
    because they show personal data. Viewing a petition means its figures, without personal data:
    the permission to view signatures is enough for it.
    """
    needed = {(action, model)}
    if model is Signature or (action, model) == ("add", Delivery):
        needed.add(("view", Signature))
    if (action, model) == ("view", Petition) and has_permission(user, "view", Signature):
        return True
    return user.has_perms(
        f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}"
        for action, model in needed
    )


def can(user: User, action: str, petition: Petition, model: type[Model] = Signature) -> bool:
    """Whether ``user`` may do ``action`` with the signatures of ``petition``.

    Actions are view, change, export, import and erase, or the permissions of another ``model``.
    With ``model=Petition``, viewing means the petition's figures.
    """
    if not has_permission(user, action, model):
        return False
    pks = editable_petition_pks(user)
    return pks is None or petition.pk in pks


def get_petition_or_404(
    user: User, action: str, model: type[Model] = Signature, **lookup: Any
) -> Petition:
    """The petition with ``lookup``. Raises ``Http404`` unless ``user`` may do ``action`` with it.

    A 403 would reveal that the petition exists.
    """
    if not has_permission(user, action, model):
        return get_object_or_404(Petition.objects.none())
    return get_object_or_404(editable_petitions(user), **lookup)


class PetitionPermissionPolicy(ModelPermissionPolicy):
    """The permission policy for a model that belongs to a petition.

    ``petition`` is the lookup from the model to the petition: "pk" for ``Petition`` itself. Users
    who may edit no petition have no permission at all, so they see no menu items.
    """

    def __init__(self, model: type[Model], petition: str = "petition") -> None:
        super().__init__(model)
        self.petition = petition

    def user_has_permission(self, user: User, action: str) -> bool:
        return self._is_permitted(user, action) and editable_petition_pks(user) != set()

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        pks = editable_petition_pks(user)
        attribute = self.petition if self.petition == "pk" else f"{self.petition}_id"
        return self._is_permitted(user, action) and (
            pks is None or getattr(instance, attribute) in pks
        )

    def _is_permitted(self, user: User, action: str) -> bool:
        return has_permission(user, action, self.model)

    def instances_user_has_any_permission_for(self, user: User, actions: Sequence[str]) -> QuerySet:
        actions = [action for action in actions if self._is_permitted(user, action)]
        allowed = super().instances_user_has_any_permission_for(user, actions)
        return limit(allowed, user, self.petition)


policies = {
    Petition: PetitionPermissionPolicy(Petition, petition="pk"),
    Signature: PetitionPermissionPolicy(Signature),
    Delivery: PetitionPermissionPolicy(Delivery),
    Representative: PetitionPermissionPolicy(Representative),
}

"""Who may do what: the model permission AND the page permission on that petition.

Whose petition it is, is answered in ``access.petitions``, since the log asks it too.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_petition.access.petitions import User, editable_petition_pks, editable_petitions, limit
from wagtail_petition.models import Delivery, Petition, Signature

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

    Whatever shows what people gave needs the permission to view signatures too: to act on them in
    any way, and to make a delivery, which begins with a sample.
    """
    needed = {(action, model)}
    if model is Signature or (action, model) == ("add", Delivery):
        needed.add(("view", Signature))
    return user.has_perms(
        f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}"
        for action, model in needed
    )


def can(user: User, action: str, petition: Petition, model: type[Model] = Signature) -> bool:
    """Whether ``user`` may do ``action`` with the signatures of ``petition``.

    Actions: view, change, export, import, erase; for another ``model`` of ours, those it has.
    """
    if not has_permission(user, action, model):
        return False
    pks = editable_petition_pks(user)
    return pks is None or petition.pk in pks


def get_petition_or_404(
    user: User, action: str, model: type[Model] = Signature, **lookup: Any
) -> Petition:
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
}

"""What Wagtail's admin gets from us. Registration only."""

from wagtail import hooks

from .admin.viewsets import PetitionViewSetGroup


@hooks.register("register_admin_viewset")
def register_viewsets():
    return PetitionViewSetGroup()

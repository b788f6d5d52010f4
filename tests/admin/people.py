"""The people around two petitions, and what each may do."""

from django.contrib.auth.models import Group, Permission, User
from wagtail.models import GroupPagePermission


def make_user(name, *actions, pages=(), superuser=False):
    """A user who may do ``actions`` with signatures and change ``pages`` in Wagtail's admin."""
    user = User.objects.create(username=name, is_superuser=superuser, is_staff=superuser)
    group = Group.objects.create(name=name)
    user.groups.add(group)
    codenames = ["access_admin", *(f"{action}_signature" for action in actions)]
    group.permissions.add(*Permission.objects.filter(codename__in=codenames))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    for page in pages:
        GroupPagePermission.objects.create(group=group, page=page, permission=change)
    return user

"""Users with permissions."""

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from wagtail.models import GroupPagePermission


def make_user(name, *actions, pages=(), superuser=False):
    """A user who may do ``actions`` and change ``pages`` in Wagtail's admin.

    An action is a permission's codename; "view" is short for "view_signature", and so on.
    """
    user = User.objects.create(username=name, is_superuser=superuser, is_staff=superuser)
    group = Group.objects.create(name=name)
    user.groups.add(group)
    codenames = [action if "_" in action else f"{action}_signature" for action in actions]
    codenames.append("access_admin")
    if "submit_translation" in codenames:
        _restore_submit_translation()
    group.permissions.add(*Permission.objects.filter(codename__in=codenames))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    for page in pages:
        GroupPagePermission.objects.create(group=group, page=page, permission=change)
    return user


def _restore_submit_translation():
    """wagtail-localize's permission: it is made in a migration alone, whose rows are gone once a
    test with transactions of its own has emptied the database.
    """
    kind, _made = ContentType.objects.get_or_create(
        app_label="wagtail_localize", model="translation"
    )
    Permission.objects.get_or_create(
        content_type=kind,
        codename="submit_translation",
        defaults={"name": "Can submit translations"},
    )

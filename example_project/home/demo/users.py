"""Who works on the site."""

import io

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Collection, GroupCollectionPermission

PASSWORD = "petition"

# First name, last name, and groups of each.
STAFF = {
    "editor": ("Emma", "Rossi", ["Petition editors"]),
    "manager": ("Max", "Bell", ["Petition editors", "Signature managers", "Signature exporters"]),
}


def create_users(homes):
    """An administrator, an editor and a manager of signatures for the pages below ``homes``.

    Returns the administrator.
    """
    users = get_user_model().objects
    call_command("create_petition_groups", page=[home.pk for home in homes], stdout=io.StringIO())
    _let_editors_translate_and_illustrate()
    for name, (given_name, family_name, groups) in STAFF.items():
        user = users.create_user(
            name, _address(name), PASSWORD, first_name=given_name, last_name=family_name
        )
        user.groups.set(Group.objects.filter(name__in=groups))
    return users.create_superuser(
        "admin", _address("admin"), PASSWORD, first_name="Ada", last_name="Admin"
    )


def _address(name):
    return f"{name}@uscitizensinitaly.example"


def _let_editors_translate_and_illustrate():
    editors = Group.objects.get(name="Petition editors")
    editors.permissions.add(
        Permission.objects.get(
            content_type__app_label="wagtail_localize", codename="submit_translation"
        )
    )
    root = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"],
        codename__in=["add_image", "choose_image", "add_document", "choose_document"],
    ):
        GroupCollectionPermission.objects.create(
            group=editors, collection=root, permission=permission
        )

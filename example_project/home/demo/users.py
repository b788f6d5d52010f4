"""Who works on the site."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

PASSWORD = "petition"


def create_users(homes):
    """An administrator, an editor and a manager of signatures for the pages below ``homes``."""
    User = get_user_model()
    admin = User.objects.create_superuser(
        "admin", "admin@uscitizensinitaly.example", PASSWORD, first_name="Ada", last_name="Admin"
    )
    editor = User.objects.create_user(
        "editor", "editor@uscitizensinitaly.example", PASSWORD, first_name="Emma", last_name="Rossi"
    )
    manager = User.objects.create_user(
        "manager", "manager@uscitizensinitaly.example", PASSWORD, first_name="Max", last_name="Bell"
    )
    editor.groups.add(_editors(homes))
    manager.groups.add(_signature_managers(homes))
    return admin


def _editors(homes):
    """Write, publish and translate pages; use images and documents; see no signature."""
    group = Group.objects.create(name="Petition editors")
    _allow(group, "wagtailadmin", "access_admin")
    _allow(group, "wagtail_localize", "submit_translation")
    _allow_on_pages(group, homes, "add_page", "change_page", "publish_page")
    root = Collection.get_first_root_node()
    for app, names in {
        "wagtailimages": ["add_image", "choose_image"],
        "wagtaildocs": ["add_document", "choose_document"],
    }.items():
        for permission in _permissions(app, *names):
            GroupCollectionPermission.objects.create(
                group=group, collection=root, permission=permission
            )
    return group


def _signature_managers(homes):
    """All that can be done with signatures, of the petitions whose pages they may change."""
    group = Group.objects.create(name="Signature managers")
    _allow(group, "wagtailadmin", "access_admin")
    _allow_on_pages(group, homes, "change_page")
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtail_petition").exclude(
            content_type__model="petitionpage"
        )
    )
    return group


def _permissions(app, *names):
    return Permission.objects.filter(content_type__app_label=app, codename__in=names)


def _allow(group, app, *names):
    group.permissions.add(*_permissions(app, *names))


def _allow_on_pages(group, pages, *names):
    for permission in _permissions("wagtailcore", *names):
        for page in pages:
            GroupPagePermission.objects.create(group=group, page=page, permission=permission)

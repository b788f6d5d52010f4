"""``manage.py create_petition_groups``."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command

from wagtail_petition.access.permissions import can, editable_petitions
from wagtail_petition.models import Petition

GROUPS = ["Petition editors", "Signature exporters", "Signature managers"]


@pytest.fixture
def person(db):
    """A user in the groups named."""

    def make(*groups):
        user = User.objects.create(username=" ".join(groups))
        user.groups.add(*Group.objects.filter(name__in=groups))
        return user

    return make


def test_groups_add_up(page, person, capsys):
    call_command("create_petition_groups")
    assert capsys.readouterr().out.count("Created") == 3
    petition = page.petition
    editor = person("Petition editors")
    assert list(editable_petitions(editor)) == [petition]
    assert can(editor, "view", petition, Petition)
    assert not can(editor, "view", petition)
    assert not can(editor, "change", petition)
    manager = person("Petition editors", "Signature managers")
    assert all(can(manager, action, petition) for action in ("change", "erase", "import"))
    assert not can(manager, "export", petition)
    exporter = person("Petition editors", "Signature exporters")
    assert can(exporter, "export", petition)
    assert not can(exporter, "change", petition)
    # What to do without a petition to do it with is nothing.
    assert not can(person("Signature managers"), "view", petition)


def test_again_changes_nothing_and_takes_nothing_away(page, capsys):
    call_command("create_petition_groups")
    before = list(Group.objects.values("name", "permissions", "page_permissions"))
    call_command("create_petition_groups")
    assert capsys.readouterr().out.count("Brought up to date") == 3
    assert list(Group.objects.values("name", "permissions", "page_permissions")) == before


def test_a_group_that_sees_names_since_before_is_told_about_and_left_alone(page, capsys):
    call_command("create_petition_groups")
    assert "may view signatures" not in capsys.readouterr().out
    editors = Group.objects.get(name="Petition editors")
    editors.permissions.add(Permission.objects.get(codename="view_signature"))
    call_command("create_petition_groups")
    assert "Petition editors may view signatures" in capsys.readouterr().out
    assert editors.permissions.filter(codename="view_signature").exists()


def test_below_a_page(page, other, person):
    call_command("create_petition_groups", page=[other.pk])
    assert not editable_petitions(person("Petition editors")).exists()


def test_a_page_that_is_not_there(db):
    with pytest.raises(CommandError, match="999"):
        call_command("create_petition_groups", page=[999])
    assert not Group.objects.filter(name__in=GROUPS).exists()


@pytest.fixture
def other(home):
    """A section without petitions."""
    return home.add_child(instance=type(home)(title="Other", slug="other"))

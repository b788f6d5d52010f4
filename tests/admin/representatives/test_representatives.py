"""Representatives in the admin: by hand, from a table, and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wagtail_petition.models import PetitionLogEntry, Representative

from ..people import make_user

pytestmark = pytest.mark.django_db

ALL = [f"{action}_representative" for action in ("view", "add", "change", "delete")]


@pytest.fixture
def asking(make_page):
    return make_page(home_country="US", ask_home_region="optional", ask_home_district="optional")


@pytest.fixture
def editor(asking, client):
    """The browser of somebody who may do everything with the representatives."""
    client.force_login(make_user("editor", *ALL, pages=[asking]))
    return client


@pytest.fixture
def senator(asking):
    return Representative.objects.create(
        petition=asking.petition, name="Ada Doe", office="Senator", country="US", region="US-NY"
    )


def url(name, *args):
    return reverse(f"petition_representatives:{name}", args=args)


def post(client, address, **data):
    return client.post(address, data, follow=True).content.decode()


def test_by_hand(asking, editor):
    add = url("add", asking.petition.pk)
    assert "All of United States of America" in editor.get(add).content.decode()
    html = post(editor, add, name="Bea Roe", office="Representative", region="", district="NY-12")
    assert "Representative added." in html
    assert "Representative Bea Roe" in html
    assert "NY-12" in html
    [person] = Representative.objects.all()
    assert (str(person.country), person.region, person.district) == ("US", "US-NY", "12")


def test_the_only_petition_is_chosen(asking, editor):
    assert editor.get(url("choose")).url == url("add", asking.petition.pk)
    assert editor.get(url("choose_table")).url == url("table", asking.petition.pk)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"region": "US-NY", "district": "99"}, "is no district"),
        ({"region": "US-XX"}, "Select a valid choice"),
        ({"region": "US-NY", "name": "Ada Doe"}, "already listed there"),
        ({"region": "US-NY", "name": "ADA  doe"}, "already listed there as “Ada Doe”"),
        ({"region": "US-NY", "name": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said(asking, editor, senator, data, message):
    html = post(editor, url("add", asking.petition.pk), **{"name": "Bea Roe", **data})
    assert message in html
    assert Representative.objects.count() == 1


def test_change_and_delete_without_a_name_in_the_history(editor, senator):
    html = post(editor, url("edit", senator.pk), name="Ada Doe", region="US-NJ", email="a@b.org")
    assert "Representative saved." in html
    senator.refresh_from_db()
    assert (senator.region, senator.email, senator.office) == ("US-NJ", "a@b.org", "")
    assert "Ada Doe" in editor.get(url("delete", senator.pk)).content.decode()
    assert "Representative deleted." in post(editor, url("delete", senator.pk))
    assert not Representative.objects.exists()
    entries = PetitionLogEntry.objects.order_by("pk")
    assert [entry.action for entry in entries] == ["wagtail.edit", "wagtail.delete"]
    assert not any("Ada" in f"{entry.label}{entry.data}" for entry in entries)


def test_a_pasted_table(asking, editor, senator):
    text = "Name\tOffice\tState\nAda Doe\tSen.\tNY\nBea Roe\tSen.\tNJ\n"
    html = post(editor, url("table", asking.petition.pk), text=text)
    assert "Added: 1. Changed: 1. Deleted: 0." in html
    [entry] = PetitionLogEntry.objects.filter(action="wagtail_petition.add_representatives")
    assert entry.data == {"added": 1, "changed": 1, "deleted": 0}


def test_another_spelling_is_said(asking, editor, senator):
    text = "name\tstate\temail\nADA DOE\tNY\tada@example.org"
    html = post(editor, url("table", asking.petition.pk), text=text)
    assert "Added: 0. Changed: 1. Deleted: 0." in html
    assert "Already listed in another spelling, and updated: Ada Doe → ADA DOE." in html
    senator.refresh_from_db()
    assert (senator.name, senator.email) == ("ADA DOE", "ada@example.org")


def test_a_file_in_place_of_all(asking, editor, senator):
    file = SimpleUploadedFile("new.csv", b"Name,State\nBea Roe,NJ\n")
    post(editor, url("table", asking.petition.pk), file=file, replaces="on")
    assert [p.name for p in Representative.objects.all()] == ["Bea Roe"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Name,State\nBea Roe,NJ\nEve,Naples\n", "Row 3: “Naples” is no state or region"),
        ("", "Choose a file, or paste a table."),
        ("Name,State\n", "The table has no rows."),
    ],
)
def test_all_rows_or_none(asking, editor, text, message):
    html = post(editor, url("table", asking.petition.pk), text=text)
    assert message in html
    assert not Representative.objects.exists()


def test_nobody_deletes_without_the_permission(asking, client, senator):
    client.force_login(make_user("limited", *ALL[:3], pages=[asking]))
    address = url("table", asking.petition.pk)
    assert "aren’t in this table" not in client.get(address).content.decode()
    post(client, address, text="Name,State\nBea Roe,NJ\n", replaces="on")
    assert Representative.objects.count() == 2


def test_a_petition_that_does_not_ask(page, client):
    client.force_login(make_user("editor", *ALL, pages=[page]))
    for name in ("add", "table"):
        html = client.get(url(name, page.petition.pk), follow=True).content.decode()
        assert "doesn’t ask where people vote" in html


def test_the_list_shows_those_of_my_petitions(asking, make_page, editor, senator):
    other = make_page(title="Another").petition
    Representative.objects.create(petition=other, name="Zoe", country="US", region="US-NY")
    html = editor.get(url("index")).content.decode()
    assert "Senator Ada Doe" in html
    assert "New York" in html
    assert "Zoe" not in html
    assert f'href="{url("choose_table")}"' in html

"""What works on a site with ``tests.bare_settings`` and without any extra.

Needs nothing but pytest and pytest-django, no fixtures of ours, and so also runs where the wheel
was installed. ``tests/test_extras.py`` and ``tests/test_packaging.py`` run it.
"""

import re

import pytest
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse
from wagtail.models import Page

from wagtail_petition.delivery import build
from wagtail_petition.extras import has_extra
from wagtail_petition.models import Delivery, PetitionPage, Signature
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db

FORM = {
    "given_name": "Anna",
    "family_name": "Moretti",
    "email": "anna@example.org",
    "country": "IT",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def page():
    made = PetitionPage(
        title="Stop separating families",
        slug="families",
        letter="<p>Stop separating children from their parents.</p>",
        recipients=[("recipient", {"name": "Jane Doe", "office": "", "role": "to"})],
        live=False,
    )
    Page.objects.get(depth=2).add_child(instance=made)
    made.save_revision().publish()
    return PetitionPage.objects.get(pk=made.pk)


@pytest.fixture
def signed(client, page, mailoutbox):
    """A signature, made as people make it."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(page.sign_url, FORM, headers={"Origin": "http://testserver"})
    path = re.search(r"https?://[^/]+(/petitions/confirm/\S+)", mailoutbox[0].body)[1]
    client.post(path)
    return Signature.objects.get()


def deliver(petition, *formats):
    delivery = Delivery.objects.create(
        petition=petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name"],
        formats=list(formats),
        only_new=False,
    )
    build.build_queued()
    delivery.refresh_from_db()
    return delivery


def test_no_extra_is_here():
    assert not has_extra("pdf")
    assert not has_extra("altcha")


def test_nothing_is_wrong_with_it():
    call_command("check", fail_level="ERROR")


def test_no_migration_is_missing():
    call_command("makemigrations", "wagtail_petition", check=True, dry_run=True)


def test_people_read_and_sign(client, page, signed):
    assert "Jane Doe" in client.get(page.get_url()).text
    assert (signed.status, signed.number) == ("confirmed", 1)


def test_editors_see_it(admin_client, page, signed):
    assert admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert "Moretti" in admin_client.get(reverse("petition_signatures:index"), follow=True).text
    assert page.title in admin_client.get(reverse("petitions:index")).text


def test_tables_are_delivered(signed):
    delivery = deliver(signed.petition, "csv", "xlsx")
    assert (delivery.state, delivery.error) == ("ready", "")
    file = delivery.files.get(name="signatures.csv")
    with private_storage().open(file.path) as content:
        assert "Anna" in content.read().decode("utf-8-sig")
    assert delivery.files.filter(name="signatures.xlsx").exists()


def test_a_delivery_with_pdf_says_what_is_missing(signed):
    delivery = deliver(signed.petition, "csv", "pdf")
    assert delivery.state == "failed"
    assert delivery.error == (
        "PDF is not available. Ask your administrator to install wagtail-petition[pdf]."
    )


def test_altcha_without_altcha_is_told(settings):
    settings.WAGTAIL_PETITION = {"ALTCHA": True}
    with pytest.raises(Exception, match="altcha is not installed"):
        call_command("check")

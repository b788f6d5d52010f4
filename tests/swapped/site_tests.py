"""What people do on a site with a base page of its own. ``tests/test_swapped.py`` runs it."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.template import RequestContext, Template
from django.test import TestCase
from django.urls import reverse
from wagtail.models import get_page_models

from tests.swapped.basepage.models import BasePage
from tests.swapped.campaigns.models import CampaignPage
from wagtail_petition import models
from wagtail_petition.pages.lookup import petition_page_models

pytestmark = pytest.mark.django_db

FORM = {
    "given_name": "Anna",
    "family_name": "Moretti",
    "email": "anna@example.org",
    "country": "IT",
    "consent": "on",
}


@pytest.fixture
def page():
    home = BasePage.objects.get(depth=2)
    made = CampaignPage(
        title="Stop separating families",
        slug="families",
        letter="<p>Stop separating children from their parents.</p>",
        recipients=[("recipient", {"name": "Jane Doe", "office": "", "role": "to"})],
        category="rights",
        live=False,
    )
    home.add_child(instance=made)
    made.save_revision().publish()
    return CampaignPage.objects.get(pk=made.pk)


@pytest.fixture
def admin(admin_client):
    return admin_client


def sign(client, page):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(page.sign_url, FORM, headers={"Origin": "http://testserver"})


def follow(client, mail, step, **data):
    path = re.search(rf"https?://[^/]+(/petitions/{step}/\S+)", mail.body)[1]
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(path, data)


@pytest.fixture
def signed(client, page, mailoutbox):
    sign(client, page)
    follow(client, mailoutbox[0], "confirm")
    return models.Signature.objects.get()


def test_only_the_sites_own_type_is_a_petition_page():
    assert petition_page_models() == [CampaignPage]
    assert not hasattr(models, "PetitionPage")
    assert not [model for model in get_page_models() if model.__name__ == "PetitionPage"]


def test_the_page_is_shown_and_tells_what_it_is(client, page):
    answer = client.get(page.get_url())
    assert answer.status_code == 200
    assert "Jane Doe" in answer.text
    head = Template("{% load petition_public_tags %}{% petition_head %}")
    told = head.render(RequestContext(answer.wsgi_request, {"page": page}))
    assert '<meta property="og:title" content="Stop separating families">' in told


def test_signing_confirming_and_withdrawing(client, page, signed, mailoutbox):
    assert (signed.status, signed.number) == ("confirmed", 1)
    follow(client, mailoutbox[1], "signature", withdraw="1")
    signed.refresh_from_db()
    assert signed.status == "withdrawn"


def test_the_editor_opens_and_lists_what_was_signed(admin, page, signed):
    assert admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert "Moretti" in admin.get(reverse("petition_signatures:index"), follow=True).text
    assert page.title in admin.get(reverse("petitions:index")).text
    assert admin.get(reverse("wagtailadmin_home")).status_code == 200


def test_editors_of_the_group_see_their_petition(client, page, signed):
    call_command("create_petition_groups", verbosity=0)
    user = get_user_model().objects.create_user("eve", "eve@example.org", "secret")
    user.groups.set(Group.objects.filter(name__in=["Petition editors", "Signature managers"]))
    client.force_login(user)
    assert "Moretti" in client.get(reverse("petition_signatures:index"), follow=True).text
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def test_a_petition_whose_page_is_gone_gets_a_new_one(admin, page, signed):
    petition, parent = signed.petition, page.get_parent()
    page.delete()
    answer = admin.post(
        reverse("petitions:recreate_page", args=[petition.pk]),
        {"page_type": "campaigns.campaignpage", "parent": parent.pk},
    )
    assert answer.status_code == 302
    assert CampaignPage.objects.get().translation_key == petition.key

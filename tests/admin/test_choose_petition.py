"""Adding something from a list of all petitions, and lists of one petition."""

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.admin.people import make_user
from wagtail_petition.models import Invalidation

DELIVERIES, INVALIDATIONS = "petition_deliveries", "petition_invalidations"


@pytest.mark.parametrize(
    ("viewset", "label"),
    [(DELIVERIES, "Add delivery"), (INVALIDATIONS, "Add bulk invalidation")],
)
class TestAdding:
    def test_of_the_only_petition(self, log_in, page, viewset, label):
        client = log_in(
            make_user("o", "view", "change", "view_delivery", "add_delivery", pages=[page])
        )
        html = client.get(reverse(f"{viewset}:index")).text
        assert label in html
        response = client.get(reverse(f"{viewset}:choose"))
        assert response.url == reverse(f"{viewset}:add", args=[page.petition.pk])

    def test_of_one_of_several(self, log_in, superuser, page, other_page, viewset, label):
        client, url = log_in(superuser), reverse(f"{viewset}:choose")
        html = client.get(url).text
        assert str(page.petition) in html
        assert str(other_page.petition) in html
        response = client.post(url, {"petition": other_page.petition.pk})
        assert response.url == reverse(f"{viewset}:add", args=[other_page.petition.pk])

    def test_not_of_other_peoples(self, log_in, page, other_page, make_page, viewset, label):
        third = make_page(title="Third")
        user = make_user("o", "view", "change", "add_delivery", pages=[page, third])
        response = log_in(user).post(
            reverse(f"{viewset}:choose"), {"petition": other_page.petition.pk}
        )
        assert response.status_code == 200
        assert "Select a valid choice" in response.text

    def test_is_not_offered_to_who_may_not(self, log_in, page, viewset, label):
        user = make_user("o", "view", "view_delivery", pages=[page])
        assert label not in log_in(user).get(reverse(f"{viewset}:index"), follow=True).text


def test_a_list_of_one_petition(log_in, superuser, page, other_page):
    for each, reason in ((page, "Phone book"), (other_page, "Robots")):
        Invalidation.objects.create(
            petition=each.petition, reason=reason, domain="x.example", until=0, state="done"
        )
    html = log_in(superuser).get(
        reverse("petition_invalidations:index"), {"petition": page.petition.pk}
    )
    assert "Phone book" in html.text
    assert "Robots" not in html.text


def test_a_petition_page_is_added_from_the_list_of_petitions(admin_client, page):
    html = admin_client.get(reverse("petitions:index")).text
    assert (
        reverse("wagtailadmin_pages:choose_parent", args=["wagtail_petition", "petitionpage"])
        in html
    )


def test_types_of_pages_are_written_as_each_language_does(log_in, superuser, page):
    UserProfile.objects.create(user=superuser, preferred_language="de")
    assert "Petitionsseite hinzufügen" in log_in(superuser).get(reverse("petitions:index")).text


def test_who_may_add_no_page_is_not_asked_to(log_in, viewer):
    assert "Add petition" not in log_in(viewer).get(reverse("petitions:index")).text


def test_the_petition_is_named_on_the_pages_of_a_signature(log_in, manager, make_signature):
    signature = make_signature()
    client, title = log_in(manager), str(signature.petition)
    for url in (
        reverse("petition_signatures:inspect", args=[signature.pk]),
        reverse("petition_signatures:action", args=[signature.pk, "invalidate"]),
    ):
        response = client.get(url)
        labels = [item["label"] for item in response.context["breadcrumbs_items"]]
        assert title in labels
        assert title in response.text.partition("</title>")[0]

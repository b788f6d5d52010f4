"""count.json: what other sites read."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from wagtail_petition import ledger
from wagtail_petition.models import Origin, Petition, Signature


def test_the_count_with_what_was_signed_on_paper(client, page, url_of, make_signers):
    make_signers(2)
    Petition.objects.update(offline_count=40)
    assert client.get(url_of("count")).json() == {"count": 42}


class TestSignaturesOnPaper:
    """The petition decides whether they are in the total, and whether their number is shown."""

    @pytest.fixture
    def shown(self, client, make_page, make_signature):
        """A function of ``paper_display``: the public total, and the page's text."""

        def shown(display):
            page = make_page(paper_display=display)
            make_signature(page)
            make_signature(page, email="bea@example.org")
            ledger.add_paper_count(page.petition, number=40, day=timezone.now().date())
            typed = Signature.objects.filter(petition=page.petition, email="bea@example.org")
            typed.update(origin=Origin.PAPER)
            ledger.recount(page.petition, repair=True)
            url = reverse("wagtail_petition:count", args=[page.petition_key])
            return client.get(url).json()["count"], strip_tags(client.get(page.url).text)

        return shown

    def test_added(self, shown):
        total, text = shown("add")
        assert total == 42
        assert "on paper" not in text

    def test_with_their_number_for_both_kinds(self, shown):
        total, text = shown("apart")
        assert total == 42
        assert "of which 41 on paper" in text

    def test_without_bare_numbers(self, shown):
        total, text = shown("hide")
        assert total == 2
        assert "2 people have signed" in " ".join(text.split())
        assert "on paper" not in text


def test_one_query_and_a_cache(client, url_of, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(url_of("count"))
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=10, stale-while-revalidate=60"
    assert not response.cookies


def test_no_such_petition(client, db):
    assert client.get(reverse("wagtail_petition:count", args=[uuid.uuid4()])).status_code == 404


def test_it_can_only_be_read(client, url_of):
    assert client.post(url_of("count")).status_code == 405
    assert client.head(url_of("count")).status_code == 200

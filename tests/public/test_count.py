"""count.json: what other sites read."""

import uuid

from django.urls import reverse

from wagtail_petition.models import Petition


def test_the_count_with_what_was_signed_on_paper(client, page, url_of, make_signers):
    make_signers(2)
    Petition.objects.update(offline_count=40)
    assert client.get(url_of("count")).json() == {"count": 42}


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

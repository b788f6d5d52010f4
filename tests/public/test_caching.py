"""The page behind a cache: fetched once, signed by many from the same bytes."""

import re

import pytest

from tests.conftest import RequestCommits
from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db

CACHE_MIDDLEWARE = "wagtailcache.cache"


@pytest.fixture
def _behind_wagtail_cache(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "wagtailcache"]
    settings.MIDDLEWARE = [
        f"{CACHE_MIDDLEWARE}.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        f"{CACHE_MIDDLEWARE}.FetchFromCacheMiddleware",
    ]


@pytest.mark.usefixtures("_behind_wagtail_cache")
def test_two_people_sign_from_one_cached_page(page, form_data):
    first, second = (RequestCommits().get(page.url) for _person in range(2))
    assert (first["X-Wagtail-Cache"], second["X-Wagtail-Cache"]) == ("miss", "hit")
    assert first.content == second.content
    action = re.search(r'<form[^>]*action="([^"]+)"', second.text)[1]
    for name in ("anna", "bruno"):
        response = RequestCommits().post(
            action,
            form_data(email=f"{name}@example.org"),
            headers={"Origin": "http://testserver"},
        )
        assert response.status_code == 303
        # What follows is for one person, and in no cache.
        assert response.headers.get("X-Wagtail-Cache") != "hit"
        shown = RequestCommits().get(response["Location"])
        assert f"{name}@example.org" in shown.text
    assert Signature.objects.count() == 2

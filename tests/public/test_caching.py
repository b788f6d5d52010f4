"""The page behind a cache: fetched once, signed by many from the same bytes."""

import re

import pytest

from tests.conftest import RequestCommits
from wagtail_petition import ledger
from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("behind_wagtail_cache")
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


class TestWhatChangesIsSeenAtOnce:
    """The page is cached for a minute, but changes are shown at once."""

    @pytest.fixture
    def shown(self, client, page, make_signature):
        """The text of the page, with caches in use."""
        signature = make_signature(
            given_name="Zoe", show_name=True, city="Turin", message="Well said"
        )

        def text():
            return client.get(page.url).text

        assert "Zoe" in text()
        text.signature = signature
        return text

    def test_a_name_is_hidden_and_shown(self, shown):
        ledger.set_show_name(shown.signature, False)
        assert "Zoe" not in shown()
        ledger.set_show_name(shown.signature, True)
        assert "Zoe" in shown()

    def test_one_is_invalidated_while_another_confirms(self, shown, page, make_signature):
        ledger.invalidate([shown.signature.pk], petition=page.petition)
        make_signature(given_name="Ugo", show_name=True, email="ugo@example.org")
        text = shown()
        assert "Ugo" in text
        assert "Zoe" not in text

    def test_data_is_erased(self, shown, page):
        ledger.anonymise([shown.signature.pk], petition=page.petition)
        assert "Zoe" not in shown()

    def test_paper_is_counted(self, shown, page):
        ledger.set_offline_count(page.petition, 4711)
        assert "4,712" in shown()

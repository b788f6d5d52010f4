"""Help in the header of the admin's pages leads to the documentation of that task."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from wagtail_petition.admin import help
from wagtail_petition.admin.help import EDITOR_PAGE, PAGES, UPDATE_PAGE, help_url

DOCS = Path(__file__).parents[2] / "docs"
BASE = "https://docs.example.org/petitions"


@pytest.fixture
def docs(settings):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "DOCS_URL": f"{BASE}/"}


@pytest.mark.parametrize("page", sorted({*PAGES.values(), EDITOR_PAGE, UPDATE_PAGE}))
def test_every_page_exists(page):
    assert (DOCS / f"{page}.md").is_file()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("petitions:index", "how-to/signatures"),
        ("petitions:dashboard", "how-to/signatures"),
        ("petitions:suspicious", "how-to/abuse"),
        ("petition_signatures:index", "how-to/signatures"),
        ("petition_signatures:inspect", "how-to/signatures"),
        ("petition_signatures:export", "how-to/signatures"),
        ("petition_messages:index", "how-to/signatures"),
        ("petition_deliveries:index", "how-to/deliver"),
        ("petition_deliveries:add", "how-to/deliver"),
        ("petition_invalidations:index", "how-to/abuse"),
        ("petition_invalidations:add", "how-to/abuse"),
        ("petition_block_rules:index", "how-to/abuse"),
        ("petition_block_rules:add", "how-to/abuse"),
        ("wagtailadmin_pages:edit", "how-to/write"),
    ],
)
def test_each_page_leads_to_the_page_of_its_task(
    admin_client, docs, page, make_signature, name, expected
):
    args = {
        "petitions:dashboard": [page.petition.pk],
        "petitions:suspicious": [page.petition.pk],
        "petition_deliveries:add": [page.petition.pk],
        "petition_invalidations:add": [page.petition.pk],
        "petition_signatures:inspect": [make_signature().pk],
        "wagtailadmin_pages:edit": [page.pk],
    }
    address = reverse(name, args=args.get(name, []))
    html = admin_client.get(address, follow=True).content.decode()
    assert f'href="{BASE}/{expected}.md"' in html


def test_an_update_leads_to_the_page_about_updates(admin_client, docs, make_update):
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[make_update().pk])).text
    assert f'href="{BASE}/how-to/updates.md"' in html


def test_the_documentation_that_the_package_names(monkeypatch):
    class Metadata:
        def get_all(self, name):
            assert name == "Project-URL"
            return ["Issues, https://a.example/issues", f"Documentation, {BASE}"]

    help._published_docs.cache_clear()
    monkeypatch.setattr(help.metadata, "metadata", lambda name: Metadata())
    assert help_url("how-to/deliver") == f"{BASE}/how-to/deliver.md"
    monkeypatch.undo()
    help._published_docs.cache_clear()


def test_without_documentation_there_is_no_help(admin_client, page, monkeypatch):
    monkeypatch.setattr(help, "_published_docs", lambda: "")
    assert help_url("how-to/deliver") == ""
    html = admin_client.get(reverse("petitions:index")).content.decode()
    assert "how-to/" not in html


@pytest.mark.parametrize(
    ("docs_url", "language", "expected"),
    [
        ("https://a.example", "it", "https://a.example/how-to/deliver.md"),
        ("https://a.example/{page}.html", "it", "https://a.example/how-to/deliver.html"),
        ({"en": "https://a.example", "it": "https://b.example"}, "it", "https://b.example"),
        ({"en": "https://a.example", "it": "https://b.example"}, "it-ch", "https://b.example"),
        ({"en": "https://a.example", "it": "https://b.example"}, "ar", "https://a.example"),
    ],
)
def test_in_the_admin_s_language_where_the_documentation_has_it(
    settings, docs_url, language, expected
):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "DOCS_URL": docs_url}
    with translation.override(language):
        assert help_url("how-to/deliver").startswith(expected)

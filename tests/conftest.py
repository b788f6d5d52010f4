"""A site with one petition, and the people around it."""

import pytest
from django.core.cache import cache
from wagtail.models import Locale, Page, Site

from wagtail_petition import ledger
from wagtail_petition.models import PetitionPage
from wagtail_petition.signing import guards

LETTER = "<p>We ask you to stop separating children from their parents.</p>"


@pytest.fixture(autouse=True)
def _fresh_caches():
    """What a process remembers of one test's database is wrong in the next."""
    cache.clear()
    guards._secret_of.cache_clear()
    Site.clear_site_root_paths_cache()


@pytest.fixture
def home(db):
    """The home page of the only site."""
    return Page.objects.get(depth=2)


@pytest.fixture
def make_page(home):
    """Create and publish a petition page; arguments are its fields."""

    def make(model=PetitionPage, parent=home, publish=True, **fields):
        page = model(
            **{
                "title": "Stop separating families",
                "slug": f"petition-{model.objects.count()}",
                "letter": LETTER,
                "recipients": [
                    ("recipient", {"name": "Jane Doe", "office": "Attorney General", "role": "to"})
                ],
                "live": False,
                **fields,
            }
        )
        parent.refresh_from_db()
        parent.add_child(instance=page)
        if publish:
            page.save_revision().publish()
        return model.objects.get(pk=page.pk)

    return make


@pytest.fixture
def page(make_page):
    """A published petition page with every default."""
    return make_page()


@pytest.fixture
def italian(db):
    """The Italian locale."""
    return Locale.objects.get_or_create(language_code="it")[0]


@pytest.fixture
def form_data():
    """What a person fills in; arguments replace or add, None leaves out."""

    def data(**changes):
        filled = {
            "given_name": "Anna",
            "family_name": "Moretti",
            "email": "anna@example.org",
            "country": "IT",
            "consent": "on",
        } | changes
        return {name: value for name, value in filled.items() if value is not None}

    return data


@pytest.fixture
def post(client, page, form_data):
    """Post the form to ``page`` as a browser on our own page does."""

    def send(to=page, headers=None, **changes):
        return client.post(
            to.sign_url,
            form_data(**changes),
            headers=headers or {"Origin": "http://testserver"},
        )

    return send


@pytest.fixture
def make_signature(page):
    """A signature of ``page``, by default confirmed; arguments are its fields."""

    def make(of=page, confirm=True, **fields):
        made = ledger.sign(
            of,
            **{
                "email": "anna@example.org",
                "given_name": "Anna",
                "family_name": "Moretti",
                "country": "IT",
                **fields,
            },
        )
        return ledger.confirm(made).signature if confirm else made

    return make

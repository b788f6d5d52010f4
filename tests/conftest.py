"""A site with one petition and its signers."""

import threading
from datetime import timedelta

import hypothesis
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, connections, transaction
from django.db.models.signals import post_save
from django.test import Client, TestCase
from django.utils import timezone, translation
from wagtail.models import Collection, Locale, Page, Site
from wagtail.rich_text import RichText
from wagtail.search import index as search_index
from wagtail.search import signal_handlers as search_signals
from wagtail.signal_handlers import disconnect_reference_index_signal_handlers

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.models import PetitionPage, PetitionUpdatePage
from wagtail_petition.pages.languages import forget_languages
from wagtail_petition.pages.lookup import forget_kept_pages
from wagtail_petition.signing import limits

# The same examples each time: a run that fails can be repeated, and none fails for its load.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")

# Fixtures that several folders share, but not all.
pytest_plugins = ["tests.delivery.splitting", "tests.moderation.signatures"]

LETTER = "<p>We ask you to stop separating children from their parents.</p>"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database. Ends what is still connected to it, since PostgreSQL can't drop a used one.

    A browser holds connections to the live server open, whose threads hold theirs.
    """
    # At each save Wagtail updates its indexes of references and for its search. No test reads them.
    disconnect_reference_index_signal_handlers()
    for model in search_index.get_indexed_models():
        post_save.disconnect(search_signals.post_save_signal_handler, sender=model)
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [connection.settings_dict["NAME"]],
                )


# Rows that migrations make, which Django's own flush deletes and then makes again.
MADE_BY_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _quick_flush():
    """Empty the tables after a test with transactions of its own, in one short transaction.

    Django truncates each table and makes all permissions again, which took longer than most tests.
    """

    def empty_tables(command, **options):
        database = connections[options["database"]]
        tables = database.introspection.django_table_names(only_existing=True, include_views=False)
        # The foreign keys of these tables are checked when the transaction ends.
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            for table in set(tables) - MADE_BY_MIGRATIONS:
                cursor.execute(f"DELETE FROM {database.ops.quote_name(table)}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", empty_tables)
        yield


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Caches of one test's database must not be used in the next test."""
    cache.clear()
    limits._get_secret.cache_clear()
    forget_kept_pages()
    forget_languages()
    Site.clear_site_root_paths_cache()
    # A request leaves its language behind in the thread.
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    """A thread that works for one test would go on in the next, and send its emails for it.

    This waits after the test's transaction has ended, which the thread may wait for.
    """
    yield
    for thread in threading.enumerate():
        if thread.name.startswith("petition-"):
            thread.join()


class RequestCommits(Client):
    """A client whose requests run the ``on_commit`` functions, as outside of tests."""

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


@pytest.fixture
def client():
    """A browser that stores cookies."""
    return RequestCommits()


class Clock:
    """A clock that stands still, so that no test depends on how long it takes."""

    def __init__(self):
        self._now = timezone.now()

    def now(self):
        return self._now

    def stop(self, moment):
        """Set the time to ``moment``."""
        self._now = moment

    def forward(self, **duration):
        """Move the time forward, as in ``clock.forward(days=3)``."""
        self._now += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch):
    """The clock of everything that asks Django for the time. It stands still."""
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


@pytest.fixture
def behind_wagtail_cache(settings):
    """Pages come from wagtail-cache, as its documentation sets it up."""
    pytest.importorskip("wagtailcache", reason="wagtail-cache does not support this Wagtail")
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "wagtailcache"]
    settings.MIDDLEWARE = [
        "wagtailcache.cache.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        "wagtailcache.cache.FetchFromCacheMiddleware",
    ]


@pytest.fixture
def home(db):
    """The home page of the only site."""
    found = Page.objects.filter(depth=2).first()
    if found:
        return found
    # A test with transactions of its own has emptied the database, Wagtail's first rows too.
    Collection.add_root(name="Root")
    Locale.objects.get_or_create(language_code="en")
    root = Page.add_root(
        title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page)
    )
    found = root.add_child(
        instance=Page(title="Welcome", slug="home", content_type=root.content_type)
    )
    Site.objects.create(hostname="localhost", root_page=found, is_default_site=True)
    return found


@pytest.fixture
def make_page(home):
    """Create and publish a petition page; arguments are its fields."""

    def make(model=PetitionPage, parent=home, publish=True, **fields):
        page = model(
            **{
                "title": "Stop separating families",
                "slug": f"petition-{Page.objects.count()}",
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
def make_update(page):
    """Create and publish an update about ``page``; arguments are its fields."""

    def make(below=page, model=PetitionUpdatePage, publish=True, **fields):
        update = model(
            **{
                "title": "The minister has answered",
                "slug": f"update-{Page.objects.count()}",
                "body": [("text", RichText("<p>She will meet us in May.</p>"))],
                "live": False,
                **fields,
            }
        )
        below.refresh_from_db()
        below.add_child(instance=update)
        if publish:
            update.save_revision().publish()
        return model.objects.get(pk=update.pk)

    return make


@pytest.fixture
def italian(db):
    """The Italian locale."""
    return Locale.objects.get_or_create(language_code="it")[0]


@pytest.fixture
def translated(page, italian):
    """The Italian page of the same petition, published."""
    made = page.copy_for_translation(italian, copy_parents=True)
    made.save_revision().publish()
    return type(page).objects.get(pk=made.pk)


@pytest.fixture
def form_data():
    """The form's data; arguments replace or add fields, None removes one."""

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

    def send(to=page, headers=None, by=client, **changes):
        return by.post(
            to.sign_url,
            form_data(**changes),
            headers={"Origin": "http://testserver"} if headers is None else headers,
        )

    send.follow = lambda response: client.get(response["Location"])

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


@pytest.fixture
def other_page(make_page):
    """A second petition, with other editors."""
    return make_page(title="Open the archives")


@pytest.fixture
def superuser(db):
    return make_user("superuser", superuser=True)


@pytest.fixture
def viewer(page):
    """May see the signatures of ``page``, and nothing more."""
    return make_user("viewer", "view", pages=[page])

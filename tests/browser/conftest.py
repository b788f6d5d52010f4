"""A real Chromium, and the site it visits."""

import os
import shutil

import pytest
from wagtail.models import Site

# Playwright's own loop runs in the thread of the test, where Django then suspects async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine takes its time; what is expected comes all the same.
PATIENCE = 30_000

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXECUTABLE = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items):
    """Mark all these tests as browser tests, without coverage, which would slow the site down."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """One browser for all tests. It ends before the database its requests need."""
    if EXECUTABLE is None:
        pytest.skip("no Chromium: install the package chromium to run the browser tests")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, home, settings):
    """The live server as Wagtail's only site, so that links in mails lead to it."""
    # Wagtail's admin would ask other hosts for pictures of users and for news about Wagtail.
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None
    settings.WAGTAIL_ENABLE_UPDATE_CHECK = False
    host, _colon, port = live_server.url.partition("//")[2].partition(":")
    site = Site.objects.get()
    site.hostname, site.port = host, int(port)
    site.save()
    return site


@pytest.fixture
def open_window(chromium, site):
    """Open a window with cookies of its own: ``open_window(PHONE)``. Returns a Playwright page.

    Script errors and refused resources fail the test.
    """
    complaints, contexts = [], []

    def hear(message):
        # An error page is no complaint; what else could not be loaded, ``look`` sees.
        if message.type == "error" and "the server responded with a status" not in message.text:
            complaints.append(message.text)

    def look(response):
        if response.status >= 400 and response.request.resource_type != "document":
            complaints.append(f"{response.status} {response.url}")

    def open_window(size=DESK, **options):
        context = chromium.new_context(base_url=site.root_url, viewport=size, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        window = context.new_page()
        window.on("pageerror", lambda error: complaints.append(str(error)))
        window.on("console", hear)
        window.on("response", look)
        return window

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def log_in(client):
    """Log in to the admin in a window, with a session of its own. The jobs' tests use the form."""

    def log_in(window, user):
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        window.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}]
        )

    return log_in

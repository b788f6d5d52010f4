"""A site with a base page of its own (Wagtail 8), and with nothing installed that may be absent."""

from tests.settings import *  # noqa: F403
from tests.settings import BASE_DIR, INSTALLED_APPS, TEMPLATES

ABSENT = {"tests.testapp", "wagtail_localize", "wagtail_localize.locales"}

INSTALLED_APPS = [
    # Ours stands above wagtail, as many sites have it.
    *[name for name in INSTALLED_APPS if name not in ABSENT],
    "tests.swapped.basepage",
    "tests.swapped.campaigns",
    "wagtail.locales",
]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "testapp" / "templates"]}]

WAGTAIL_PAGE_MODEL = "basepage.BasePage"

# Whoever runs this site makes them, as every site does for a page type of its own.
MIGRATION_MODULES = {"campaigns": "campaigns_migrations"}

# Its base template is that of the test app, as bare as can be.
SILENCED_SYSTEM_CHECKS = ["wagtail_petition.W010"]

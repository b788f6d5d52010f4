"""The least that a site may have: without wagtail-localize, and without any extra."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [
    *[name for name in INSTALLED_APPS if not name.startswith("wagtail_localize")],
    "wagtail.locales",
]

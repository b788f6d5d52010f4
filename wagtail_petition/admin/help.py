"""Links from views of the admin to the documentation."""

from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_petition.conf import settings

# The page of the documentation, by the URL namespace or full name of an admin view.
PAGES = {
    "petitions": "how-to/signatures",
    "petitions:suspicious": "how-to/abuse",
    "petitions:offline": "how-to/paper",
    "petitions:sheet_add": "how-to/paper",
    "petitions:sheet": "how-to/paper",
    "petition_signatures": "how-to/signatures",
    "petition_messages": "how-to/signatures",
    "petition_deliveries": "how-to/deliver",
    "petition_imports": "how-to/import",
    "petition_representatives": "how-to/home",
    "petition_updates": "how-to/updates",
    "petition_invalidations": "how-to/abuse",
    "petition_block_rules": "how-to/abuse",
}
EDITOR_PAGE = "how-to/write"
UPDATE_PAGE = "how-to/updates"


def help_url(page: str) -> str:
    """The URL of a page of the documentation, or "" if there is none.

    In the active language, or else in the first language of ``DOCS_URL``.
    """
    base = settings.DOCS_URL or _published_docs()
    if isinstance(base, Mapping):
        language = get_language() or ""
        first = next(iter(base.values()), "")
        base = base.get(language) or base.get(language.partition("-")[0]) or first
    if not base:
        return ""
    if "{page}" in base:
        return base.format(page=page)
    return f"{base.rstrip('/')}/{page}.md"


@cache
def _published_docs() -> str:
    """The documentation's URL from the metadata of this package, or ""."""
    try:
        links = metadata.metadata("wagtail-petition").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    named = dict(link.split(", ", 1) for link in links)
    return named.get("Documentation", "")


def help_buttons(page: str, button: type[Button] = HeaderButton) -> list[Button]:
    """A list with the *Help* button; empty if there is no documentation."""
    url = help_url(page)
    if not url:
        return []
    attrs = {"target": "_blank", "rel": "noopener"}
    return [
        button(
            _("Help"),
            url,
            classname="petition-help",
            icon_name="help",
            attrs=attrs,
            priority=1000,
        )
    ]


class HelpMixin:
    """An admin view with a *Help* button in its header."""

    def get_header_buttons(self) -> list[Any]:
        """Adds *Help* at the end."""
        match = self.request.resolver_match
        page = PAGES.get(match.view_name) or PAGES[match.namespace]
        return [*super().get_header_buttons(), *help_buttons(page)]

"""The URL converter for tokens in links of emails."""

import re

# URL-safe base64, and the separator of Django's signatures.
SEALED = re.compile(r"[A-Za-z0-9_:-]+")


class SealedConverter:
    """A token or sealed number at the end of a path: ``path("confirm/<sealed:token>")``.

    Mail programs and people may include characters around a link: a bracket, a comma, a quotation
    mark, a space, an invisible character. They are dropped. Without any token the value is "", so
    that our view can explain the dead link instead of the site's 404 page.
    """

    regex = r"[\s\S]*"

    def to_python(self, value: str) -> str:
        found = SEALED.search(value)
        return found[0] if found else ""

    def to_url(self, value: str) -> str:
        return f"{value}/"

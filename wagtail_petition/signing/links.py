"""What stands in a link of an email, however a mail program has cut it out of its text."""

import re

# Base64 for addresses, and the separator of Django's signatures.
SEALED = re.compile(r"[A-Za-z0-9_:-]+")


class SealedConverter:
    """The last part of a path, a token or sealed number, for ``path("confirm/<sealed:token>")``.

    Mail programs and people take what surrounds a link for a part of it: a bracket, a comma, a
    quotation mark, a space, an invisible character. It is dropped. What holds no token at all
    reaches the view as "", so that ours is the page that says so, and not the site's 404.
    """

    regex = r"[\s\S]*"

    def to_python(self, value: str) -> str:
        found = SEALED.search(value)
        return found[0] if found else ""

    def to_url(self, value: str) -> str:
        return f"{value}/"

"""What people read of an HTML document, for tests that look for English."""

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Collects what people see or hear of an HTML document."""

    SPOKEN = ("alt", "aria-label", "content", "label", "placeholder", "summary", "title")
    UNSEEN = ("code", "script", "style", "template")

    def __init__(self):
        super().__init__()
        self.texts = []
        # The unseen element we are in, once more for each of its kind within it.
        self._unseen = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if self._unseen:
            self._unseen += [tag] * (tag in self._unseen)
            return
        if tag in self.UNSEEN or ("hidden" in attrs and tag not in ("input", "img")):
            self._unseen.append(tag)
            return
        name = attrs.get("name") or attrs.get("property") or ""
        if tag == "meta" and not name.endswith(("title", "description", "alt")):
            return
        self.texts += [attrs[spoken] for spoken in self.SPOKEN if attrs.get(spoken)]
        if tag == "input" and attrs.get("type") in ("button", "submit"):
            self.texts.append(attrs.get("value", ""))

    def handle_endtag(self, tag):
        if tag in self._unseen:
            self._unseen.pop()

    def handle_data(self, data):
        if not self._unseen:
            self.texts.append(data)


# The same in every language: addresses, file names, formats, and names.
NO_WORDS = re.compile(
    r"\S+@\S+|https?://\S+|\S*/\S+|\S+\.(org|zip|csv)\b|\b(UTC|SHA-256|PDF|CSV|XLSX|ODS|JSON)\b"
    r"|Bluesky|Facebook|LinkedIn|Mastodon|Telegram|Threads|WhatsApp|\bX\b"
    # What the tests' site says: its name, its languages, and the title of its other petition.
    r"|A bare site|English|Italiano|Stop separating families"
    # What Wagtail says in English whatever the language.
    r"|Wagtail|Actions|Root|Welcome to your new"
)
WORDS = re.compile(r"[A-Za-z]{2,}[A-Za-z ’'-]*")


def words(html):
    """The runs of words in Latin letters that people read in ``html``."""
    reader = Reader()
    reader.feed(html)
    text = "\n".join(reader.texts)
    return sorted({found.strip() for found in WORDS.findall(NO_WORDS.sub("", text))})

"""The HTML of emails uses only what the large mail programs know, or can do without."""

import re

import pytest
from bs4 import BeautifulSoup, Comment

from tests.mail.messages import every_block, every_message, hand_over

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LANGUAGES = ["en", "it", "de", "es", "fr", "pt", "ar"]

# What Gmail, Outlook, Apple Mail, Yahoo, Samsung Email and Thunderbird know, of what our emails use.
# Source: https://www.caniemail.com (its data of 29 June 2026). With each property that one of them
# lacks, what becomes of the email there; "Word" is Outlook for Windows, which shows emails as Word
# does. Not in it, since Gmail, Outlook and Yahoo lack them: padding-inline, border-inline, rem,
# "text-align: start", <bdi>; and by anything that isn't listed, an email may look broken.
PROPERTIES = {
    "background-color": "",
    "border": "",
    "border-bottom": "",
    "border-left": "",
    "border-radius": "Word: square corners",
    "border-right": "",
    "border-top": "",
    "color": "",
    "display": "Word: a button is as high as its text, and hidden text stays hidden",
    "font-family": "",
    "font-size": "",
    "font-weight": "",
    "height": "Yahoo: min-height, which is the same for auto",
    "line-height": "",
    "margin": "",
    "max-height": "Word: of hidden text",
    "max-width": "Word: only of tables; pictures have an attribute",
    "overflow": "Word: of hidden text",
    "padding": "Word: only of cells",
    "padding-bottom": "Word: only of cells",
    "padding-left": "Word: only of cells",
    "padding-right": "Word: only of cells",
    "padding-top": "Word: only of cells",
    "text-align": "",
    "text-decoration": "",
    "width": "",
}
NEGATIVE, UNKNOWN_UNIT = re.compile(r"(?<![\w#-])-\d"), re.compile(r"\d(?!px\b|%)[a-z]+\b")
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
# Properties with values that not all of them know.
VALUES = {
    "display": {"block", "inline-block", "none"},
    "font-weight": {"bold"},
    "height": {"auto"},
    "text-align": {"left", "right"},
    "text-decoration": {"none"},
}
# Gmail and Yahoo ignore it. They, and Outlook, choose the colours of dark mode themselves.
MEDIA = "@media (prefers-color-scheme: dark)"
# Those of <head> aside. Gmail and Yahoo replace <body>, so that nothing may depend on it.
ELEMENTS = set(
    "a blockquote body br div h1 h2 h3 hr img li ol p span strong table tbody td tr ul".split()
)
ELEMENTS |= set("b em i sub sup".split())
ATTRIBUTES = set(
    "align alt border cellpadding cellspacing class dir href lang role src style".split()
)
ATTRIBUTES |= {"width"}


@pytest.fixture
def messages(page, make_signature, make_update, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def messages(language):
        hand_over(page)
        signature = make_signature(wants_news=True)
        signature.language = language
        update = make_update(introduction="At last.", body=every_block())
        return every_message(page, signature, update)

    return messages


def declarations(style):
    """The (property, value) pairs of a style attribute or of a rule."""
    pairs = (each.partition(":") for each in style.split(";") if each.strip())
    return [(name.strip(), value.strip()) for name, _colon, value in pairs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_programs_know_all_that_is_used(messages, language):
    for kind, message in messages(language).items():
        soup = BeautifulSoup(message.alternatives[0].content, "html.parser")
        tags = [soup.body, *soup.body.find_all(True)]
        assert {tag.name for tag in tags} - ELEMENTS == set(), kind
        assert {name for tag in tags for name in tag.attrs} - ATTRIBUTES == set(), kind
        for tag in tags:
            for name, value in declarations(tag.get("style", "")):
                where = f"{kind} <{tag.name}> {name}: {value}"
                assert name in PROPERTIES, where
                assert value in VALUES.get(name, {value}), where
                assert not NEGATIVE.search(value), where
                assert not UNKNOWN_UNIT.search(COLOUR.sub("", value)), where
                assert "(" not in value, where


@pytest.mark.parametrize("language", ["en", "ar"])
def test_direction_and_font_do_not_depend_on_the_document(messages, language):
    """Gmail, Yahoo and Outlook for Mac drop <html> and <body>."""
    for kind, message in messages(language).items():
        soup = BeautifulSoup(message.alternatives[0].content, "html.parser")
        table = soup.body.find("table")
        assert (table["lang"], table["dir"]) == (soup.html["lang"], soup.html["dir"]), kind
        styles = dict(declarations(table.td["style"]))
        assert styles["text-align"] == {"rtl": "right", "ltr": "left"}[table["dir"]], kind
        assert styles["font-family"].endswith("Arial, sans-serif"), kind
        outside = [each for each in soup.body.find_all("p") if each.find_parent("table") != table]
        assert outside == [], kind


def test_colours_of_dark_mode_can_be_read(messages):
    for kind, message in messages("en").items():
        soup = BeautifulSoup(message.alternatives[0].content, "html.parser")
        (sheet,) = (style.string.strip() for style in soup.find_all("style"))
        assert sheet.startswith(MEDIA), kind
        rules = dict(re.findall(r"([^{}]+?)\s*\{([^{}]+)\}", sheet.partition("{")[2]))
        rules = {name.strip(): dict(declarations(rule)) for name, rule in rules.items()}
        for rule in rules.values():
            # It has to win over inline styles; Gmail wants a space before it.
            assert all(value.endswith(" !important") for value in rule.values()), kind
        text, button = rules["body, .mail-frame"], rules["a.mail-button"]
        ground = text["background-color"]
        assert contrast(text["color"], ground) >= 7
        assert contrast(rules["a"]["color"], ground) >= 4.5
        assert contrast(button["color"], button["background-color"]) >= 4.5


def contrast(one, other):
    """The contrast of two colours (WCAG 2.2)."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_email_is_small(messages, language):
    """Gmail cuts longer emails; and people pay for each kilobyte."""
    for kind, message in messages(language).items():
        assert len(message.message().as_bytes()) < 40_000, kind


def test_only_outlook_reads_what_is_in_comments(messages):
    for kind, message in messages("en").items():
        soup = BeautifulSoup(message.alternatives[0].content, "html.parser")
        comments = soup.find_all(string=lambda text: isinstance(text, Comment))
        assert [each for each in comments if "[if mso]" not in each] == [], kind

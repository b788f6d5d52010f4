"""The body of an update as HTML for mail programs, and as plain text.

Whatever the blocks render, only harmless elements are left, with absolute URLs.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import css_inline
from bs4 import BeautifulSoup, NavigableString, Tag
from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.utils.safestring import SafeString, mark_safe
from wagtail.whitelist import (
    DEFAULT_ELEMENT_RULES,
    Whitelister,
    attribute_rule,
    check_url,
)

# The classes that the style sheet in ``mail/base.html`` uses.
OUR_CLASS = re.compile(r"mail-[a-z-]+")
IMAGE_WIDTH = 560  # CSS pixels
# Elements whose content isn't text for people.
UNREADABLE = frozenset(
    ["script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "form"]
)
PARAGRAPHS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol"])


def _our_classes(names: Any) -> list[str] | None:
    given = names if isinstance(names, list) else str(names).split()
    return [name for name in given if OUR_CLASS.fullmatch(name)] or None


def _isolated(tag: Tag) -> None:
    """Most mail programs drop ``<bdi>``, and know ``dir`` on other elements."""
    tag.name, tag.attrs = "span", {"dir": "auto"}


_plain = attribute_rule({"class": _our_classes})
_text = attribute_rule({"class": _our_classes, "dir": True})
_link = attribute_rule({"href": check_url, "class": _our_classes})


class EmailWhitelister(Whitelister):
    """Wagtail's list of harmless elements, and those of our own templates."""

    element_rules = {
        **DEFAULT_ELEMENT_RULES,
        **dict.fromkeys(("p", "div", "ul", "ol", "h2", "h3", "blockquote"), _plain),
        "span": _text,
        "a": _link,
        "bdi": _isolated,
        "img": attribute_rule(
            {"src": check_url, "width": True, "height": True, "alt": True, "class": _our_classes}
        ),
    }

    def clean_tag_node(self, doc, tag):
        if tag.name in UNREADABLE:
            tag.decompose()
        else:
            super().clean_tag_node(doc, tag)


_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def with_inline_styles(html: SafeString) -> SafeString:
    """An email's HTML with the rules of its style sheet inline, except those of dark mode."""
    return mark_safe(_inliner.inline(html))


def body_html(update: Any, language: str, context: dict[str, Any], root: str) -> SafeString:
    """The blocks of ``update`` as HTML. Relative URLs are below ``root``."""
    html = "".join(_block_html(block, language, context) for block in update.body)
    soup = BeautifulSoup(html, "html.parser")
    EmailWhitelister().clean_node(soup, soup)
    for name, attribute in (("a", "href"), ("img", "src")):
        for tag in soup.find_all(name):
            if address := str(tag.get(attribute) or ""):
                try:
                    tag[attribute] = urljoin(root, address.strip())
                except ValueError:
                    # No URL, such as "https://[link]" from a draft: as dead as on the page.
                    del tag[attribute]
    for image in soup.find_all("img"):
        # Without an alternative text, screen readers may read out the URL.
        image.attrs.setdefault("alt", "")
        # Outlook goes by the attribute alone.
        if str(image.get("width", "")).isdecimal() and int(str(image["width"])) > IMAGE_WIDTH:
            image["width"] = str(IMAGE_WIDTH)
            image.attrs.pop("height", None)
    return mark_safe(str(soup))


def _block_html(block: Any, language: str, context: dict[str, Any]) -> str:
    """A block in its own template for emails, or else as on the page."""
    name = f"blocks/{block.block_type}.html"
    names = [f"wagtail_petition/mail/{language}/{name}", f"wagtail_petition/mail/{name}"]
    try:
        template = select_template(names)
    except TemplateDoesNotExist:
        return str(block.render(context))
    return template.render(block.block.get_context(block.value, context))


def as_text(html: str) -> str:
    """HTML as plain text: paragraphs, lists with dashes, and the URLs of links and images."""
    blocks = _paragraphs(BeautifulSoup(html, "html.parser"), "")
    return "\n\n".join(block for block in blocks if block.strip())


def _paragraphs(node: Tag, indent: str) -> Iterator[str]:
    line: list[str] = []
    for child in node.children:
        if isinstance(child, Tag) and (child.name in PARAGRAPHS or child.name == "hr"):
            yield _tidy(line, indent)
            line = []
            yield from _paragraph(child, indent)
        else:
            line.append(_inline(child))
    yield _tidy(line, indent)


def _paragraph(tag: Tag, indent: str) -> Iterator[str]:
    if tag.name in ("ul", "ol"):
        items = []
        for number, item in enumerate(tag.find_all("li", recursive=False), 1):
            mark = f"{number}. " if tag.name == "ol" else "- "
            inner = "\n".join(part for part in _paragraphs(item, "") if part)
            items.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
        yield "\n".join(indent + line for item in items for line in item.splitlines())
    elif tag.name == "blockquote":
        yield from _paragraphs(tag, f"{indent}> ")
    elif tag.name != "hr":
        yield from _paragraphs(tag, indent)


def _inline(node: Any) -> str:
    if isinstance(node, NavigableString):
        return re.sub(r"\s+", " ", node)
    if node.name == "br":
        return "\n"
    if node.name == "img":
        alt = " ".join(node.get("alt", "").split())
        return f"[{alt}]" if alt else ""
    text = "".join(_inline(child) for child in node.children)
    address = node.get("href") if node.name == "a" else None
    if not address or address == text.strip():
        return text
    if "mail-button" in node.get("class", []):
        return f"{text.strip()}:\n{address}"
    return f"{text} ({address.removeprefix('mailto:')})"


def _tidy(line: list[str], indent: str) -> str:
    lines = [" ".join(part.split()) for part in "".join(line).split("\n")]
    return "\n".join(indent + each for each in lines if each)

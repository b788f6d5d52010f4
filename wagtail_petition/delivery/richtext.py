"""Convert rich text to plain data, so that the typesetter never gets markup from users."""

from bs4 import BeautifulSoup, NavigableString, Tag

LISTS = {"ul", "ol"}


def nodes(html):
    """Rich text as ``[{"kind": "p" | "ul" | "ol", "items": [[run, …], …]}, …]``.

    A run is ``{"text", "bold", "italic", "href"}``.
    """
    found = []
    for element in BeautifulSoup(html, "html.parser").children:
        if isinstance(element, NavigableString):
            if element.strip():
                found.append({"kind": "p", "items": [[_run(str(element), {})]]})
        elif isinstance(element, Tag) and element.name in LISTS:
            items = [_runs(item, {}) for item in element.find_all("li", recursive=False)]
            found.append({"kind": element.name, "items": items})
        else:
            found.append({"kind": "p", "items": [_runs(element, {})]})
    return found


def _runs(element, style):
    runs = []
    for child in element.children:
        if isinstance(child, NavigableString):
            runs.append(_run(str(child), style))
        elif child.name == "br":
            runs.append(_run("\n", style))
        else:
            changes = {
                "b": {"bold": True},
                "strong": {"bold": True},
                "i": {"italic": True},
                "em": {"italic": True},
                "a": {"href": child.get("href", "")},
            }.get(child.name, {})
            runs += _runs(child, style | changes)
    return runs


def _run(text, style):
    return {"text": text, "bold": False, "italic": False, "href": ""} | style

"""What a site may import is listed in one place, exists, and is enough."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.dispatch import Signal
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
HEADING = "## What a site imports"
# Without the migrations that Django writes: they name blocks by the modules these are in.
SITES = [
    path
    for folder in ("example_project", "tests/testapp", "tests/swapped/campaigns")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def _read_list():
    """{module: names in code style} and {module: all names}, as the list gives them."""
    named, offered = {}, {}
    section = ARCHITECTURE.read_text().partition(HEADING)[2].partition("\n## ")[0]
    for module, cell in re.findall(r"^\| `([\w.]+)` \| (.+) \|$", section, flags=re.M):
        named[module] = set(re.findall(r"`(\w+)`", cell)) - {"__all__"}
        offered[module] = set(named[module])
        # So that `mentions` finds it as an attribute, whatever has run before.
        import_module(module)
        if "`__all__`" in cell:
            offered[module] |= set(import_module(module).__all__)
        if "All signals" in cell:
            found = vars(import_module(module)).items()
            offered[module] |= {name for name, value in found if isinstance(value, Signal)}
    return named, offered


NAMED, OFFERED = _read_list()


def imports(source):
    """What Python code imports of the package: pairs of a module and a name, "" for the module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            pairs = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            pairs = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in pairs:
            if module.partition(".")[0] == "wagtail_petition":
                is_module = f"{module}.{name}" in OFFERED
                yield (f"{module}.{name}", "") if is_module else (module, name)


def mentions(text):
    """What a text names of the package by a full path, as a setting or a log's filter does."""
    for path in sorted(set(re.findall(r"wagtail_petition(?:\.\w+)+", text))):
        try:
            found = import_string(path)
        except ImportError:
            # A model's label, a permission, the name of a check.
            continue
        module, _dot, name = path.rpartition(".")
        if path in OFFERED:
            yield path, ""
        elif getattr(found, "__name__", "") != path:
            yield module, name


def code_blocks(text):
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.M | re.S)


def used_in(path):
    """All that a file of a site, or a page of the documentation, takes from the package."""
    text = path.read_text(encoding="utf-8")
    sources = [text] if path.suffix == ".py" else code_blocks(text)
    return {*mentions(text), *(pair for source in sources for pair in imports(source))}


@pytest.mark.parametrize("module", OFFERED)
def test_what_is_listed_exists(module):
    found = import_module(module)
    assert [name for name in OFFERED[module] if not hasattr(found, name)] == []


@pytest.mark.parametrize("path", [*SITES, *DOCS], ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_is_imported(path):
    others = [
        f"{module}.{name}"
        for module, name in used_in(path)
        if module not in OFFERED or (name and name not in OFFERED[module])
    ]
    assert others == [], f"import from another place, or list it in {HEADING[3:]!r}"


def test_what_is_listed_by_name_is_used():
    """By the sites here, or in an example; a list of what nobody has tried would be a guess."""
    used = set()
    for path in {*SITES, *DOCS} - {ARCHITECTURE}:
        used |= used_in(path)
    assert {module for module, _name in used} == set(OFFERED)
    named = {(module, name) for module, names in NAMED.items() for name in names}
    assert named - used == set()

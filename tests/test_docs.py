"""The documentation describes what exists, and all that exists is documented."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.dispatch import Signal

from wagtail_petition import signals
from wagtail_petition.blocks import BodyBlock, QuestionsBlock, RecipientsBlock, SponsorsBlock
from wagtail_petition.conf import DEFAULTS
from wagtail_petition.models import PetitionPage
from wagtail_petition.urls import urlpatterns

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wagtail_petition"
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
MARKDOWN = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])

by_name = {"argvalues": MARKDOWN, "ids": [str(p.relative_to(ROOT)) for p in MARKDOWN]}


def rows(page):
    """The cells of every table row on a page of the reference, without the heads' rules."""
    for line in (REFERENCE / f"{page}.md").read_text().splitlines():
        if line.startswith("|") and not line.startswith("|-"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def named(page):
    """Everything in code style in the first cells of a page's tables."""
    return {name for cells in rows(page) for name in re.findall(r"`([^`]+)`", cells[0])}


def code_blocks(text, language):
    """The fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


# What exists is what is documented


def test_settings():
    assert {name for name in named("settings") if name.isupper()} == set(DEFAULTS)


def test_defaults_of_settings():
    """Those that are written as code; others are in words, as "7 days"."""
    for key, default, *_rest in rows("settings"):
        if key.strip("`").isupper() and default.startswith("`"):
            assert ast.literal_eval(default.strip("`")) == DEFAULTS[key.strip("`")]


def test_system_checks():
    sources = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    found = set(re.findall(r'id="(wagtail_petition\.[EW]\d+)"', sources))
    assert {name for name in named("settings") if "." in name} == found


def test_signals():
    assert named("signals") == {n for n, v in vars(signals).items() if isinstance(v, Signal)}


def test_commands():
    text = (REFERENCE / "commands.md").read_text()
    documented = {}
    for section in text.split("\n## ")[1:]:
        name = re.match(r"`(\w+)", section)[1]
        documented[name] = set(re.findall(r"^\| `(--[\w-]+)", section, flags=re.M))
    found = {}
    for name, app in get_commands().items():
        if app == "wagtail_petition":
            found[name] = _options(load_command_class(app, name)) - _options(BaseCommand())
    assert documented == found


def _options(command):
    parser = command.create_parser("manage.py", "command")
    return {option for a in parser._actions for option in a.option_strings if option[:2] == "--"}


@pytest.mark.django_db
def test_permissions():
    from django.contrib.auth.models import Permission

    own = {
        f"wagtail_petition.{codename}"
        for model in apps.get_app_config("wagtail_petition").get_models()
        for codename, _name in model._meta.permissions
    }
    existing = {
        f"wagtail_petition.{codename}"
        for codename in Permission.objects.filter(
            content_type__app_label="wagtail_petition"
        ).values_list("codename", flat=True)
    }
    assert own <= named("permissions") <= existing


def test_urls():
    assert named("urls") == {pattern.name for pattern in urlpatterns}


def test_templates():
    """All but those of the admin, which are no contract."""
    folder = PACKAGE / "templates" / "wagtail_petition"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    assert named("templates") == {path for path in found if not path.startswith("admin/")}


def test_blocks():
    found = [
        name
        for stream in (BodyBlock, RecipientsBlock, SponsorsBlock, QuestionsBlock)
        for name in stream().child_blocks
    ]
    assert named("blocks") == set(found)


def test_custom_properties():
    css = (PACKAGE / "static" / "wagtail_petition" / "petition.css").read_text()
    offered = re.search(r":where\(\.petition\) \{(.*?)\}", css, flags=re.S)[1]
    theme = (DOCS / "how-to" / "theme.md").read_text()
    documented = re.findall(r"`(--petition-[\w-]+)`", theme)
    assert set(documented) == set(re.findall(r"(--petition-[\w-]+):", offered))
    for rule in code_blocks(theme, "css"):
        assert set(re.findall(r"(--petition-[\w-]+):", rule)) <= set(documented)


def test_members_one_may_override():
    text = (DOCS / "how-to" / "page-type.md").read_text()
    table = text.partition("## What you may override")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    members = [name for cell in first_cells for name in re.findall(r"`(\w+)", cell)]
    assert members
    for name in members:
        assert hasattr(PetitionPage, name), name


# What is written can be followed


@pytest.mark.parametrize("path", **by_name)
def test_internal_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _hash, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(), flags=re.M)
            assert anchor in [_anchor(heading) for heading in headings], target


def _anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", **by_name)
def test_python_can_be_pasted(path):
    for snippet in code_blocks(path.read_text(), "python"):
        tree = ast.parse(snippet)
        for node in ast.walk(tree):
            is_ours = isinstance(node, ast.Assign) and ast.unparse(node.targets) == (
                "WAGTAIL_PETITION"
            )
            if is_ours:
                assert set(ast.literal_eval(node.value)) <= set(DEFAULTS)


@pytest.mark.parametrize("path", **by_name)
def test_files_that_are_named_exist(path):
    for name in re.findall(
        r"`((?:tests|docs|example_project|scripts)/[\w./-]+)`", path.read_text()
    ):
        assert (ROOT / name).exists(), name

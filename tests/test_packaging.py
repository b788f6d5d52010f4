"""The built package works without the checkout."""

import email
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import polib
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import wagtail_petition

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wagtail_petition"

pytestmark = pytest.mark.packaging

# Runs in the environment the wheel was installed into, and asks Django itself.
PROBE = """
import importlib.util, json, sys
import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "wagtail_petition", "wagtail_localize", "wagtail_localize.locales",
        "wagtail.users", "wagtail.images", "wagtail.documents", "wagtail.snippets",
        "wagtail.search", "wagtail.admin", "wagtail", "modelcluster", "taggit",
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
        "django.contrib.messages", "django.contrib.staticfiles",
    ],
    SECRET_KEY="probe",
    STATIC_URL="/static/",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    USE_I18N=True,
    WAGTAILADMIN_BASE_URL="http://testserver",
    WAGTAIL_SITE_NAME="probe",
)
django.setup()

from django.contrib.staticfiles import finders
from django.core.management import get_commands
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.template.loader import get_template
from django.utils.translation import trans_real

import wagtail_petition

asked = json.loads(sys.argv[1])
catalogue = trans_real.DjangoTranslation("it", domain="django", localedirs=None)
print(json.dumps({
    "file": wagtail_petition.__file__,
    "version": wagtail_petition.__version__,
    "templates": [get_template(name).origin.name for name in asked["templates"]],
    "static": [finders.find(name) for name in asked["static"]],
    "commands": sorted(n for n, app in get_commands().items() if app == "wagtail_petition"),
    "migrations": sorted(
        name for app, name in MigrationLoader(connection).disk_migrations
        if app == "wagtail_petition"
    ),
    "italian": {text: catalogue.gettext(text) for text in asked["texts"]},
    "tests": bool(importlib.util.find_spec("tests")),
}))
"""


def source_files():
    """Every file of the package in the checkout, as a path inside the wheel."""
    files = set()
    # Spelled out, since rglob doesn't follow the link to the catalogues.
    for folder in (PACKAGE, PACKAGE / "locale"):
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                files.add(path.relative_to(ROOT).as_posix())
    return files


def run(*command, cwd=ROOT):
    command = [str(part) for part in command]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.fail(f"{' '.join(command)}\n{result.stdout}\n{result.stderr}", pytrace=False)
    return result.stdout


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """A folder with the source distribution, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    # From a copy, since setuptools writes into the folder it builds from, and the checkout is
    # shared. The link to the catalogues stays one.
    copy = folder / "checkout"
    unneeded = shutil.ignore_patterns(
        ".*", "*.egg-info", "*.sqlite3*", "__pycache__", "build", "node_modules"
    )
    shutil.copytree(ROOT, copy, symlinks=True, ignore=unneeded)
    # Without --sdist or --wheel, build makes the wheel from the unpacked source distribution.
    run(sys.executable, "-m", "build", "--outdir", folder, copy)
    return folder


@pytest.fixture(scope="session")
def wheel(dist):
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


@pytest.fixture(scope="session")
def environment(wheel, tmp_path_factory):
    """The Python of an environment with only the wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("empty")
    run(sys.executable, "-m", "venv", folder / "venv")
    (python,) = (folder / "venv").glob("*/python")
    # Away from the checkout and deaf to its paths (-I): the wheel alone must answer, and pip would
    # take the checkout's egg-info for an installed package.
    run(python, "-I", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return python


@pytest.fixture(scope="session")
def installed(environment, tmp_path_factory):
    """What Django finds in that environment."""
    folder = tmp_path_factory.mktemp("probe")
    asked = {
        "templates": relative_files("templates"),
        "static": relative_files("static"),
        "texts": list(italian()),
    }
    probe = folder / "probe.py"
    probe.write_text(PROBE, encoding="utf-8")
    answer = run(environment, "-I", probe, json.dumps(asked), cwd=folder)
    return json.loads(answer)


def relative_files(kind):
    folder = PACKAGE / kind
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def italian():
    """Three sentences of the Italian catalogue and what they should come out as."""
    path = ROOT / "locale/it/LC_MESSAGES/django.po"
    # Handed as text: polib takes the path of an absent file for a catalogue.
    catalogue = polib.pofile(path.read_text(encoding="utf-8"))
    entries = [e for e in catalogue.translated_entries() if not e.msgctxt and not e.msgid_plural]
    return {entry.msgid: entry.msgstr for entry in entries[:3]}


def test_locale_is_a_link_to_the_catalogues():
    # On Windows, git needs core.symlinks to check it out as one.
    assert (PACKAGE / "locale").resolve() == ROOT / "locale"


def test_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert shipped == source_files()


def test_type_checkers_are_told_that_the_package_has_types(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("wagtail_petition/py.typed") == b""


def test_every_catalogue_is_compiled(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {name for name in names if name.endswith(".po")}
    assert sources
    assert {name.removesuffix(".po") + ".mo" for name in sources} <= names


def test_source_distribution_holds_the_package_and_its_papers(dist):
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        top = f"wagtail_petition-{wagtail_petition.__version__}/"
        names = {m.name.removeprefix(top) for m in archive.getmembers() if m.isfile()}
    assert source_files() <= names
    assert {"LICENSE", "README.md", "CHANGELOG.md", "setup.cfg", "pyproject.toml"} <= names


def test_metadata(metadata, wheel):
    assert metadata["Name"] == "wagtail-petition"
    assert metadata["Version"] == wagtail_petition.__version__
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload().strip(), "the README is the description"


def test_metadata_sets_no_upper_bounds(metadata):
    assert not [need for need in metadata.get_all("Requires-Dist") if "<" in need or "~=" in need]


def test_the_suite_runs_on_the_minima(metadata):
    needs = [Requirement(need) for need in metadata.get_all("Requires-Dist")]
    # Tools of the demo and the tests may be of any version.
    ours = [n for n in needs if not n.marker or n.marker.evaluate({"extra": "altcha"})]
    ours += [n for n in needs if n.marker and n.marker.evaluate({"extra": "pdf"})]
    lines = (ROOT / "tests" / "constraints-lowest.txt").read_text().splitlines()
    pinned = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in (Requirement(line) for line in lines if line and not line.startswith("#"))
    }
    for need in ours:
        (lowest,) = (part for part in need.specifier if part.operator == ">=")
        assert Version(pinned[canonicalize_name(need.name)]) == Version(lowest.version), need.name


def test_installed_package_is_found_by_django(installed):
    assert "site-packages" in installed["file"]
    assert installed["version"] == wagtail_petition.__version__
    assert not installed["tests"]
    for path in installed["templates"] + installed["static"]:
        assert "site-packages" in path
    assert len(installed["templates"]) == len(relative_files("templates"))
    assert len(installed["static"]) == len(relative_files("static"))


def test_installed_package_has_its_migrations_and_commands(installed):
    def modules(folder):
        return sorted(p.stem for p in (PACKAGE / folder).glob("*.py") if p.stem[0] != "_")

    assert installed["migrations"] == modules("migrations")
    assert installed["migrations"]
    assert installed["commands"] == modules("management/commands")


def test_installed_package_speaks_italian(installed):
    assert installed["italian"] == italian()
    assert installed["italian"]


def test_installed_package_works_without_extras(environment, installed, tmp_path):
    # The probe was first: from here on, the environment holds more than the package needs.
    tools = ["pytest", "pytest-django", "dj-database-url"]
    run(environment, "-I", "-m", "pip", "install", "--quiet", *tools, cwd=tmp_path)
    # The tests without the package beside them, so that the installed one answers.
    shutil.copytree(ROOT / "tests", tmp_path / "tests")
    arguments = ["-q", "--noconftest", "--ds=tests.bare_settings", "tests/bare_site.py"]
    told = run(environment, "-m", "pytest", *arguments, cwd=tmp_path)
    assert "passed" in told

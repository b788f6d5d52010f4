"""Without the optional extras, everything else works, and missing ones are reported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wagtail_petition.admin.deliveries.what_form import WhatForm
from wagtail_petition.extras import MODULES, has_extra
from wagtail_petition.models import Delivery

ROOT = Path(__file__).resolve().parent.parent
ABSENT = ["altcha", "anymail", "typst", "wagtailcache"]

needs_extras = pytest.mark.skipif(
    not all(map(has_extra, MODULES)), reason="the extras are not installed"
)


@pytest.mark.apart
def test_a_site_without_any_extra_and_without_localize():
    plugins = ["tests.without", "no:cacheprovider", "no:xdist", "no:randomly"]
    done = subprocess.run(
        [
            *(sys.executable, "-W", "error", "-m", "pytest", "-q", "--noconftest"),
            *(part for plugin in plugins for part in ("-p", plugin)),
            *("--ds=tests.bare_settings", "tests/bare_site.py"),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "WITHOUT": " ".join(ABSENT), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


@needs_extras
@pytest.mark.parametrize(
    ("absent", "offered"),
    [
        (None, ["pdf", "csv", "xlsx"]),
        ("altcha", ["pdf", "csv", "xlsx"]),
        ("typst", ["csv", "xlsx"]),
    ],
)
@pytest.mark.django_db
def test_pdf_is_offered_where_it_can_be_made(page, monkeypatch, absent, offered):
    if absent:
        monkeypatch.setitem(sys.modules, absent, None)
    formats = WhatForm(Delivery(petition=page.petition), [page]).fields["formats"]
    assert [name for name, _label in formats.choices] == offered
    assert ("wagtail-petition[pdf]" in formats.help_text) is ("pdf" not in offered)

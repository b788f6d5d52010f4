"""The demo: what ``make demo`` shows, from an empty database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.apart

ROOT = Path(__file__).resolve().parent.parent

# Runs with the site's own settings, and tells what it saw.
PROBE = """
import io, json, logging, sys
sys.path.insert(0, "example_project")
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page
from wagtail_localize.models import Translation
from wagtail_petition.models import OutgoingEmail, Petition, Signature

# A page that isn't there is asked for on purpose.
logging.disable()

def load():
    said = io.StringIO()
    call_command("load_demo", stdout=said)
    return {
        "said": said.getvalue(),
        "rows": {m._meta.label: m.objects.count() for m in apps.get_models()},
        "petition": list(Petition.objects.values_list("signature_count", "last_number")),
    }

call_command("check")
call_command("migrate", verbosity=0)
first, second = load(), load()

client = Client(SERVER_NAME="127.0.0.1")
pages = {}
addresses = [page.get_url() for page in Page.objects.filter(depth__gt=1)]
for address in [*addresses, "/nothing-here/", "/static/home/site.css"]:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content
    pages[address] = {
        "status": response.status_code,
        "csp": response.headers.get("Content-Security-Policy"),
        "cookies": len(response.cookies),
        "text": content.decode(),
    }

print(json.dumps({
    "first": first,
    "second": second,
    "pages": pages,
    "progress": [t.get_progress() for t in Translation.objects.all()],
    "by_status": {s: Signature.objects.filter(status=s).count() for s in Signature.Status.values},
    "names": [s.full_name for s in Signature.objects.all()],
    "languages": sorted(set(Signature.objects.values_list("language", flat=True))),
    "due": OutgoingEmail.objects.filter(state="due").count(),
    "logins": {
        name: Client(SERVER_NAME="127.0.0.1").login(username=name, password="petition")
        for name in ("admin", "editor", "manager")
    },
}))
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What the probe saw of a demo made from nothing."""
    database = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": "website.settings",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_loading_twice_changes_nothing(demo):
    assert demo["second"]["said"] == "The demo is there already; nothing was changed.\n"
    assert demo["second"]["rows"] == demo["first"]["rows"]
    assert demo["second"]["petition"] == demo["first"]["petition"]


def test_count_and_numbers_are_those_of_the_signatures(demo):
    confirmed = demo["by_status"]["confirmed"]
    assert demo["first"]["petition"] == [[confirmed, confirmed]]
    assert confirmed > 300
    assert demo["by_status"]["unconfirmed"] > 10
    assert f"with {confirmed} signatures" in demo["first"]["said"]


def test_names_of_all_kinds_have_signed_in_both_languages(demo):
    assert {"Siobhán O'Neill", "李小龍", "José Ángel Hernández Ruiz", "Nanni"} <= set(demo["names"])
    assert demo["languages"] == ["en", "it"]


def test_invented_people_get_no_mail(demo):
    assert demo["due"] == 0


def test_every_page_is_there_in_both_languages(demo):
    found = {address: page["status"] for address, page in demo["pages"].items()}
    assert found == {
        "/": 200,
        "/about/": 200,
        "/stop-separating-families/": 200,
        "/privacy/": 200,
        "/it/": 200,
        "/it/chi-siamo/": 200,
        "/it/basta-separare-le-famiglie/": 200,
        "/it/informativa/": 200,
        "/static/home/site.css": 200,
        "/nothing-here/": 404,
    }


def test_every_text_is_translated(demo):
    assert all(total == translated for total, translated in demo["progress"])
    page = demo["pages"]["/it/basta-separare-le-famiglie/"]["text"]
    assert "Procuratore generale degli Stati Uniti" in page
    assert "We demand" not in page


def test_the_petition_says_what_its_authors_wrote(demo):
    page = demo["pages"]["/stop-separating-families/"]["text"]
    for words in (
        "Jefferson Beauregard Sessions III",
        "Senate Homeland Security and Governmental Affairs Committee",
        "To separate immigrant families in this manner is both immoral and illegal.",
        "https://docs.google.com/document/d/1Eoc6DX6BiIaf4g7vGx-j7Pchx-T-S_tN6A-SFPc7SQ4",
        "US citizens in Italy",
        'datetime="2018-06-26"',
    ):
        assert words in page


def test_visitors_get_no_cookie_and_load_from_this_site_alone(demo):
    for page in demo["pages"].values():
        assert page["csp"] == "default-src 'self'"
        assert page["cookies"] == 0


def test_everybody_can_log_in(demo):
    assert demo["logins"] == {"admin": True, "editor": True, "manager": True}


def test_each_recipient_has_a_delivery(demo):
    assert demo["first"]["rows"]["wagtail_petition.Delivery"] == 3

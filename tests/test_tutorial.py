"""The tutorial, followed to the letter in a site that ``wagtail start`` makes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.html import strip_tags

pytestmark = pytest.mark.apart

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")

# What the tutorial does with a mouse.
FOLLOW = """
import json, re
from django.conf import settings
from django.core import mail
from django.test import Client
from django.test.utils import setup_test_environment
from home.models import HomePage
from wagtail.models import Site
from wagtail_petition.models import Petition, PetitionPage

setup_test_environment()
settings.WAGTAIL_PETITION = {"BACKGROUND": "inline"}
Site.objects.update(hostname="testserver", port=80)
page = HomePage.objects.get().add_child(instance=PetitionPage(
    title="Keep our polling station", slug="polling-station", letter="<p>Keep it.</p>",
    recipients=[("recipient", {"name": "The mayor", "office": "", "role": "to"})],
))
page.save_revision().publish()
client = Client(headers={"Origin": "http://testserver"})
html = client.get(page.url).text
person = {"given_name": "Anna", "family_name": "Rossi", "email": "anna@example.org",
          "country": "IT", "consent": "on"}
sent = client.post(re.search(r'<form[^>]*action="([^"]+)"', html)[1], person)
link = re.search(r"http://testserver(/petitions/confirm/\\S+)", mail.outbox[0].body)[1]
client.get(link)
before = Petition.objects.get().signature_count
done = client.get(client.post(link)["Location"]).text
print("ANSWER" + json.dumps({
    "html": html, "sent": sent.status_code, "before": before, "done": done,
    "after": Petition.objects.get().signature_count,
    "receipt": mail.outbox[1].body,
}))
"""


def python_blocks():
    """The tutorial's Python, by the first line of each block."""
    blocks = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
    return {block.partition("\n")[0].partition(" =")[0]: block for block in blocks}


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """The results: the page, the response to the form, the count before and after."""
    site = tmp_path_factory.mktemp("site")
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "mysite.settings.dev",
    }

    def run(*arguments):
        command = [sys.executable, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=site, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    run("-c", "from wagtail.bin.wagtail import main; main()", "start", "mysite", site)
    settings, urls = site / "mysite/settings/base.py", site / "mysite/urls.py"
    blocks = python_blocks()
    apps = blocks["INSTALLED_APPS"].replace("    # … what was there\n]\n", "")
    text = settings.read_text().replace("INSTALLED_APPS = [\n", apps)
    settings.write_text(text + "\n" + blocks['DATABASES["default"]["OPTIONS"]'])
    start = urls.read_text().rindex("urlpatterns = urlpatterns + [")
    urls.write_text(urls.read_text()[:start] + blocks["urlpatterns"])
    run("manage.py", "migrate", "--verbosity", "0")
    checked = run("manage.py", "check")
    answer = run("manage.py", "shell", "-c", FOLLOW).partition("ANSWER")[2]
    return {"checked": checked, **json.JSONDecoder().raw_decode(answer)[0]}


def test_nothing_is_missing(followed):
    assert "no issues" in followed["checked"]


def test_the_page_is_at_home_in_the_new_site(followed):
    html = followed["html"]
    # The site's own base: its stylesheet, its class, and our page in its block.
    assert "css/mysite.css" in html
    assert re.search(r'<body class="[^"]*">', html)
    assert "<title>" in html
    assert "Keep our polling station" in html[html.index("<title>") : html.index("</title>")]
    assert html.count('id="petition-form"') == html.count("<h1") == 1
    assert "Keep it." in html


def test_a_visitor_signs_and_confirms(followed):
    assert (followed["sent"], followed["before"], followed["after"]) == (303, 0, 1)
    assert "You are number 1" in strip_tags(followed["done"])
    assert "You are signatory number 1" in followed["receipt"]

"""The settings and the proxy of ``deploy/``, in separate processes as on separate machines."""

import json
import os
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks import databases, load, programs, server

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/stop-separating-families/"
SIGNER = {
    "given_name": "Anna",
    "family_name": "Moretti",
    "email": "anna.moretti@example.org",
    "country": "IT",
    "city": "Torino",
    "consent": "on",
}

pytestmark = [
    pytest.mark.apart,
    pytest.mark.skipif(not programs.has_nginx(), reason="nginx is not installed"),
    pytest.mark.skipif(not programs.has_redis(), reason="Redis, or its client, is not installed"),
    pytest.mark.skipif(not databases.has_postgresql(), reason="PostgreSQL is not installed"),
]


class Site:
    """The demo behind nginx, with PostgreSQL, Redis and a mail server of its own."""

    def __init__(self, folder, stack):
        url, _cluster = stack.enter_context(databases.postgresql(folder))
        redis, _process = stack.enter_context(programs.redis(folder))
        smtp_port, self.mails = stack.enter_context(server.smtp_sink(folder))
        self.folder = folder
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "website.deployed",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "example_project"), *sys.path]),
            "SECRET_KEY": "only-for-this-test",
            "DATABASE_URL": url,
            "REDIS_URL": redis,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": smtp_port,
            "MEDIA_ROOT": folder / "media",
            "PRIVATE_ROOT": folder / "private",
        }
        self.command("migrate")
        web = server.gunicorn(folder, site="website.wsgi", **self.environment)
        self.nginx = stack.enter_context(
            programs.nginx(folder, stack.enter_context(web), folder / "media")
        )
        self.command("load_demo", "--address", self.nginx.host)

    def command(self, *arguments):
        """Run a management command, as a worker does."""
        status = server.start_command(self.folder, *arguments, **self.environment).wait()
        assert status == 0, (self.folder / "commands.log").read_text()[-2000:]

    def get(self, path, cookie=""):
        answer = load.send(self.nginx, load.get(self.nginx, path, cookie))
        assert answer.status == 200, answer
        return answer

    def post(self, path, data=None):
        answer = load.send(self.nginx, load.post(self.nginx, path, data))
        assert answer.status == 303, answer
        return answer


@pytest.fixture(scope="module")
def site():
    # Not pytest's folder: PostgreSQL, which never runs as root, could not walk to it.
    with tempfile.TemporaryDirectory(prefix="deploy-") as folder, ExitStack() as stack:
        yield Site(Path(folder), stack)


def cache_status(answer):
    found = re.search(rb"\r\nX-Cache: (\w+)", answer.head)
    return found and found[1].decode()


def test_from_the_form_to_the_count(site):
    html = site.get(PAGE).body.decode()
    action = re.search(r'<form[^>]*action="([^"]+/sign/)"', html)[1]
    key = re.search(r"/petitions/([0-9a-f-]{36})/count\.json", html)[1]

    def count(moment):
        # An address of its own, since nginx keeps the answer for some seconds.
        return json.loads(site.get(f"/petitions/{key}/count.json?{moment}").body)["count"]

    before = count("before")
    site.post(action, SIGNER)
    site.command("run_petition_jobs")
    (mail,) = [line for line in site.mails.read_text().splitlines() if SIGNER["email"] in line]
    site.post(mail.split("\t")[2])
    assert count("after") == before + 1


def test_pages_come_from_the_proxy_for_all_but_who_is_logged_in(site):
    path = f"{PAGE}?source=cached"
    assert [cache_status(site.get(path)) for _visit in range(2)] == ["MISS", "HIT"]
    assert cache_status(site.get(path, cookie="_ga=1")) == "HIT"
    for cookie in ("sessionid=1", "_ga=1; csrftoken=1"):
        assert cache_status(site.get(path, cookie=cookie)) == "BYPASS"


def test_what_is_for_one_person_is_not_kept(site):
    assert cache_status(site.get("/admin/login/")) is None
    for _visit in range(2):
        dead_link = load.send(site.nginx, load.get(site.nginx, "/petitions/confirm/nonsense/"))
        assert cache_status(dead_link) == "MISS"


def test_no_token_is_logged(site):
    token = "x" * 43
    load.send(site.nginx, load.get(site.nginx, f"/petitions/signature/{token}/"))
    written = (site.folder / "nginx" / "access.log").read_text()
    assert "/petitions/signature/[hidden]" in written
    assert token not in written

"""The page behind nginx, set up as docs/how-to/proxy.md says: fetched once, signed by many."""

import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from wagtail.models import Site

from wagtail_petition.models import Signature

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(NGINX is None, reason="no nginx: install the package nginx-light"),
]

GUIDE = Path(__file__).resolve().parents[2] / "docs/how-to/proxy.md"
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    {cache}
    server {{
        listen 127.0.0.1:{port};
        {location}
    }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def proxy(live_server, home, tmp_path):
    """The address of an nginx before the live server."""
    _plain, cache, location = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    port = free_port()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=tmp_path,
            port=port,
            cache=cache.replace("/var/cache/nginx/site", str(tmp_path / "cache")),
            location=location.replace("http://127.0.0.1:8000", live_server.url),
        )
    )
    Site.objects.update(hostname="127.0.0.1", port=port)
    process = subprocess.Popen(
        [NGINX, "-c", configuration, "-p", tmp_path, "-e", tmp_path / "error.log"]
    )
    try:
        address = f"http://127.0.0.1:{port}"
        while True:
            assert process.poll() is None, (tmp_path / "error.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except ConnectionRefusedError:
                continue
        yield address
    finally:
        process.terminate()
        process.wait(60)


class Answer(NamedTuple):
    status: int
    headers: Message
    text: str


class DoNotFollow(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def ask(url, data=None, **headers):
    """The answer to a request, whatever its status: (status, headers, text)."""
    body = urlencode(data).encode() if data else None
    request = urllib.request.Request(url, body, headers)
    opener = urllib.request.build_opener(DoNotFollow)
    try:
        answer = opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return Answer(answer.status, answer.headers, answer.read().decode())


def test_two_people_sign_from_one_cached_page(proxy, page, form_data):
    first, second = (ask(proxy + page.url) for _person in range(2))
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
    html = second.text
    assert first.text == html
    assert "Set-Cookie" not in second.headers
    action = re.search(r'<form[^>]*action="([^"]+)"', html)[1]
    for name in ("anna", "bruno"):
        sent = ask(proxy + action, form_data(email=f"{name}@example.org"), Origin=proxy)
        assert sent.status == 303
        # What follows is for one person, and in no cache.
        steps = [ask(proxy + sent.headers["Location"]) for _look in range(2)]
        assert [step.headers["X-Cache"] for step in steps] == ["MISS", "MISS"]
        assert all(f"{name}@example.org" in step.text for step in steps)
    assert Signature.objects.count() == 2


def test_who_is_logged_in_sees_no_cached_page(proxy, page):
    ask(proxy + page.url)
    answer = ask(proxy + page.url, Cookie="sessionid=of-an-editor")
    assert answer.headers["X-Cache"] == "BYPASS"

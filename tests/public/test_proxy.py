"""The page behind nginx, set up as docs/how-to/proxy.md says: fetched once, signed by many."""

import re
import subprocess
from pathlib import Path

import pytest
from wagtail.models import Site

from benchmarks import databases, programs
from benchmarks.load import get, post, send
from benchmarks.server import await_port, stop
from wagtail_petition.models import Signature

NGINX = programs.find("nginx")

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
        listen {host};
        {location}
    }}
}}
"""


class Proxy:
    """An nginx, as what the benchmarks send requests with knows a server."""

    def __init__(self):
        self.address = ("127.0.0.1", databases.free_port())

    @property
    def host(self):
        return f"127.0.0.1:{self.address[1]}"


@pytest.fixture
def proxy(live_server, home, tmp_path):
    """An nginx before the live server."""
    _plain, cache, location = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    server = Proxy()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=tmp_path,
            host=server.host,
            cache=cache.replace("/var/cache/nginx/site", str(tmp_path / "cache")),
            location=location.replace("http://127.0.0.1:8000", live_server.url),
        )
    )
    Site.objects.update(hostname="127.0.0.1", port=server.address[1])
    process = subprocess.Popen(
        [NGINX, "-c", configuration, "-p", tmp_path, "-e", tmp_path / "error.log"]
    )
    try:
        await_port(server.address, process)
        yield server
    finally:
        stop(process)


def test_two_people_sign_from_one_cached_page(proxy, page, form_data):
    first, second = (send(proxy, get(proxy, page.url)) for _person in range(2))
    assert (first.header("X-Cache"), second.header("X-Cache")) == ("MISS", "HIT")
    assert first.body == second.body
    assert not second.header("Set-Cookie")
    action = re.search(r'<form[^>]*action="([^"]+)"', second.body.decode())[1]
    for name in ("anna", "bruno"):
        sent = send(proxy, post(proxy, action, form_data(email=f"{name}@example.org")))
        assert sent.status == 303
        # What follows is for one person, and in no cache.
        steps = [send(proxy, get(proxy, sent.location)) for _look in range(2)]
        assert [step.header("X-Cache") for step in steps] == ["MISS", "MISS"]
        assert all(f"{name}@example.org" in step.body.decode() for step in steps)
    assert Signature.objects.count() == 2


def test_who_is_logged_in_sees_no_cached_page(proxy, page):
    send(proxy, get(proxy, page.url))
    answer = send(proxy, get(proxy, page.url, cookie="sessionid=of-an-editor"))
    assert answer.header("X-Cache") == "BYPASS"

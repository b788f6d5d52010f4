"""Run nginx and Redis, each with its own files, and stop them by their process."""

import contextlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from string import Template

from .databases import free_port
from .server import await_port, stop

NGINX_TEMPLATE = Path(__file__).resolve().parent.parent / "deploy" / "nginx.conf.template"
# What the template needs around itself where no image brings it.
NGINX = Template("""
daemon off;
$user
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/nginx.log;
events { worker_connections 1024; }
http {
    access_log off;
    types { text/html html; text/css css; text/javascript js; image/png png; image/svg+xml svg; }
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxied;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    include $folder/site.conf;
}
""")


class Nginx:
    """nginx before the site, with the configuration of ``deploy/``."""

    def __init__(self, folder, behind, media):
        folder = folder / "nginx"
        folder.mkdir()
        self.address = ("127.0.0.1", free_port())
        site = Template(NGINX_TEMPLATE.read_text()).safe_substitute(
            CACHE_FOLDER=folder / "pages",
            MEDIA_FOLDER=media,
            WEB=behind.host,
            LISTEN=self.host,
            SCHEME="http",
            ACCESS_LOG=folder / "access.log",
        )
        (folder / "site.conf").write_text(site)
        # As root, its workers would be people who can't read a folder of ours.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(NGINX.substitute(folder=folder, user=user))
        with (folder / "output.log").open("ab") as output:
            self.process = subprocess.Popen(
                [find("nginx"), "-p", folder, "-c", folder / "nginx.conf"],
                stdout=output,
                stderr=output,
            )
        await_port(self.address, self.process)

    @property
    def host(self):
        """The host and port, as the Host header has it."""
        return f"{self.address[0]}:{self.address[1]}"


@contextlib.contextmanager
def nginx(folder, behind, media):
    """nginx for the length of a with block, before what listens at ``behind.host``."""
    server = Nginx(folder, behind, media)
    try:
        yield server
    finally:
        stop(server.process)


@contextlib.contextmanager
def redis(folder):
    """Redis for the length of a with block. Yields (its URL, its process)."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (folder / "redis.log").open("ab") as output:
        process = subprocess.Popen([find("redis-server"), *options], stdout=output, stderr=output)
    try:
        await_port(("127.0.0.1", port), process)
        yield f"redis://127.0.0.1:{port}/0", process
    finally:
        stop(process)


def has_redis():
    """Whether Redis and its Python client are installed."""
    return bool(find("redis-server") and find_spec("redis"))


def has_nginx():
    """Whether nginx is installed."""
    return bool(find("nginx"))


def find(name):
    """Where a program is, or None. Debian keeps nginx away from a user's PATH."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))

"""A real nginx in front of a server, as the documentation says, and what it was asked."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.support.live import PROJECT, free_port

PREFIX = "/vt"
DOCUMENTED = "http://127.0.0.1:12393/"

_CONF = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format asked '$request_uri';
    access_log {folder}/access.log asked;
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 404; }}
        {recipe}
    }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running proxy."""

    site: str
    """Its own address; the server is below PREFIX."""
    folder: Path

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return self.site + PREFIX

    def asked(self) -> list[str]:
        """Return the paths that were asked for and answered, with their queries."""
        return (self.folder / "access.log").read_text("utf-8").split()

    def asked_outside(self) -> list[str]:
        """Return those of them that are not the server's."""
        own = (PREFIX + "/", PREFIX + "?")
        return [path for path in self.asked() if path != PREFIX and not path.startswith(own)]


def program() -> str | None:
    """Return where nginx is, None if it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def recipe(server_url: str) -> str:
    """Return what the documentation has people write, for a server at another address."""
    text = (PROJECT / "docs/reverse-proxy.md").read_text("utf-8")
    blocks: list[str] = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 1
    assert DOCUMENTED in blocks[0]
    return blocks[0].replace(DOCUMENTED, server_url + "/")


@contextmanager
def nginx(folder: Path, server_url: str) -> Iterator[Nginx]:
    """Start a proxy whose files are in `folder`, and stop it."""
    folder.mkdir()
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(_CONF.format(folder=folder, port=port, recipe=recipe(server_url)), "utf-8")
    command = program()
    assert command is not None
    running = subprocess.Popen([command, "-c", str(conf), "-p", str(folder)])
    proxy = Nginx(f"http://127.0.0.1:{port}", folder)
    try:
        _wait(proxy, running)
        (folder / "access.log").write_text("")
        yield proxy
    finally:
        running.terminate()
        running.wait(10)


def _wait(proxy: Nginx, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert running.poll() is None, (proxy.folder / "error.log").read_text("utf-8")
        with suppress(httpx.TransportError):
            httpx.get(proxy.url + "/health")
            return
        time.sleep(0.05)
    raise AssertionError(f"nginx does not answer at {urlsplit(proxy.site).netloc}")

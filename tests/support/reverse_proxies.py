"""A real nginx or Caddy before a server, as the documentation says, and what it was asked."""

from __future__ import annotations

import json
import os
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
DOCUMENTED = "127.0.0.1:12393"

PACKAGES = {"nginx": "nginx-light", "caddy": "caddy"}
"""Of Debian, by what is run."""
_FENCES = {"nginx": "nginx", "caddy": "caddyfile"}
_OPENS = "example.org {"

_CADDY = """
{{
    admin off
    auto_https off
}}
http://:{port} {{
    bind 127.0.0.1
    log {{
        output file {folder}/access.log
        format json
    }}
    {recipe}
"""

_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
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
class ReverseProxy:
    """A running proxy."""

    name: str
    """nginx or caddy."""
    site: str
    """Its own address; the server is below PREFIX."""
    folder: Path

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return self.site + PREFIX

    def asked(self) -> list[str]:
        """Return the paths that were asked for and answered, with their queries."""
        lines = (self.folder / "access.log").read_text("utf-8").splitlines()
        if self.name == "nginx":
            return lines
        return [json.loads(line)["request"]["uri"] for line in lines]

    def asked_outside(self) -> list[str]:
        """Return those of them that are not the server's."""
        own = (PREFIX + "/", PREFIX + "?")
        return [path for path in self.asked() if path != PREFIX and not path.startswith(own)]


def program(name: str) -> str | None:
    """Return where a proxy is, None if it is not installed."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def recipe(name: str, server_url: str) -> str:
    """Return what the documentation has people write, for a server at another address."""
    text = (PROJECT / "docs/reverse-proxy.md").read_text("utf-8")
    blocks: list[str] = re.findall(rf"```{_FENCES[name]}\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 1
    assert DOCUMENTED in blocks[0]
    block = blocks[0].replace(DOCUMENTED, urlsplit(server_url).netloc)
    if name == "caddy":
        assert block.startswith(_OPENS)
    return block.removeprefix(_OPENS)


@contextmanager
def reverse_proxy(name: str, folder: Path, server_url: str) -> Iterator[ReverseProxy]:
    """Start a proxy whose files are in `folder`, and stop it."""
    folder.mkdir()
    port = free_port()
    written = {"nginx": _NGINX, "caddy": _CADDY}[name]
    conf = folder / f"{name}.conf"
    text = written.format(folder=folder, port=port, recipe=recipe(name, server_url))
    conf.write_text(text, "utf-8")
    command = program(name)
    assert command is not None
    arguments = {
        "nginx": ["-c", str(conf), "-p", str(folder)],
        "caddy": ["run", "--config", str(conf), "--adapter", "caddyfile"],
    }[name]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "output.log").open("w") as output:
        running = subprocess.Popen(
            [command, *arguments], env={**os.environ, **home}, stdout=output, stderr=output
        )
    proxy = ReverseProxy(name, f"http://127.0.0.1:{port}", folder)
    try:
        _wait(proxy, running)
        yield proxy
    finally:
        running.terminate()
        running.wait(10)


def _wait(proxy: ReverseProxy, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert running.poll() is None, (proxy.folder / "output.log").read_text("utf-8")
        with suppress(httpx.TransportError):
            httpx.get(proxy.url + "/health")
            return
        time.sleep(0.05)
    raise AssertionError(f"{proxy.name} does not answer at {urlsplit(proxy.site).netloc}")

"""The files a client loads, over HTTP."""

from __future__ import annotations

import httpx
import pytest

from tests.conftest import Serve
from tests.support.live import Live
from tests.web.test_security import quiet

NOTHING = {"error": "There is nothing at this address."}


@pytest.fixture
def site(serve: Serve) -> Live:
    return serve(quiet())


def test_avatars_are_pictures_only(site: Live) -> None:
    folder = site.server.folder / "avatars"
    folder.mkdir(exist_ok=True)
    for name in ("a.svg", "b.html", "c.png"):
        (folder / name).write_text("<svg/>")
    (folder / "link.png").symlink_to(site.server.folder / "conf.yaml")
    svg = httpx.get(site.url + "/avatars/a.svg")
    assert svg.status_code == 200
    assert svg.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert svg.headers["x-content-type-options"] == "nosniff"
    refused = httpx.get(site.url + "/avatars/b.html")
    assert (refused.status_code, refused.json()) == (403, {"error": "Forbidden file type"})
    assert httpx.get(site.url + "/avatars/missing.png").json() == NOTHING
    assert httpx.get(site.url + "/avatars/link.png").status_code == 404
    assert httpx.get(site.url + "/avatars/%2e%2e/conf.yaml").status_code in (403, 404)
    assert httpx.get(site.url + "/avatars/c.png").headers["content-type"] == "image/png"


@pytest.mark.parametrize("name", ["web-tool", "web_tool"])
def test_web_tool_is_redirected_to_its_page(site: Live, name: str) -> None:
    answer = httpx.get(f"{site.url}/{name}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{name}/index.html")


def test_files_are_served_with_their_types_and_the_cors_headers(site: Live) -> None:
    models = site.server.folder / "live2d-models"
    models.mkdir(exist_ok=True)
    (models / "a.wasm").write_bytes(b"\0asm")
    (models / ".secret").write_text("no")
    answer = httpx.get(site.url + "/live2d-models/a.wasm", headers={"Origin": "https://x.example"})
    assert answer.headers["content-type"] == "application/wasm"
    assert answer.headers["access-control-allow-origin"] in ("*", "https://x.example")
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert httpx.get(site.url + "/live2d-models/.secret").status_code == 404
    assert httpx.get(site.url + "/bg/missing.png").json() == NOTHING
    assert "javascript" in httpx.get(site.url + "/connection.js").headers["content-type"]
    assert "method" in httpx.delete(site.url + "/health").json()["error"]

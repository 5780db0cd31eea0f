"""The files a client loads, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from loguru import logger

from open_llm_vtuber.live2d.models import load_model_info
from tests.conftest import Serve
from tests.support.live import Live, live
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
    proxied = httpx.get(f"{site.url}/{name}", headers={"X-Forwarded-For": "203.0.113.7"})
    assert proxied.headers["location"] == f"{name}/index.html"
    page = httpx.get(f"{site.url}/{name}?token=x", follow_redirects=False).next_request
    assert page is not None
    assert page.url == f"{site.url}/{name}/index.html?token=x"


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
    assert "method" in httpx.delete(site.url + "/health").json()["error"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.webp", "image/webp"),
        ("a.woff2", "font/woff2"),
        ("a.moc3", "application/octet-stream"),
        ("a.css", "text/css; charset=utf-8"),
    ],
)
def test_types_are_said_outright(site: Live, name: str, kind: str) -> None:
    models = site.server.folder / "live2d-models"
    models.mkdir()
    (models / name).write_bytes(b"x")
    assert httpx.get(f"{site.url}/live2d-models/{name}").headers["content-type"] == kind


def built(folder: Path, name: str) -> None:
    assets = folder / name / "dist" / "assets"
    assets.mkdir(parents=True)
    (folder / name / "package.json").write_text("{}")
    (folder / name / "index.html").write_text("<title>sources</title>")
    (assets.parent / "index.html").write_text(f"<title>{name}</title>")
    (assets / "index-BxY_z1-4.js").write_text("1")
    (assets / "index.js").write_text("1")


def test_a_built_page_is_served_and_its_hashed_files_are_kept(tmp_path: Path) -> None:
    for name in ("frontend", "web_tool"):
        built(tmp_path, name)
    with live(tmp_path, quiet()) as site:
        for path, name in (
            ("/", "frontend"),
            ("/web-tool/", "web_tool"),
            ("/web_tool/", "web_tool"),
        ):
            answer = httpx.get(site.url + path)
            assert answer.text == f"<title>{name}</title>"
            assert answer.headers["cache-control"] == "no-cache"
            asset = httpx.get(f"{site.url}{path}assets/index-BxY_z1-4.js")
            assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert asset.headers["content-type"].startswith("text/javascript")
            again = {"If-None-Match": asset.headers["etag"]}
            unchanged = httpx.get(f"{site.url}{path}assets/index-BxY_z1-4.js", headers=again)
            assert unchanged.status_code == 304
            assert "immutable" in unchanged.headers["cache-control"]
            unhashed = httpx.get(f"{site.url}{path}assets/index.js")
            assert unhashed.headers["cache-control"] == "no-cache"
        assert httpx.get(site.url + "/package.json").status_code == 404


def test_a_page_that_was_not_built_says_how_to_mend_it(
    tmp_path: Path,
) -> None:
    command = "uv sync --reinstall-package open-llm-vtuber"
    for name in ("frontend", "web_tool"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "package.json").write_text("{}")
        (tmp_path / name / "index.html").write_text("<title>sources</title>")
    logged: list[str] = []
    sink = logger.add(logged.append, format="{level} {message}")
    with live(tmp_path, quiet()) as site:
        for path in ("/", "/index.html", "/web-tool/index.html", "/web_tool/"):
            answer = httpx.get(site.url + path)
            assert answer.status_code == 503
            assert command in answer.text
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
        assert httpx.get(site.url + "/src/main.ts").json() == NOTHING
        assert httpx.get(site.url + "/package.json").status_code == 404
        assert httpx.post(site.url + "/").status_code == 405
        assert httpx.get(site.url + "/health").status_code == 200
    logger.remove(sink)
    said = [line for line in logged if line.startswith("WARNING")]
    assert [line.split()[1] for line in said] == ["web_tool", "frontend"]
    assert all(f"has not been built: its page cannot be shown. Run `{command}`" in x for x in said)


# A folder that holds nothing but conf.yaml


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Live]:
    values = quiet()
    values["character_config"] |= {"live2d_model_name": "wren", "avatar": "wren.png"}
    with live(tmp_path, values, pages=False) as server:
        yield server


def test_what_is_ours_is_there_beside_any_configuration(bare: Live) -> None:
    page = httpx.get(bare.url + "/")
    assert page.status_code == 200
    assert "<html" in page.text
    assert httpx.get(bare.url + "/web-tool/index.html").status_code == 200
    assert httpx.get(bare.url + "/live2d-models/wren/wren.rig.json").status_code == 200
    assert httpx.get(bare.url + "/avatars/wren.png").status_code == 200
    names = bare.server.backgrounds()
    assert names
    assert all(httpx.get(f"{bare.url}/bg/{name}").status_code == 200 for name in names)
    assert httpx.get(bare.url + "/live2d-models/wren/../../conf.yaml").status_code == 404
    (character, *_) = bare.server.characters.list()
    assert character.avatar == "wren.png"
    assert load_model_info(bare.server.folder, "wren")["rig"] == "/live2d-models/wren/wren.rig.json"


def test_what_is_the_users_comes_first(bare: Live) -> None:
    for name in ("backgrounds/attic-at-dusk.jpg", "live2d-models/wren/wren.rig.json"):
        path = bare.server.folder / name
        path.parent.mkdir(parents=True)
        path.write_text("mine")
    assert bare.server.backgrounds() == ["attic-at-dusk.jpg"]
    assert httpx.get(bare.url + "/bg/attic-at-dusk.jpg").text == "mine"
    assert httpx.get(bare.url + "/live2d-models/wren/wren.rig.json").text == "mine"


def test_the_first_background_of_the_originals_client_is_a_picture(bare: Live) -> None:
    url = bare.url + "/bg/ceiling-window-room-night.jpeg"
    answer = httpx.get(url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")
    folder = bare.server.folder / "backgrounds"
    folder.mkdir()
    (folder / "ceiling-window-room-night.jpeg").write_bytes(b"mine")
    assert httpx.get(url).content == b"mine"


@pytest.mark.parametrize("given", ["", "elsewhere"])
def test_a_folder_without_a_page_is_named_and_ours_is_served(tmp_path: Path, given: str) -> None:
    values = quiet()
    if given:
        values["system_config"]["frontend_dir"] = given
    name = given or "frontend"
    (tmp_path / name).mkdir()
    lines: list[str] = []
    sink = logger.add(lambda line: lines.append(str(line)), level="WARNING")
    try:
        with live(tmp_path, values, pages=False) as server:
            assert httpx.get(server.url + "/").status_code == 200
    finally:
        logger.remove(sink)
    assert any(f"{name} holds no index.html" in line for line in lines)

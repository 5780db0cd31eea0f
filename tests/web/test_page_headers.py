"""What every answer says to a browser: all routes, all kinds of files, every refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from open_llm_vtuber.config import Config
from open_llm_vtuber.server.server import Server
from open_llm_vtuber.web.app import create_app
from tests.support.live import Live, live
from tests.support.pages import built
from tests.web.test_access import every
from tests.web.test_security import quiet

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
FILES = {
    "live2d-models/wren/a.json": "{}",
    "live2d-models/wren/page.html": "<p>",
    "bg/a.svg": SVG,
    "avatars/a.svg": SVG,
    "cache/a.wav": "sound",
}
FOLDERS = {"bg": "backgrounds"}


def _paths() -> list[str]:
    app = create_app(Server(Config.model_validate(quiet(enable_proxy=True)), Path("/nowhere")))
    routes = [one for one in every(app.routes) if isinstance(one, Route)]
    paths = {re.sub(r"\{[^}]*\}", "missing", one.path) for one in routes}
    mounts = {f"{one.path}/missing" for one in every(app.routes) if isinstance(one, Mount)}
    pages = {"/", "/?overlay", "/web-tool/", "/web_tool/", "/manifest.webmanifest", "/icon.svg"}
    return sorted({*paths, *mounts, *pages, *(f"/{name}" for name in FILES)})


PATHS = _paths()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    built()
    folder = tmp_path_factory.mktemp("headers")
    for name, text in FILES.items():
        first, _, rest = name.partition("/")
        file = folder / FOLDERS.get(first, first) / rest
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with live(folder, quiet(enable_proxy=True)) as one:
        (folder / "cache").mkdir(exist_ok=True)
        (folder / "cache" / "a.wav").write_text("sound")
        yield one


def check(answer: httpx.Response, what: str) -> None:
    checked(answer.headers, answer.text, what)


def checked(headers: Mapping[str, str], text: str, what: str) -> None:
    assert headers["x-content-type-options"] == "nosniff", what
    assert headers["referrer-policy"] == "no-referrer", what
    policy = headers["content-security-policy"]
    assert "frame-ancestors" in policy or policy.startswith("sandbox"), what
    kind = headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        assert "default-src 'none'" in policy, what
    if kind == "text/html":
        own = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"', text)
        policies = f"{policy}; {own[1] if own else ''}"
        assert "default-src 'none'" in policies, what
        assert re.search(r"script-src [^;]*'unsafe-(inline|eval)'", policies) is None, what
        assert "microphone=(self)" in headers["permissions-policy"], what


def test_all_kinds_of_answers_are_among_them() -> None:
    assert {"/docs", "/openapi.json", "/api/config", "/cache/missing", "/trust"} <= set(PATHS)
    assert len(PATHS) > 50


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_a_policy(site: Live, path: str) -> None:
    for method in ("GET", "POST", "OPTIONS", "BREW"):
        # A body that no route takes: what it would change stays as it is.
        answer = httpx.request(method, f"{site.url}{path}", content=b"{", timeout=30)
        check(answer, f"{method} {path} {answer.status_code}")


def test_what_is_refused_has_one_too(site: Live, tmp_path: Path) -> None:
    rebound = httpx.get(f"{site.url}/health", headers={"Host": "example.org"})
    assert rebound.status_code == 403
    check(rebound, "a wrong name")
    large = httpx.post(f"{site.url}/api/config/undo", content=b" " * 2**20)
    assert large.status_code == 413
    check(large, "too large")
    with live(tmp_path, quiet(access_token="secret", limits={"max_wrong_tokens": 1})) as closed:
        for path, status in (("/health", 401), ("/health?token=wrong", 429)):
            answer = httpx.get(f"{closed.url}{path}")
            assert answer.status_code == status
            check(answer, path)


def test_what_fails_inside_has_one_too() -> None:
    app = create_app(Server(Config.model_validate(quiet()), Path("/nowhere")))

    async def fails(_: Request) -> Response:
        raise RuntimeError("secret")

    app.router.routes.insert(0, Route("/fails", fails))
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    answer = client.get("/fails")
    assert answer.status_code == 500
    checked(answer.headers, answer.text, "/fails")


def test_what_was_kept_is_not_changed_by_not_modified(site: Live) -> None:
    """A browser puts the headers of a 304 over those that it has kept."""
    first = httpx.get(f"{site.url}/")
    again = httpx.get(f"{site.url}/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert "content-security-policy" not in again.headers


def test_the_description_is_read_with_the_token_and_no_script_can_be_slipped_in(
    site: Live,
) -> None:
    answer = httpx.get(f"{site.url}/docs", params={"token": "a'</script><script>x()//"})
    assert "<script>x()" not in answer.text
    assert "openapi.json?token=a%27%3C%2Fscript" in answer.text
    assert "'sha256-" in answer.headers["content-security-policy"]

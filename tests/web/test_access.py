"""Without the token nothing is had but the public files, however an address is spelt."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from open_llm_vtuber.config import Config
from open_llm_vtuber.server.server import Server
from open_llm_vtuber.web.app import create_app
from open_llm_vtuber.web.security import Access, AccessMiddleware, Doors
from tests.support.live import Live, live
from tests.web.test_security import quiet

TOKEN = "Geheimnis-1"
PUBLIC = {
    "/live2d-models": "wren/a b.model3.json",
    "/bg": "night.jpg",
    "/avatars": "wren.png",
    "/web-tool": "icon.svg",
    "/web_tool": "icon.svg",
    "": "assets/index-BxY_z1-4.js",
}
"""The mounts that hold public files, and one file of each."""
PRIVATE = {
    "/cache": "tts-a.wav",
    "/live2d-models": "wren/notes.txt",
    "/bg": "index.html",
    "/avatars": "page.html",
    "/web-tool": "index.html",
    "/web_tool": "index.html",
    "": "index.html",
}
DRAFTS = "/look-drafts"
"""The mount of looks that are not kept yet, in folders that nobody can guess; see test_looks.py."""
HANDSHAKE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
CONFIGURED = quiet(access_token=TOKEN, enable_proxy=True)


def spellings(path: str) -> list[str]:
    """Return `path` and what a router, a proxy or a file system might take for the same."""
    first, rest = path[:2], path[2:]
    return [
        *(path, f"{path}/", f"{path}//", f"/{path}", f"/.{path}", f"/x/..{path}", f"{path}/."),
        *(f"{path}%0A", f"{path}%0a", f"{path}%0D%0A", f"{path}%00", f"{path}%20", f"{path}."),
        *(f"{path}%3F", f"{path}%23", f"{path};x", f"{path}%2F", f"%2F{path[1:]}", f"/%2e{path}"),
        *(f"{path}?", f"{path}?token=", f"{path}?token=other", f"{path}?TOKEN={TOKEN}"),
        *(f"{path}?x=.js", f"{path}%3F.js", f"{path}#.js", f"{path}/%2e%2e{path}", path.upper()),
        *(f"{first}%{ord((rest or 'x')[0]):02x}{rest[1:]}", f"{path}%250A", f"{path}%c0%af"),
        *(f"http://localhost{path}", f"http://localhost{path}%0A", path.replace("/", "\\")),
        *(f"/x.js/..{path}", f"/x.js%2f..{path}", f"/assets/..{path}", f"/bg/..{path}"),
    ]


def every(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    """Return all routes, those of the routers that were included too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from every(included.routes)


def application(folder: Path) -> FastAPI:
    return create_app(Server(Config.model_validate(CONFIGURED), folder))


def place(folder: Path) -> None:
    """Put a public and a private file into each folder that is served."""
    for page in ("frontend", "web_tool"):
        (folder / page / "dist").mkdir(parents=True)
    where = {"/bg": "backgrounds", "": "frontend/dist", "/web-tool": "web_tool/dist"}
    for mount, name in [*PUBLIC.items(), *PRIVATE.items()]:
        if mount != "/web_tool":
            file = folder / where.get(mount, mount.strip("/")) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"the content of {name}")


def status(site: Live, method: str, target: str, headers: str = "") -> int:
    """Ask for an address as it is written, which no client of HTTP does."""
    with socket.create_connection(("127.0.0.1", int(site.url.rsplit(":", 1)[1])), 10) as one:
        request = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"
        one.sendall(request.encode("latin-1"))
        return int(one.recv(12).split()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("access")
    place(folder)
    with live(folder, CONFIGURED) as one:
        yield one


def test_every_route_of_the_application_is_known_here(tmp_path: Path) -> None:
    """The tests below ask for what this one finds."""
    app = application(tmp_path)
    paths = (str(getattr(route, "path", "")) for route in every(app.routes))
    found = {path.replace(":path}", "}") for path in paths}  # as OpenAPI has them
    assert set(app.openapi()["paths"]) <= found
    assert {"/client-ws", "/tts-ws", "/proxy-ws", "/cache", "/docs", "/openapi.json"} <= found
    mounts = {route.path for route in every(app.routes) if isinstance(route, Mount)}
    assert mounts == {*PRIVATE, DRAFTS}
    assert set(PUBLIC) < mounts


def test_no_route_answers_without_the_token(site: Live, tmp_path: Path) -> None:
    asked = 0
    for route in every(application(tmp_path).routes):
        path: str = getattr(route, "path")  # noqa: B009 - a BaseRoute declares none
        if isinstance(route, Mount):
            continue
        for spelling in spellings(path):
            got = status(site, "GET", spelling, HANDSHAKE)
            assert got in (400, 401), ("WebSocket", spelling, got)
            if isinstance(route, WebSocketRoute):
                continue
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
                got = status(site, method, spelling, "Content-Length: 0\r\n")
                assert got in (400, 401), (method, spelling, got)
                asked += 1
    assert asked > 1000
    assert status(site, "GET", f"/health?token={TOKEN}") == 200
    assert status(site, "GET", f"/client-ws?token={TOKEN}", HANDSHAKE) == 101


def test_of_the_folders_only_public_files_are_had_without_the_token(site: Live) -> None:
    for mount, name in PRIVATE.items():
        for path in (f"{mount}/{name}", f"{mount}/missing.js", f"{mount}/missing"):
            for spelling in spellings(path):
                got = status(site, "GET", spelling)
                assert got in (400, 401), (spelling, got)
        assert status(site, "POST", f"{mount}/{name}", "Content-Length: 0\r\n") == 401
        assert status(site, "GET", f"{mount}/{name}?token={TOKEN}") in (200, 403)
        for folder in (mount or "/", f"{mount}/", f"{mount}/%0A", f"{mount}/./", f"{mount}/%2e"):
            assert status(site, "GET", folder) == 401, folder


def test_of_drafts_nothing_is_told_without_the_token(site: Live) -> None:
    for spelling in spellings(f"{DRAFTS}/0123456789abcdef/files/a.model3.json"):
        assert status(site, "GET", spelling) in (400, 401), spelling


def test_public_files_are_had_without_the_token(site: Live) -> None:
    for mount, name in PUBLIC.items():
        assert status(site, "GET", f"{mount}/{name.replace(' ', '%20')}") == 200, mount
        assert status(site, "GET", f"{mount}/{name.replace(' ', '%20')}?token=other") == 200
    for suffix, mount in itertools.product((".html", ".HTML", ".htm", ".yaml", ""), PUBLIC):
        assert status(site, "GET", f"{mount}/{TOKEN}{suffix}") == 401


def test_strangers_are_answered_a_few_at_a_time() -> None:
    """However slowly they take what they asked for, who knows the token has room."""

    async def ask(gate: AccessMiddleware, query: bytes) -> int:
        statuses: list[int] = []

        async def send(message: Message) -> None:
            statuses.append(message.get("status", 0))

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        headers = [(b"host", b"localhost")]
        scope = {"type": "http", "method": "GET", "headers": headers, "query_string": query}
        await gate(scope, receive, send)
        return statuses[0]

    async def check() -> None:
        slow = asyncio.Event()

        async def public(_scope: Scope, _receive: Receive, send: Send) -> None:
            await slow.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def routes(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 204, "headers": []})

        config = Config.model_validate(CONFIGURED).system_config
        gate = AccessMiddleware(routes, Doors(Access(config)), public, most_strangers=3)
        strangers = [asyncio.create_task(ask(gate, b"")) for _ in range(3)]
        await asyncio.sleep(0)
        assert await ask(gate, b"") == 503
        assert await ask(gate, f"token={TOKEN}".encode()) == 204
        slow.set()
        assert await asyncio.gather(*strangers) == [200] * 3
        assert await ask(gate, b"") == 200

    asyncio.run(check())


def test_a_new_route_is_guarded_by_being_one(tmp_path: Path) -> None:
    """Nobody has to remember to guard it."""
    app = application(tmp_path)

    async def secrets(_: Request) -> Response:
        return Response("secret")

    app.router.routes.insert(0, Route("/secrets.js", secrets))
    client = TestClient(app, base_url="http://localhost")
    assert client.get("/secrets.js").status_code == 401

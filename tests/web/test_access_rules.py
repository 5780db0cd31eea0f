"""Who may come in: each rule by itself, without a server."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from typing import Any

import pytest
from loguru import logger
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from open_llm_vtuber.config import SystemConfig
from open_llm_vtuber.web.http_protocol import TRANSPORT
from open_llm_vtuber.web.origins import Host
from open_llm_vtuber.web.security import Access, AccessMiddleware, Doors
from tests.support.wire import settle

pytestmark = pytest.mark.anyio

HERE = Host("localhost", 5)


def access(**system: Any) -> Access:
    return Access(SystemConfig.model_validate({"host": "127.0.0.1", "port": 5, **system}))


@pytest.fixture
def logged() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lines.append, format="{level} {message}")
    yield lines
    logger.remove(sink)


@pytest.mark.parametrize(
    ("host", "written", "token"),
    [
        ("127.0.0.1", None, None),
        ("localhost.", None, None),
        ("::1", None, None),
        ("127.0.0.1", "none", None),
        ("0.0.0.0", "none", None),
        ("127.0.0.1", "mine", "mine"),
        ("0.0.0.0", "mine", "mine"),
    ],
)
def test_which_token_is_asked_for(host: str, written: str | None, token: str | None) -> None:
    made = access(host=host, **({"access_token": written} if written else {}))
    assert made.token == token


def test_beyond_loopback_a_token_of_128_bits_is_made_up() -> None:
    tokens = [access(host="0.0.0.0").token or "" for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert [len(base64.urlsafe_b64decode(token + "==")) for token in tokens] == [16, 16]


@pytest.mark.parametrize(
    ("host", "page", "socket"),
    [
        ("127.0.0.1", "127.0.0.1:5", "127.0.0.1:5"),
        ("0.0.0.0", "localhost:5", "127.0.0.1:5"),
        ("::", "localhost:5", "[::1]:5"),
        ("::1", "[::1]:5", "[::1]:5"),
        ("pc.lan", "pc.lan:5", "pc.lan:5"),
    ],
)
def test_the_addresses_of_a_server(host: str, page: str, socket: str) -> None:
    closed, opened = access(host=host, access_token="a b"), access(host=host, access_token="none")
    assert closed.url() == f"http://{page}/?token=a+b"
    assert closed.own_socket_url() == f"ws://{socket}/client-ws?token=a+b"
    assert opened.url() == f"http://{page}/"
    assert opened.own_socket_url() == f"ws://{socket}/client-ws"


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ({}, ""),
        ({"access_token": "none"}, ""),
        ({"access_token": "mine"}, ""),
        ({"host": "0.0.0.0"}, "it wants the token in this address"),
        ({"host": "0.0.0.0", "access_token": "mine"}, ""),
        ({"host": "0.0.0.0", "access_token": "none"}, "Anybody in your network"),
    ],
)
def test_what_the_person_who_starts_it_is_told(system: dict[str, str], said: str) -> None:
    text = access(**system).explanation()
    assert said in text
    assert bool(text) == bool(said)


@pytest.mark.parametrize(
    ("origin", "refused"),
    [
        (None, ""),
        ("file://", ""),
        ("FILE:///", ""),
        ("https://Good.example", ""),
        ("https://good.example/", ""),
        ("http://localhost:5", ""),
        ("http://localhost:6", "Pages of http://localhost:6 may not use this server."),
        ("https://evil.example", "Pages of https://evil.example may not use this server."),
        ("null", "Pages that were opened from disk may not use this server"),
        ("nonsense", "The header Origin is that of no page."),
        ("", "The header Origin is that of no page."),
    ],
)
def test_which_pages_may_talk_to_it(origin: str | None, refused: str) -> None:
    made = access(allowed_origins=["https://good.example"])
    refusal = made.refusal_of_origin(origin, HERE)
    assert refusal.startswith(refused)
    assert bool(refusal) == bool(refused)
    if refused.startswith("Pages"):
        line = origin if origin == "null" else refused.split()[2]
        assert f'`allowed_origins: ["https://good.example", "{line}"]`' in refusal


@pytest.mark.parametrize(
    ("system", "host", "may"),
    [
        ({}, "localhost:5", True),
        ({}, "a.localhost", True),
        ({}, "127.0.0.9:1", True),
        ({}, "192.168.1.2:5", False),
        ({}, "evil.example", False),
        ({"allowed_origins": ["https://me.example"]}, "me.example:443", True),
        ({"allowed_origins": ["https://me.example"]}, "you.example", False),
        # Pages of a site that points its name here have no token, but a browser that runs here may.
        ({"access_token": "mine"}, "evil.example", False),
        ({"access_token": "mine"}, "localhost", True),
        ({"host": "0.0.0.0"}, "evil.example", True),
        ({"host": "0.0.0.0", "access_token": "mine"}, "evil.example", True),
        ({"host": "0.0.0.0", "access_token": "none"}, "evil.example", False),
        ({"host": "0.0.0.0", "access_token": "none"}, "192.168.1.2:5", True),
        ({"host": "0.0.0.0", "access_token": "none"}, "[fe80::1]:5", True),
        ({"host": "0.0.0.0", "access_token": "none"}, "localhost", True),
        ({"host": "PC.lan.", "access_token": "none"}, "pc.lan", True),
        ({"host": "PC.lan.", "access_token": "none"}, "pd.lan", False),
    ],
)
def test_by_which_names_it_may_be_called(system: dict[str, Any], host: str, may: bool) -> None:
    called, refusal = access(**system).refusal_of_host(host)
    assert bool(refusal) is not may
    assert called.name == host.rsplit(":", 1)[0].strip("[]")
    if not may:
        assert f'"http://{host}"' in refusal


def test_a_header_that_is_no_host_is_refused_whatever_is_asked() -> None:
    for made in (access(), access(host="0.0.0.0")):
        host, refusal = made.refusal_of_host("a@b")
        assert host == Host("", None)
        assert refusal == "The header Host is not the name or address of a server."


def test_a_refusal_is_logged_once_and_a_hundred_at_most(logged: list[str]) -> None:
    made = access()
    for number in range(120):
        made.tell(f"Reason {number}.")
        made.tell(f"Reason {number}.")
    assert [line.strip() for line in logged] == [
        f"WARNING refused: Reason {number}." for number in range(100)
    ]


def test_who_knows_the_token() -> None:
    made = access(access_token="mine")
    assert made.knows_token(["other", "mine"])
    assert not made.knows_token(["other", "min", "mine ", "mïne"])
    assert not made.knows_token([])
    assert access().knows_token([])


class Transport(asyncio.Transport):
    """A connection that can only be cut off."""

    def __init__(self) -> None:
        super().__init__()
        self.cut_off = False

    def abort(self) -> None:
        self.cut_off = True


class Entrance:
    """The middleware between scripted requests, the routes and the public files."""

    def __init__(self, most_strangers: int = 2, **system: Any) -> None:
        self.routed: list[Scope] = []
        self.heard: list[str] = []
        """What was received from who is refused."""
        self.public_is_open = asyncio.Event()
        self.public_is_open.set()
        self._middleware = AccessMiddleware(
            self._routes, Doors(access(**system)), self._files, most_strangers
        )

    async def _routes(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.routed.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def _files(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.public_is_open.wait()
        if scope["path"] != "/public":
            raise HTTPException(404)
        await send({"type": "http.response.start", "status": 206, "headers": []})

    async def ask(
        self,
        path: str = "/",
        method: str = "GET",
        kind: str = "http",
        transport: Transport | None = None,
        **headers: str,
    ) -> int:
        """Return the status of the answer; 0 if there is none."""
        path, _, query = path.partition("?")
        given = {"host": "localhost:5", **headers}
        scope: Scope = {
            "type": kind,
            "path": path,
            "query_string": query.encode(),
            "headers": [(key.encode(), value.encode()) for key, value in given.items()],
            "state": {TRANSPORT: transport} if transport else {},
            "extensions": {"websocket.http.response": {}},
        }
        if kind == "http":
            scope["method"] = method
        sent: list[Message] = []

        async def receive() -> Message:
            self.heard.append(kind)
            return {"type": f"{kind}.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._middleware(scope, receive, send)
        return next((one["status"] for one in sent if "status" in one), 0)


async def test_who_knows_the_token_reaches_the_routes() -> None:
    doors = Entrance(access_token="mine")
    assert await doors.ask("/?token=mine") == 200
    assert await doors.ask("/?token=other&token=mine") == 200
    assert await doors.ask(authorization="Bearer mine") == 200
    assert await doors.ask(authorization="bEARER  mine ") == 200
    assert len(doors.routed) == 4
    for authorization in ("Basic mine", "mine", "Bearer", "Bearer other"):
        assert await doors.ask(authorization=authorization) == 401
    assert await doors.ask(cookie="token=mine") == 401
    assert await doors.ask("/?token=") == 401
    assert await doors.ask("/public") == 206
    assert len(doors.routed) == 4


async def test_a_socket_that_is_refused_is_heard_to_its_request() -> None:
    doors = Entrance(access_token="mine")
    assert await doors.ask("/public", kind="websocket") == 401
    assert doors.heard == ["websocket"]
    assert await doors.ask("/client-ws?token=mine", kind="websocket") == 0
    assert await doors.ask("/other") == 401
    assert doors.heard == ["websocket"]
    assert [scope["type"] for scope in doors.routed] == ["websocket"]


async def test_what_is_no_request_is_passed_on() -> None:
    doors = Entrance(access_token="mine")
    await doors.ask(kind="lifespan", host="evil.example")
    assert [scope["type"] for scope in doors.routed] == ["lifespan"]


@pytest.mark.parametrize(
    ("method", "kind", "status"),
    [
        ("GET", "http", 200),
        ("HEAD", "http", 200),
        ("OPTIONS", "http", 200),
        ("POST", "http", 403),
        ("DELETE", "http", 403),
        ("", "websocket", 403),
    ],
)
async def test_a_foreign_page_may_read_and_do_nothing(
    method: str, kind: str, status: int, logged: list[str]
) -> None:
    doors = Entrance()
    assert await doors.ask("/", method, kind, origin="https://evil.example") == status
    assert len(doors.routed) == (status == 200)
    assert len(logged) == (status == 403)
    assert await doors.ask("/", method, kind, origin="http://localhost:5") in (200, 0)


async def test_a_wrong_name_is_told_before_a_wrong_page(logged: list[str]) -> None:
    doors = Entrance()
    assert await doors.ask("/", host="evil.example") == 403
    assert await doors.ask("/", "POST", host="evil.example", origin="https://x.example") == 403
    assert len(logged) == 1
    assert '"http://evil.example"' in logged[0]


async def test_among_many_strangers_the_oldest_makes_room() -> None:
    doors = Entrance(access_token="mine", most_strangers=2)
    doors.public_is_open.clear()
    lines = [Transport() for _ in range(4)]
    asked = [asyncio.create_task(doors.ask("/public", transport=line)) for line in lines]
    await settle()
    assert [line.cut_off for line in lines] == [True, True, False, False]
    doors.public_is_open.set()
    assert await asyncio.gather(*asked) == [206] * 4
    assert await doors.ask("/public", transport=(last := Transport())) == 206
    assert [line.cut_off for line in (*lines[2:], last)] == [False, False, False]


async def test_where_nobody_can_be_cut_off_a_stranger_is_told_to_wait() -> None:
    doors = Entrance(access_token="mine", most_strangers=1)
    doors.public_is_open.clear()
    first = asyncio.create_task(doors.ask("/public"))
    await settle()
    assert await doors.ask("/public") == 503
    assert await doors.ask("/?token=mine") == 200
    doors.public_is_open.set()
    assert await first == 206
    assert await doors.ask("/public") == 206


@pytest.mark.parametrize(
    ("system", "peer", "may"),
    [
        ({}, "127.0.0.1", True),
        ({"host": "0.0.0.0", "access_token": "secret"}, "192.168.1.7", True),
        ({"host": "0.0.0.0"}, "192.168.1.7", True),  # a token was made up
        ({"host": "0.0.0.0", "access_token": "none"}, "192.168.1.7", False),
        ({"host": "0.0.0.0", "access_token": "none"}, "127.0.0.1", True),
        ({"host": "::", "access_token": "none"}, "::ffff:127.0.0.1", True),
        ({"host": "::", "access_token": "none"}, "::1", True),
        ({"host": "::", "access_token": "none"}, "fe80::1", False),
        ({"host": "0.0.0.0", "access_token": "none"}, "", False),
    ],
)
def test_who_may_change_what_conf_yaml_says(system: dict[str, Any], peer: str, may: bool) -> None:
    assert access(**system).may_configure(peer, {"host": "localhost:12393"}) is may


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({"host": "127.0.0.1:12393", "origin": "http://127.0.0.1:12393"}, True),
        ({"host": "vtuber.example"}, False),  # a proxy on this computer
        ({"host": "localhost:12393", "x-forwarded-for": "192.168.1.7"}, False),
        ({"host": "localhost:12393", "forwarded": "for=192.168.1.7"}, False),
        ({"host": "localhost:12393", "origin": "http://localhost:5173"}, False),  # another site
        ({"host": "localhost:12393", "origin": "null"}, False),  # any web site, in a frame
        ({"host": "localhost:12393", "origin": "file://"}, False),
        ({}, False),
    ],
)
def test_without_a_token_no_other_site_or_computer_may(headers: dict[str, str], may: bool) -> None:
    allowed = ["http://localhost:5173", "null"]
    assert access(allowed_origins=allowed).may_configure("127.0.0.1", headers) is may
    assert access(access_token="secret").may_configure("192.168.1.7", headers)

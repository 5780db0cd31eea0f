"""Who may come in: Origin, Host and access token are checked before anything else is done."""

from __future__ import annotations

import hmac
import secrets
from asyncio import Transport
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from loguru import logger
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..certificates import Authority, own_addresses
from ..config import SystemConfig
from ..server.devices import Devices
from .device_access import device_of, serve_device
from .guesses import Guesses
from .http_protocol import TRANSPORT
from .origins import Host, Origin, read_host, read_origin
from .peers import FORWARDED, is_this_computer, peer_of

EVERYWHERE = "0.0.0.0"  # noqa: S104 - with a token
OPEN = "none"
"""The `access_token` of a server that anybody in its network may use."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_STRANGER = (
    "This server wants its access token: add ?token=... to the address, as the server printed it "
    "when it started."
)
_TOO_MANY = (
    "Too many requests without the access token at once "
    "(system_config.limits.max_public_requests); try again in a moment."
)
_WAIT = (
    "Too many wrong access tokens came from this address "
    "(system_config.limits.max_wrong_tokens); try again in {} s, with the address as the server "
    "printed it when it started."
)

FROM_DISK = "file://"
"""The origin of the original's desktop client. A browser sends `null` for a page that was opened
from disk, as it does for a frame that any site has put into a sandbox."""

MOST_OFFERED = 4
"""Tokens of one request that are looked at."""

UNGUESSABLE = 16
"""A written token of so many characters is looked at however many wrong ones came before."""

MOST_TOLD = 100
"""Origins whose refusal is logged; a page can make up as many as it likes."""


class Access:
    """What comes in where a server listens. Made once; the token lives as long as the server."""

    def __init__(self, config: SystemConfig) -> None:
        own = Host(config.host.strip("[]").rstrip(".").lower(), None)
        self.loopback = own.is_loopback
        self._listed = config.allowed_origins
        self._origins = frozenset(_plain(origin) for origin in config.allowed_origins)
        sites = (read_origin(origin) for origin in self._origins)
        self._names = frozenset({own.name, *(site.host.name for site in sites if site)})
        self._told: set[str] = set()
        self._written = config.access_token
        self.token: str | None = None
        """What a client must know; None where nothing is asked."""
        if self._written and self._written != OPEN:
            self.token = self._written
        elif not self._written and not self.loopback:
            self.token = secrets.token_urlsafe(16)
        self._scheme, self._host, self._port = "http", config.host, config.port

    @classmethod
    def of_others(cls, config: SystemConfig, token: str | None) -> Access:
        """Return what comes in by HTTPS, from everywhere; `token` is that of the other door."""
        wide = {"host": EVERYWHERE, "port": config.https_port}
        made = cls(config.model_copy(update=wide))
        made.token = token or made.token
        made._scheme = "https"
        return made

    def url(self, host: str = "") -> str:
        """Return the address to open in a browser, with the token in it; `host` is what to call."""
        own = "localhost" if self.is_everywhere else self._host
        host = host or own
        host = f"[{host}]" if ":" in host else host
        query = "?" + urlencode({"token": self.token}) if self.token else ""
        return f"{self._scheme}://{host}:{self._port}/{query}"

    def hosts(self) -> list[str]:
        """Return how other devices may call the server where this listens. Asks the system."""
        if self.loopback:
            return []
        if self.is_everywhere:
            return [str(one) for one in own_addresses().reachable]
        return [self._host.strip("[]")]

    @property
    def is_everywhere(self) -> bool:
        """Whether it is reached at every address of this computer."""
        return self._host in (EVERYWHERE, "::", "")

    def own_socket_url(self) -> str:
        """Return the address at which this server reaches its own /client-ws."""
        host = {EVERYWHERE: "127.0.0.1", "::": "::1"}.get(self._host, self._host)
        host = f"[{host}]" if ":" in host else host
        query = "?" + urlencode({"token": self.token}) if self.token else ""
        return f"ws://{host}:{self._port}/client-ws{query}"

    def explanation(self) -> str:
        """Return what the person who starts the server should know of it, "" if nothing."""
        if self._written == OPEN and not self.loopback:
            return "Anybody in your network can use this server (system_config.access_token: none)."
        where = "https" if self._scheme == "https" else f"host: {self._host}"
        if self.token and not self._written:
            return (
                f"Other computers reach this server ({where}), so it wants the token in "
                "this address; it changes at every start. To keep one, add under system_config: "
                "`access_token: your-own-secret`. To let anybody in, add the line\n"
                "  access_token: none"
            )
        return ""

    def refusal_of_origin(self, text: str | None, host: Host) -> str:
        """Return why a page of this origin may not talk to the server called `host`; "" if it may.

        None stands for what is no browser.
        """
        if text is None or _plain(text) in (*self._origins, _plain(FROM_DISK)):
            return ""
        origin = read_origin(text)
        if origin is None and text == "null":
            return (
                "Pages that were opened from disk may not use this server: open them by its own "
                f"address. {self._advice(text)}; any web site can be one of them, though."
            )
        if origin is None:
            return "The header Origin is that of no page."
        if origin.serves(host):
            return ""
        return f"Pages of {origin} may not use this server. {self._advice(str(origin))}."

    def _advice(self, origin: str) -> str:
        line = ", ".join(f'"{one}"' for one in (*self._listed, origin))
        return (
            "To let them in, its owner writes this line under system_config in conf.yaml: "
            f"`allowed_origins: [{line}]`"
        )

    def refusal_of_host(self, text: str) -> tuple[Host, str]:
        """Return what the server was called, and why it may not be called so; "" if it may.

        A name that leads a browser here without being the server's own is DNS rebinding: a site
        pointed its name here. Where a token is asked for, that site does not have it.
        """
        host = read_host(text)
        if host is None:
            return Host("", None), "The header Host is not the name or address of a server."
        if self.token is not None and not self.loopback:
            return host, ""
        literal = not self.loopback and host.address is not None
        if host.is_loopback or literal or host.name in self._names:
            return host, ""
        names = "localhost" if self.loopback else "its address, as in http://192.168.1.2:12393,"
        advice = self._advice(str(Origin("http", host)))
        return host, f"This server answers to {names} only. {advice}."

    def may_configure(
        self, peer: str, headers: Mapping[str, str], *, forwarded: bool = False
    ) -> bool:
        """Whether who was let in from the address `peer` may change what conf.yaml says.

        Whoever knows the token, or is on this computer; not whoever is in the network. Without a
        token a proxy on this computer makes everybody's address one of this computer, unless it is
        named and has `forwarded` whose address `peer` is, and a page of another site has the
        address of who looks at it: neither may.
        """
        if self.token is not None:
            return True
        host, origin = read_host(headers.get("host", "")), headers.get("origin")
        if host is None or not host.is_loopback:
            return False
        if came_through_proxy(headers) and not forwarded:
            return False
        page = read_origin(origin) if origin is not None else None
        own = origin is None or (page is not None and page.serves(host))
        return own and is_this_computer(peer)

    def tell(self, refusal: str) -> None:
        """Log a refusal, once: a browser does not show a page why its socket was refused."""
        if refusal not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(refusal)
            logger.warning("refused: {}", refusal)

    def knows_token(self, offered: Iterable[str]) -> bool:
        """Return whether one of the tokens offered is right."""
        if self.token is None:
            return True
        right = self.token.encode()
        return any(hmac.compare_digest(token.encode(), right) for token in offered)

    @property
    def is_guessable(self) -> bool:
        """Whether the token is one that somebody could find by trying."""
        return bool(self._written) and self.token is not None and len(self.token) < UNGUESSABLE


def _plain(origin: str) -> str:
    return origin.rstrip("/").lower()


_FORWARDED = (
    *("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"),
    *("x-forwarded-prefix", "x-forwarded-server", "x-forwarded-port", "via"),
)
"""What proxies add to a request."""


def came_through_proxy(headers: Mapping[str, str]) -> bool:
    """Whether a proxy says that it handed the request on."""
    return any(one in headers for one in _FORWARDED)


@dataclass(frozen=True)
class Doors:
    """Where a server listens: who comes by which is let in by its own rules."""

    own: Access
    """At `host` and `port`."""
    others: Access | None = None
    """By HTTPS, where that is served."""
    authority: Authority | None = None
    """Who signed for that, if it is one that other devices do not know yet."""
    hosts: Callable[[], list[str]] = list
    """How other devices may call this computer by HTTPS, the likeliest first. Asks the system."""

    def by(self, scope: Scope) -> Access:
        """Return the rules for who came like this: by what the socket says, not the client."""
        transport = scope.get("state", {}).get(TRANSPORT)
        by_tls = transport is not None and transport.get_extra_info("sslcontext") is not None
        return self.others if by_tls and self.others else self.own


class AccessMiddleware:
    """ASGI middleware that turns away whom `doors` do not know.

    Who does not know the token never reaches the routes: another application answers, which has
    nothing but the `public` files. So no address can be read in one way here and in another by the
    routes, and a new route is guarded by being one.
    """

    def __init__(
        self,
        app: ASGIApp,
        doors: Doors,
        public: ASGIApp,
        most_strangers: int,
        most_wrong_tokens: int = 10,
        devices: Devices | None = None,
    ) -> None:
        """Make one; it answers `most_strangers` who do not know the token at once.

        The one served longest makes room for the next. Who has offered `most_wrong_tokens` waits.
        `devices` come in by tokens of their own.
        """
        self._app = app
        self._doors = doors
        self._public = public
        self._most_strangers = most_strangers
        self._guesses = Guesses(most_wrong_tokens)
        self._devices = devices
        self._strangers: dict[object, Transport | None] = {}
        """Who is being answered, the oldest first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in, answer the rest with 403, 401 or 429."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        access = self._doors.by(scope)
        if refusal := self._refusal(access, scope, headers):
            await _refuse(403, refusal, scope, receive, send)
            return
        offered = _offered(scope, headers)
        if self._devices and offered and (device := self._devices.find(offered)):
            await serve_device(self._app, self._devices, device, scope, receive, send)
            return
        # What nobody finds by trying is always looked at, so a guesser keeps out no neighbour.
        waits = access.is_guessable and self._guesses.wait_s(peer_of(scope))
        if not waits and access.knows_token(offered):
            await self._app(scope, receive, send)
        else:
            # Also where a public file is asked for: who is not counted can be told from who knows
            # the token, by whom the next stranger makes give way.
            self._guesses.wrong(peer_of(scope), offered)
            await self._serve_stranger(scope, receive, send, offered)

    async def _serve_stranger(
        self, scope: Scope, receive: Receive, send: Send, offered: list[str]
    ) -> None:
        if len(self._strangers) >= self._most_strangers and not self._make_room():
            await _refuse(503, _TOO_MANY, scope, receive, send)
            return
        key = object()
        self._strangers[key] = scope.get("state", {}).get(TRANSPORT)
        try:
            if scope["type"] == "http":
                await self._public(scope, receive, send)
            else:
                await self._turn_away(scope, receive, send, offered)
        except HTTPException:  # it is none of the public files, or no file at all
            await self._turn_away(scope, receive, send, offered)
        finally:
            self._strangers.pop(key, None)

    async def _turn_away(
        self, scope: Scope, receive: Receive, send: Send, offered: list[str]
    ) -> None:
        """Refuse who does not know the token; who has tried too many waits."""
        if offered and (wait_s := self._guesses.wait_s(peer_of(scope))):
            headers = {"Retry-After": str(wait_s)}
            await _refuse(429, _WAIT.format(wait_s), scope, receive, send, headers)
        else:
            await _refuse(401, _STRANGER, scope, receive, send)

    def _make_room(self) -> bool:
        """Cut off who has been served longest: the parts of the owner's page are public files too.

        Returns whether that was possible.
        """
        oldest, transport = next(iter(self._strangers.items()))
        if transport is None:
            return False
        del self._strangers[oldest]
        transport.abort()
        return True

    def _refusal(self, access: Access, scope: Scope, headers: dict[str, str]) -> str:
        """Return why a page may not ask this, or not of a server of this name; "" if it may."""
        host, refusal = access.refusal_of_host(headers.get("host", ""))
        acts = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if not refusal and acts:
            refusal = access.refusal_of_origin(headers.get("origin"), host)
        if refusal:
            access.tell(refusal)
        return refusal


def _offered(scope: Scope, headers: dict[str, str]) -> list[str]:
    """Return the tokens of a request. Cookies are not read: other sites can have them sent."""
    offered = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
    kind, _, token = headers.get("authorization", "").partition(" ")
    bearer = [token.strip()] if kind.lower() == "bearer" else []
    return [*bearer, *offered][:MOST_OFFERED]


async def _refuse(
    status: int,
    text: str,
    scope: Scope,
    receive: Receive,
    send: Send,
    headers: Mapping[str, str] | None = None,
) -> None:
    if scope["type"] == "websocket":
        await receive()  # the request to connect
    await JSONResponse({"error": text}, status, headers)(scope, receive, send)


def access_of(connection: HTTPConnection) -> Access:
    """Return the rules of the door by which somebody came."""
    doors: Doors = connection.app.state.doors
    return doors.by(connection.scope)


def may_configure(connection: HTTPConnection) -> bool:
    """Whether who sent a request, or opened a socket, may change what conf.yaml says."""
    scope = connection.scope
    if device := device_of(scope):
        return device.may_configure
    forwarded = bool(scope.get("state", {}).get(FORWARDED))
    access = access_of(connection)
    return access.may_configure(peer_of(scope), connection.headers, forwarded=forwarded)

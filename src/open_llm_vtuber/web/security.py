"""Who may come in: Origin, Host and access token are checked before anything else is done."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..config import SystemConfig

OPEN = "none"
"""The `access_token` of a server that anybody in its network may use."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_STRANGER = (
    "This server wants its access token: add ?token=... to the address, as the server printed it "
    "when it started."
)


def is_loopback(host: str) -> bool:
    """Return whether a host name or address leads to this computer alone."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class Access:
    """What one server lets in. Made once; the token lives as long as the server."""

    def __init__(self, config: SystemConfig) -> None:
        self.loopback = is_loopback(config.host)
        self._origins = frozenset(origin.rstrip("/").lower() for origin in config.allowed_origins)
        self._written = config.access_token
        self.token: str | None = None
        """What a client must know; None where nothing is asked."""
        if self._written and self._written != OPEN:
            self.token = self._written
        elif not self._written and not self.loopback:
            self.token = secrets.token_urlsafe(16)
        self._host, self._port = config.host, config.port

    def url(self) -> str:
        """Return the address to open in a browser, with the token in it."""
        host = "localhost" if self._host in ("0.0.0.0", "::", "") else self._host  # noqa: S104
        host = f"[{host}]" if ":" in host else host
        query = "?" + urlencode({"token": self.token}) if self.token else ""
        return f"http://{host}:{self._port}/{query}"

    def own_socket_url(self) -> str:
        """Return the address at which this server reaches its own /client-ws."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        host = f"[{host}]" if ":" in host else host
        query = "?" + urlencode({"token": self.token}) if self.token else ""
        return f"ws://{host}:{self._port}/client-ws{query}"

    def explanation(self) -> str:
        """Return what the person who starts the server should know of it, "" if nothing."""
        if self._written == OPEN and not self.loopback:
            return "Anybody in your network can use this server (system_config.access_token: none)."
        if self.token and not self._written:
            return (
                f"Other computers reach this server (host: {self._host}), so it wants the token in "
                "this address; it changes at every start. To keep one, add under system_config: "
                "`access_token: your-own-secret`. To let anybody in, add the line\n"
                "  access_token: none"
            )
        return ""

    def knows_origin(self, origin: str | None, host: str) -> bool:
        """Return whether a page of `origin` may talk to the server called `host`."""
        if origin is None:  # no browser
            return True
        origin = origin.rstrip("/").lower()
        if origin in self._origins or origin == "file:":
            return True
        try:
            parts = urlsplit(origin)
            name = parts.hostname or ""
        except ValueError:
            return False
        return bool(name) and (parts.netloc == host.lower() or is_loopback(name))

    def knows_host(self, host: str) -> bool:
        """Return whether the server may be called so: any name, unless it is for us alone.

        A name that leads a browser to this computer without being its own is DNS rebinding; that
        of an allowed origin is a reverse proxy.
        """
        if not self.loopback or any(urlsplit(one).netloc == host for one in self._origins):
            return True
        try:
            return is_loopback(urlsplit(f"//{host}").hostname or "")
        except ValueError:
            return False

    def knows_token(self, offered: Iterable[str]) -> bool:
        """Return whether one of the tokens offered is right."""
        if self.token is None:
            return True
        right = self.token.encode()
        return any(hmac.compare_digest(token.encode(), right) for token in offered)


class Gate:
    """ASGI middleware that turns away whom `access` does not know.

    Who does not know the token never reaches the routes: another application answers, which has
    nothing but the `public` files. So no address can be read in one way here and in another by the
    routes, and a new route is guarded by being one.
    """

    def __init__(self, app: ASGIApp, access: Access, public: ASGIApp) -> None:
        self._app = app
        self._access = access
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in, answer the rest with 403 or 401."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        if refusal := self._refusal(scope, headers):
            await _refuse(403, refusal, scope, receive, send)
        elif self._access.knows_token(_offered(scope, headers)):
            await self._app(scope, receive, send)
        else:
            await self._serve_stranger(scope, receive, send)

    async def _serve_stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                await self._public(scope, receive, send)
            except HTTPException:  # it is none of the public files, or no file at all
                pass
            else:
                return
        await _refuse(401, _STRANGER, scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> str:
        """Return why a page may not ask this, or not of a server of this name; "" if it may."""
        host = headers.get("host", "")
        if not self._access.knows_host(host):
            return (
                "This server answers to localhost only. To reach it by another name, set "
                "system_config.host."
            )
        acts = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if acts and not self._access.knows_origin(headers.get("origin"), host):
            return (
                "Pages of this origin may not use the server. Its owner can list the origin in "
                "system_config.allowed_origins."
            )
        return ""


def _offered(scope: Scope, headers: dict[str, str]) -> list[str]:
    """Return the tokens of a request. Cookies are not read: other sites can have them sent."""
    offered = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
    kind, _, token = headers.get("authorization", "").partition(" ")
    return [*offered, token.strip()] if kind.lower() == "bearer" else offered


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()  # the request to connect
    await JSONResponse({"error": text}, status)(scope, receive, send)

"""What went wrong with somebody asked over HTTP, in one wording, and how to mend it; no I/O.

The errors of httpx, of either generation, aiohttp and urllib are told by what caused them, which
is Python's own, and else by their names, on which the libraries agree: none is imported for it.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson

from .faults import ErrorCode, Fault, fault
from .http_settings import is_loopback
from .masking import masked, without_credentials

QUOTED = 300
"""Characters of a service's own error text that are passed on."""
_SPENT = re.compile(
    r"quota|insufficient[ _](balance|credit|fund)"
    r"|(credit|balance)s? (balance|remaining|is (too low|insufficient))|out of credits"
    r"|余额不足|欠费",
    re.IGNORECASE,
)
"""In a refusal: the key is good, and what was paid for is used up."""
_SOON = re.compile(
    r"(per|every|each|/) ?(second|minute|min|sec)\b|rate.?limit|try again in", re.IGNORECASE
)
"""In the same: it is used up for a moment only."""
_WRONG_KEY = re.compile(
    r"(incorrect|invalid|wrong|unknown|expired|no such)[ _\w]{0,12}(key|token)", re.IGNORECASE
)
"""In the same: what it says of a quota is beside the point."""
_SPENT_STATUSES = (400, 401, 402, 403, 429)
_ELSEWHERE_STATUSES = (429, 502, 503, 504)
"""With which somebody says that another may take the request: nothing was done for it."""
BROKE_OFF = "broke off in the middle of its answer"


class Trouble(Enum):
    """What kept a request from being answered."""

    NAME = "cannot be reached: the name {host} is unknown"
    REFUSED = "cannot be reached: connections to {place} are refused"
    UNREACHABLE = "cannot be reached: {detail}"
    CERTIFICATE = "cannot be reached: its certificate is not trusted ({detail})"
    CONNECT_TIMEOUT = "cannot be reached: no connection came about in time"
    PROXY = "cannot be reached through the proxy {proxy}: {detail}"
    REDIRECTS = "leads round in circles: too many redirects"
    NO_TLS = "does not speak HTTPS"
    NO_HTTP = "does not speak HTTP"
    SILENT = "does not answer"
    CLOSED = "closed the connection without an answer"
    OTHER = "cannot be asked: {detail}"


_BY_NAME = {
    "TooManyRedirects": Trouble.REDIRECTS,
    "ProxyError": Trouble.PROXY,
    "ClientProxyConnectionError": Trouble.PROXY,
    "ClientHttpProxyError": Trouble.PROXY,
    "ConnectionTimeoutError": Trouble.CONNECT_TIMEOUT,
    "PoolTimeout": Trouble.CONNECT_TIMEOUT,
    "SocketTimeoutError": Trouble.SILENT,
    "ReadTimeout": Trouble.SILENT,
    "WriteTimeout": Trouble.SILENT,
    "ServerDisconnectedError": Trouble.CLOSED,
    "ClientPayloadError": Trouble.CLOSED,
    "ReadError": Trouble.CLOSED,
    "WriteError": Trouble.CLOSED,
    "CloseError": Trouble.CLOSED,
    "IncompleteReadError": Trouble.CLOSED,
    "ClientResponseError": Trouble.NO_HTTP,
    "HttpProcessingError": Trouble.NO_HTTP,
    "LocalProtocolError": Trouble.NO_HTTP,
    "DecodingError": Trouble.NO_HTTP,
    "ConnectTimeout": Trouble.CONNECT_TIMEOUT,
}
_TELLING = frozenset({"TooManyRedirects", "ProxyError", "ClientHttpProxyError"})
"""Errors that say themselves what the matter is, and better than what caused them."""
_DISCONNECTED = ("disconnected", "peer closed", "without sending")
"""What a RemoteProtocolError says that is no fault of the protocol."""
_AT_THE_PROXY = {
    Trouble.NAME: "its name is unknown",
    Trouble.REFUSED: "connections to it are refused",
    Trouble.CONNECT_TIMEOUT: "no connection came about in time",
}

_NOT_ELSEWHERE = frozenset({Trouble.SILENT, Trouble.REDIRECTS, Trouble.OTHER})
"""What another address may not mend, or after which it is too late to ask there."""

_RUNNING = "is it running"
_QUESTIONS = {
    Trouble.NAME: ("is this computer online",),
    Trouble.REFUSED: (_RUNNING,),
    Trouble.UNREACHABLE: (_RUNNING, "is this computer online"),
    Trouble.CONNECT_TIMEOUT: (_RUNNING, "is this computer online"),
}
"""What a person looks at first, beside the address."""


class Told(NamedTuple):
    """What a person is told, and its code: what an EngineError is made of."""

    text: str
    fault: Fault


@dataclass(frozen=True)
class Service:
    """Somebody who is asked over HTTP, as a person is told of it."""

    who: str
    """As in "The language model llama3"."""
    url: str
    """Where it is; it may hold a user and a password."""
    address_key: str = ""
    """The key of conf.yaml that has its address; empty where there is none."""
    secret_key: str = ""
    """That of the key or password with which it is asked."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What is never told of what it says."""
    not_found: str = "has nothing there"
    """What its status 404 means."""
    running: str = _RUNNING
    """What a person is asked first where nobody listens at its address."""
    proxy: str = ""
    """Through which proxy it is asked."""
    trusts_environment: bool = True
    """Whether SSL_CERT_FILE can have its certificate trusted."""
    others: tuple[str, ...] = ()
    """Where the same can be had as well, with the same key."""

    @property
    def address(self) -> str:
        """Its address without a secret."""
        return masked(without_credentials(self.url)[0])

    @property
    def is_here(self) -> bool:
        """Whether it runs on this computer, wherever it is asked."""
        return all(is_loopback(urlsplit(url).hostname or "") for url in (self.url, *self.others))

    def at(self, url: str) -> Service:
        """Return the same as it is at one of its addresses."""
        return self if url == self.url else replace(self, url=url)

    @property
    def whereabouts(self) -> str:
        """Who and where it is."""
        return f"{self.who} at {self.address}"

    def failed(self, error: BaseException, *, answering: bool = False) -> Told:
        """Return what a request came to that nobody answered, or not to the end, and the mend.

        `answering` is true once an answer had begun.
        """
        trouble, _ = trouble_of(error, proxied=bool(self.proxy))
        reason = self.reason(error, answering=answering)
        mend = "" if answering else self._mend(trouble)
        broken = answering or trouble in (Trouble.SILENT, Trouble.CLOSED, Trouble.OTHER)
        code: ErrorCode = "service-failed" if broken else "service-unreachable"
        text = f"{self.whereabouts} {reason}.{' ' if mend else ''}{mend}"
        return Told(text, fault(code))

    def reason(self, error: BaseException, *, answering: bool = False) -> str:
        """Return the same in a few words, without who it is, the mend and the full stop."""
        trouble, detail = trouble_of(error, proxied=bool(self.proxy))
        if answering and trouble is not Trouble.PROXY:
            return "fell silent" if trouble is Trouble.SILENT else BROKE_OFF
        parts = urlsplit(self.address)
        return trouble.value.format(
            host=parts.hostname,
            place=parts.netloc,
            proxy=self._proxy,
            detail=self.without_secrets(detail),
        )

    def refused(self, status: int, said: str = "") -> Told:
        """Return what an answer with an HTTP status of 300 or more means.

        `said` is what the service says of it.
        """
        if _is_spent(status, said):
            says = f" It says: {self.without_secrets(said)}" if said else ""
            text = f"{self.whereabouts} does no more for your account: its quota is used up"
            return Told(f"{text} (status {status}).{says}", fault("quota-spent"))
        if status in (401, 403):
            # A service may repeat a part of the key here, so its words are not passed on.
            what = f"the {self.secret_key}" if self.secret_key else "to answer"
            text = f"{self.whereabouts} refuses {what} (status {status})."
            return Told(text, fault("key-wrong" if self.secret_key else "service-refused"))
        said = self.without_secrets(said)
        said = f" It says: {said}" if said else ""
        text = f"{self.whereabouts} {self._meaning(status)} (status {status}).{said}"
        return Told(text, fault(_code_of(status)))

    def without_secrets(self, text: str) -> str:
        """Return a text of its without what is nobody's business."""
        password = without_credentials(self.url)[1].partition(":")[2]
        return masked(text, (*self.secrets, password))

    def _meaning(self, status: int) -> str:
        if status == 404:
            return self.not_found
        if status == 407:
            return f"is reached through a proxy, {self._proxy}, that wants a user and a password"
        if status == 429:
            return "takes no more requests for now"
        if status >= 500:
            return "has a problem of its own"
        return "did not accept the request"

    @property
    def _proxy(self) -> str:
        return masked(without_credentials(self.proxy)[0])

    def _mend(self, trouble: Trouble) -> str:
        if trouble is Trouble.PROXY:
            return (
                "Is the proxy running, and its address right? https_proxy, http_proxy and "
                "all_proxy in the environment name it, no_proxy who is reached without."
            )
        if trouble is Trouble.CERTIFICATE:
            return (
                "Have SSL_CERT_FILE name the file with the certificate of its authority."
                if self.trusts_environment
                else "A virus scanner or a proxy on the way may have put in its own."
            )
        asked = _QUESTIONS.get(trouble, ())
        questions = [self.running if one == _RUNNING else one for one in asked]
        if self.address_key and trouble in (*_QUESTIONS, Trouble.REDIRECTS):
            questions.append(f"is {self.address_key} right")
        if self.address_key and trouble in (Trouble.NO_TLS, Trouble.NO_HTTP):
            questions.append(f"is {self.address_key} right, its http:// or https:// and its port")
        text = ", and ".join(questions)
        return f"{text[:1].upper()}{text[1:]}?" if text else ""


def _code_of(status: int) -> ErrorCode:
    if status >= 500:
        return "service-failed"
    codes: dict[int, ErrorCode] = {404: "model-unknown", 429: "service-busy"}
    return codes.get(status, "service-refused")


def error_text(body: bytes) -> str:
    """Return what an error response says in words, shortened; "" where it says nothing."""
    try:
        found = orjson.loads(body)
    except ValueError:
        return ""
    if isinstance(found, list) and found:
        found = found[0]
    places = ("error", "base_resp", "detail", "message", "msg", "status_msg", "error_msg")
    for key in places:
        if isinstance(found, dict) and key in found:
            found = found[key]
    if isinstance(found, list) and found and isinstance(found[0], dict):
        found = found[0].get("msg")  # a validator's list of what it did not like
    return " ".join(found.split())[:QUOTED] if isinstance(found, str) else ""


def helps_elsewhere(problem: BaseException | int) -> bool:
    """Whether a request may be made at another address: what failed it, or its answer's status.

    It may if it was not taken. One that was, and then closed upon, is made once more as well: what
    is asked of a service changes nothing there.
    """
    if isinstance(problem, int):
        return problem in _ELSEWHERE_STATUSES
    return trouble_of(problem)[0] not in _NOT_ELSEWHERE


def trouble_of(error: BaseException, *, proxied: bool = False) -> tuple[Trouble, str]:
    """Return what an error of a client for HTTP comes to, and what is to be said of it.

    Where a proxy is asked, whatever keeps a connection from coming about is its.
    """
    trouble, detail = _trouble(list(_chain(error)))
    if proxied and trouble in (*_AT_THE_PROXY, Trouble.UNREACHABLE):
        return Trouble.PROXY, _AT_THE_PROXY.get(trouble, detail)
    return trouble, detail


def _trouble(chain: list[BaseException]) -> tuple[Trouble, str]:
    """Look at the deepest cause first: the libraries call many a thing a time-out."""
    names = [{one.__name__ for one in type(error).__mro__} for error in chain]
    for error, known in zip(chain, names, strict=True):
        for name in _TELLING & known:
            return _BY_NAME[name], _words(error)
    for error, known in reversed(list(zip(chain, names, strict=True))):
        if isinstance(error, ssl.SSLCertVerificationError):
            return Trouble.CERTIFICATE, error.verify_message or _words(error)
        if isinstance(error, ssl.SSLError):
            return Trouble.NO_TLS, ""
        if isinstance(error, socket.gaierror):
            return Trouble.NAME, ""
        if isinstance(error, ConnectionRefusedError):
            return Trouble.REFUSED, ""
        if isinstance(error, ConnectionResetError | BrokenPipeError | EOFError):
            return Trouble.CLOSED, ""
        if "RemoteProtocolError" in known:
            gone = any(one in str(error) for one in _DISCONNECTED)
            return (Trouble.CLOSED if gone else Trouble.NO_HTTP), ""
        if name := next((one for one in _BY_NAME if one in known), ""):
            return _BY_NAME[name], _words(error)
        if isinstance(error, OSError) and error.errno:
            return Trouble.UNREACHABLE, error.strerror or _words(error)
    if any("TimeoutError" in known for known in names):  # somebody's patience was at its end
        return Trouble.SILENT, ""
    return Trouble.OTHER, _words(chain[0])


def _words(error: BaseException) -> str:
    status = getattr(error, "status", 0)
    said = getattr(error, "message", "") or str(error) or type(error).__name__
    return f"it answered {status} {said}" if status else " ".join(str(said).split())


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it, the deepest last."""
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _is_spent(status: int, said: str) -> bool:
    """Whether an account's money or share is used up, by what a service says."""
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return True
    if status not in _SPENT_STATUSES or not _SPENT.search(said):
        return False
    return not (_SOON.search(said) or _WRONG_KEY.search(said))

"""What the server opens to listen, and what the terminal is told of it: addresses, a QR code."""

from __future__ import annotations

import io
import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import segno
from loguru import logger

from ..certificates import Authority, Certificates, named, own_addresses, tls
from ..config import SystemConfig
from ..web.binding import BindError, bind
from ..web.https import Follower
from ..web.security import EVERYWHERE, Access, Doors


@dataclass(frozen=True)
class Secure:
    """The door of other devices: bound, and not listening yet."""

    sockets: list[socket.socket]
    context: ssl.SSLContext
    follow: Callable[[ssl.SSLContext], None] | None
    hosts: Callable[[], list[str]]
    """Returns how other devices may call this computer, the likeliest first."""
    authority: Authority | None
    """Who signed the certificate, if that is we."""


def open_secure(system: SystemConfig, folder: Path) -> Secure:
    """Bind the port of HTTPS and have its certificate.

    Raises BindError, and CertificateError.
    """
    certificates, found = Certificates(folder / "certificates"), own_addresses()
    own = system.https_certificate
    sockets = _everywhere(system.https_port)
    if own:
        context = tls(folder / own, folder / system.https_key if system.https_key else None)
        written = named((folder / own).read_bytes())
        return Secure(sockets, context, None, lambda: written, None)
    context = tls(certificates.file(found))

    def hosts() -> list[str]:
        return [str(one) for one in certificates.signable(own_addresses()).reachable]

    follow = Follower(certificates, found)
    return Secure(sockets, context, follow, hosts, certificates.authority)


def _everywhere(port: int) -> list[socket.socket]:
    """Return sockets at all addresses of this computer. Raises BindError."""
    bound = bind(EVERYWHERE, port, "system_config.https_port:")
    try:
        return [*bound, *bind("::", port)]
    except BindError:  # no IPv6 here
        return bound


def tell(doors: Doors, secure: Secure | None) -> None:
    """Write into the terminal where to find her; a token is no business of the log file."""
    own = doors.own
    if own.token:
        _say(f"Open {own.url()} in your browser. Ctrl+C stops.")
    else:
        logger.info("Open {} in your browser. Ctrl+C stops.", own.url())
    if text := own.explanation():
        logger.warning("{}", text)
    if secure and doors.others:
        _tell_of_others(doors, doors.others, secure.hosts())


def _tell_of_others(doors: Doors, others: Access, hosts: list[str]) -> None:
    if not hosts:
        logger.warning("No other device can reach this computer: it is in no network.")
        return
    urls = [others.url(host) for host in hosts]
    _say("Other devices open " + " or ".join(urls))
    if sys.stderr.isatty():
        _say(code(urls[0]))
    if doors.authority:
        page = others.url(hosts[0]).partition("?")[0] + "trust"
        _say(
            f"They warn until they trust this computer; {page} says how. SHA-256 of its authority: "
            f"{doors.authority.fingerprint}"
        )
    if text := others.explanation():
        logger.warning("{}", text)


def code(text: str) -> str:
    """Return a QR code as a terminal shows it."""
    drawn = io.StringIO()
    segno.make(text, micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - it is written for the terminal

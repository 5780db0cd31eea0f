"""The headers Host and Origin, read strictly: what is not exactly one of a browser's is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

_HOST = re.compile(
    r"(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,126}))"
    r"(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Host:
    """What a server is called: a name or an address, and a port unless it is the scheme's own."""

    name: str
    """In small letters; an IPv6 address without its brackets."""
    port: int | None

    @property
    def address(self) -> IPv4Address | IPv6Address | None:
        """The literal address that it is; None for a name."""
        try:
            return ip_address(self.name)
        except ValueError:
            return None

    @property
    def is_loopback(self) -> bool:
        """Whether it leads to this computer alone: browsers ask no DNS for names in .localhost."""
        if self.address is not None:
            return self.address.is_loopback
        return self.name == "localhost" or self.name.endswith(".localhost")


def read_host(text: str) -> Host | None:
    """Return what a Host header says (RFC 9110, section 7.2); None if it is not to be believed.

    User info, a dot at the end, a port that is none: no browser sends such a thing, and each has
    been read as one name here and as another there.
    """
    found = _HOST.fullmatch(text.lower())
    if found is None:
        return None
    name = found["six"] or found["name"]
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port < 2**16:
        return None
    if found["six"]:
        try:
            return Host(str(IPv6Address(name)), port)
        except ValueError:
            return None
    return Host(name, port)


@dataclass(frozen=True)
class Origin:
    """The site of a page (RFC 6454)."""

    scheme: str
    host: Host

    def serves(self, host: Host) -> bool:
        """Return whether its pages come from the server called `host`.

        The scheme is left aside: what a proxy in front of the server speaks cannot be seen here.
        """
        default = _DEFAULT_PORTS.get(self.scheme)
        if default is None or self.host.name != host.name:
            return False
        return (self.host.port or default) == (host.port or default)

    def __str__(self) -> str:
        name = f"[{self.host.name}]" if ":" in self.host.name else self.host.name
        port = "" if self.host.port in (None, _DEFAULT_PORTS.get(self.scheme)) else self.host.port
        return f"{self.scheme}://{name}:{port}" if port else f"{self.scheme}://{name}"


def read_origin(text: str) -> Origin | None:
    """Return what an Origin header says; None for `null`, `file://` and what is no origin."""
    scheme, separator, rest = text.lower().partition("://")
    host = read_host(rest)
    if not separator or host is None or not re.fullmatch("[a-z][a-z0-9+.-]{0,30}", scheme):
        return None
    return Origin(scheme, host)

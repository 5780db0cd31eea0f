"""How anybody here speaks HTTP: through which proxy, how patiently, trusting which certificates."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypedDict
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from .masking import masked

CONNECT_S = 5.0
"""How long a connection may take to come about."""
SILENCE_S = 60.0
"""How long whoever was asked may send nothing."""
MAX_REDIRECTS = 5
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class HttpSettingsError(Exception):
    """The environment names a proxy or certificates that are none; the text says how to mend it."""


class ClientSettings(TypedDict):
    """What a client of httpx, of either generation, is opened with."""

    timeout: tuple[float, float, float, float]
    proxy: str | None
    mounts: Mapping[str, None]
    verify: ssl.SSLContext
    trust_env: bool
    follow_redirects: bool
    max_redirects: int


def client_settings(
    url: str,
    *,
    connect_s: float = CONNECT_S,
    silence_s: float = SILENCE_S,
    follow_redirects: bool = True,
    others: Sequence[str] = (),
) -> ClientSettings:
    """Return how a client for what is at `url` is opened, and at `others` as well.

    Of them those are reached through the proxy of `url` that are reached through one. It blocks
    for some milliseconds. Raises HttpSettingsError.
    """
    direct = [one for one in (url, *others) if others and not proxy_for(one)]
    return ClientSettings(
        timeout=(connect_s, silence_s, silence_s, connect_s),
        proxy=next(filter(None, map(proxy_for, (url, *others))), None),
        # Also where a redirect leads to this computer.
        mounts={
            **{f"all://{host}": None for host in _LOOPBACK},
            **{f"all://{urlsplit(one).hostname}": None for one in direct},
        },
        verify=_certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
        trust_env=False,  # all of it has been read
        follow_redirects=follow_redirects,
        max_redirects=MAX_REDIRECTS,
    )


def is_address(url: str) -> bool:
    """Whether `url` is an address that can be asked over HTTP."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        return parts.scheme in ("http", "https") and bool(host) and parts.port != 0
    except ValueError:  # its port is no number, its name none of DNS, or it has half of a bracket
        return False


def proxy_for(url: str) -> str:
    """Return the proxy through which `url` is reached, as the environment has it; "" for none.

    `https_proxy`, `http_proxy` and `all_proxy` name it, `no_proxy` who is reached without; where
    they are unset, the settings of Windows or macOS. This computer is never reached through one.
    Raises HttpSettingsError.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxies = getproxies()
    if is_loopback(host) or proxy_bypass(host) or _is_in(host, proxies.get("no", "")):
        return ""
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    found = proxies.get(scheme) or proxies.get("all", "")
    return usable_proxy(found, f"{scheme}_proxy or all_proxy") if found else ""


def environment() -> dict[str, str]:
    """Return the environment of a child that speaks HTTP as it says, this computer taken out."""
    found = dict(os.environ)
    if any(name.lower().endswith("_proxy") for name in found):
        exempt = getproxies().get("no", "")
        found["no_proxy"] = ",".join(filter(None, [exempt, "127.0.0.1", "localhost", "::1"]))
    return found


def usable_proxy(text: str, named_by: str) -> str:
    """Return the address of a proxy, which may be `host:port`. Raises HttpSettingsError."""
    address = text if "://" in text else f"http://{text}"
    if not is_address(address):
        raise HttpSettingsError(
            f"{masked(text)}, which {named_by} names, is no HTTP proxy. Name one that is, as "
            "http://host:port, or have no_proxy name the host that is reached without one."
        )
    return address


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer by its name or number."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _is_in(host: str, no_proxy: str) -> bool:
    """Whether `no_proxy` has the network of an address, as in 192.168.0.0/16."""
    address = _address(host)
    if address is None:
        return False
    for entry in no_proxy.split(","):
        try:
            if address in ipaddress.ip_network(entry.strip(), strict=False):
                return True
        except ValueError:  # it is a name
            continue
    return False


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@lru_cache(maxsize=4)
def _certificates(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Return what the system trusts, or what SSL_CERT_FILE and SSL_CERT_DIR name.

    Raises HttpSettingsError.
    """
    if file or folder:
        try:
            return ssl.create_default_context(cafile=file or None, capath=folder or None)
        except OSError as error:
            raise HttpSettingsError(
                f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR name ({file or folder}) "
                f"cannot be read: {error.strerror or error}. Mend that, or unset it."
            ) from error
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)

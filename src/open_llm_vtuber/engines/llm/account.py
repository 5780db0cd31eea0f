"""What a person writes of an account: its address, mended, and its key, unless it is none; pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from ...http_settings import is_address

_NO_KEY = re.compile(
    r"|your\b.*|<.*>|\.*|x{3,}|(sk-)?x{3,}.*|.*\bapi[ _-]?key( here)?|.*你的.*", re.IGNORECASE
)
"""What stands in an example where the key belongs."""


def mended_address(text: str) -> str:
    """Return an address that can be asked, its `http://` or `https://` put in where it is missing.

    Raises ValueError where it is none.
    """
    url = text.strip()
    if "://" not in url and not re.search(r"\s", url) and is_address(f"http://{url}"):
        url = f"{'http' if _is_nearby(f'http://{url}') else 'https'}://{url}"
    if not is_address(url):
        raise ValueError(
            "expected an address that begins with http:// or https://, "
            'such as "http://localhost:11434/v1"'
        )
    return url


def is_key(text: str) -> bool:
    """Whether `text` may be a key, and not what stands in its place in an example."""
    return _NO_KEY.fullmatch(text.strip()) is None


def _is_nearby(url: str) -> bool:
    """Whether an address is of this computer or its network, where few have certificates."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".localhost", ".home"))

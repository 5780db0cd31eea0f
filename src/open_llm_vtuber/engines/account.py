"""What a person writes of an account: its address, mended, and its key, unless it is none."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from ..faults import fault
from ..http_settings import is_address
from ..masking import PLACEHOLDERS, without_credentials
from .errors import EngineError

_NO_KEY = re.compile(
    r"|your(?![a-z0-9]).*|<.*>|\.*|x{3,}|(sk-)?x{3,}.*|(.*[^a-z0-9])?api[ _-]?key( here)?|.*你的.*",
    re.IGNORECASE,
)
"""What stands in an example where the key belongs."""


def mended_address(text: str) -> str:
    """Return an address that can be asked, its `http://` or `https://` put in where it is missing.

    Raises ValueError where it is none.
    """
    url = text.strip()
    if "://" not in url and not re.search(r"\s", url) and is_address(f"http://{url}"):
        url = f"{'http' if is_nearby(f'http://{url}') else 'https'}://{url}"
    if not is_address(url):
        raise ValueError(
            "expected an address that begins with http:// or https://, "
            'such as "http://localhost:11434/v1"'
        )
    return url


def _or_empty(text: str) -> str:
    return mended_address(text) if text.strip() else ""


Address = Annotated[str, AfterValidator(mended_address)]
"""A key that names where a service is."""
OptionalAddress = Annotated[str, AfterValidator(_or_empty)]
"""Likewise one that may be unset."""


def _without_password(url: str) -> str:
    if without_credentials(url)[1]:
        raise ValueError("a user and a password belong into base_url alone: they are sent to all")
    return mended_address(url).rstrip("/")


OtherAddresses = Sequence[Annotated[str, AfterValidator(_without_password)]]
"""A key that names where else a service is."""


def other_addresses() -> Any:
    """Return the field of a key `other_base_urls`."""
    return Field(
        (),
        description="Where the same service, with the same models and key, can be asked as well. "
        "The one with the fewest requests is asked; one that does not answer is left out until it "
        "does, and what was asked of it is asked of another.",
    )


def is_key(text: str) -> bool:
    """Whether `text` may be a key, and not what stands in its place in an example."""
    return _NO_KEY.fullmatch(text.strip()) is None


def is_own_key(text: str) -> bool:
    """Whether `text` may be the key of somebody's account, and not what any server takes."""
    return is_key(text) and text.strip().lower() not in PLACEHOLDERS


def need_keys(name: str, section: str, config: object, needed: Mapping[str, str]) -> None:
    """See that an engine has the keys it needs, by whose names it is said where one has them.

    Raises EngineError.
    """
    for key, where in needed.items():
        if not is_own_key(getattr(config, key)):
            raise EngineError(
                f"{name} needs {section}.{key} in conf.yaml, which is not set: {where}.",
                fault("key-wrong"),
            )


def is_nearby(url: str) -> bool:
    """Whether an address is of this computer or its network, where few have certificates."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".localhost", ".home"))

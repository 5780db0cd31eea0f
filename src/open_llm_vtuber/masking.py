"""What no log, error or page may hold: keys, tokens and passwords, wherever they stand."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus, unquote, urlsplit, urlunsplit

HIDDEN = "..."
_ENDING = r"(?:token|secret|passw(?:or)?d|api[_-]?key|secret[_-]?(?:key|id)|sessdata)"
_NAME = rf"[\w-]*{_ENDING}"
# All of them look at a text once, whatever is in it: all that is logged is looked through.
_PATTERNS = (
    # scheme://user:password@host
    (re.compile(r"(?<=://)[^\s/@'\"<>]+@"), f"{HIDDEN}@"),
    # ?token=abc, api_key="abc", {"api_key": "abc"}
    (re.compile(rf"({_ENDING}(?:[\"']\s*:\s*[\"']|=[\"']?))[^\s\"'&,;}})]+", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"([?&]key=)[^\s\"'&]+", re.I), rf"\1{HIDDEN}"),
    (re.compile(rf"(?<![\w-])(--{_NAME}\s+)\S+", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"\b(Bearer|Basic) [\w.~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(?:sk|pk|gsk|xai|ghp|gho|hf|glpat)[-_][\w-]{12,}"), HIDDEN),
)
_SECRET_KEY = re.compile(_NAME, re.I)
SHORTEST = 6
"""A value that is shorter would be found in words that have nothing to do with it."""
PLACEHOLDERS = frozenset(
    {"somethingelse", "default_api_key", "not-needed", "ollama", "lm-studio", "nothing", "dummy"}
)
"""What stands where a key is wanted and none is needed: no secrets, and some are words."""


_hidden: set[str] = set()
"""What the configuration holds of keys and passwords. The log of a process is one."""


def hide(secrets: Iterable[str]) -> None:
    """Have these never logged."""
    _hidden.update(secrets)


def hidden() -> Iterable[str]:
    """Return what is never logged."""
    return _hidden


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without the `secrets`, and without what looks like one."""
    for secret in secrets:
        for spelling in _spellings(secret):
            text = text.replace(spelling, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def is_secret(key: str) -> bool:
    """Whether what a key of this name holds is a secret."""
    return bool(_SECRET_KEY.fullmatch(key))


def without_credentials(url: str) -> tuple[str, str]:
    """Return a URL without its user and password, and these as `user:password`, "" for none.

    What is in the query of a URL may be a key, but belongs to the address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # it is none, as whoever connects to it will say
        return url, ""
    credentials, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ""
    return urlunsplit(parts._replace(netloc=host)), unquote(credentials)


def basic_authorization(credentials: str) -> str:
    """Return the header with which `user:password` is sent."""
    return f"Basic {base64.b64encode(credentials.encode()).decode('ascii')}"


def secrets_of(value: object, key: str = "") -> Iterator[str]:
    """Yield the secrets in the values of a configuration: by their keys, and in URLs."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from secrets_of(one, str(name))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from secrets_of(one, key)
    elif isinstance(value, str):
        if is_secret(key) and len(value) >= SHORTEST and value not in PLACEHOLDERS:
            yield value
        if "://" in value:
            _, credentials = without_credentials(value)
            password = credentials.partition(":")[2]
            if len(password) >= SHORTEST:
                yield password


def _spellings(secret: str) -> set[str]:
    """Return how a secret may be written; it is sent without the blanks and line ends around it."""
    secret = secret.strip()
    if len(secret) < SHORTEST:
        return set()
    encoded = base64.b64encode(secret.encode()).decode("ascii")
    return {secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1], encoded}

"""What is said of links and of addresses of web pages: the label, or the host; no I/O."""

from __future__ import annotations

import re

_LINK = re.compile(
    r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_REFERENCE = re.compile(r"(?<![\w\]])\[([^\[\]]+)\]\[[^\[\]]*\]")
# Letters that are not ASCII belong to an address where they follow a sign of it, or one another.
_URL = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:https?|ftp|wss?|file)://|www\.)"
    r"(?:[!#-;=?-_a-{}~]|(?<=[/=?&_#%\x80-\U0010ffff-])[^\W\x00-\x7f])+",
    re.IGNORECASE,
)
_BETWEEN_ANGLES = re.compile(
    r"<((?:https?|ftp|wss?)://[^<>\s]+|(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)>",
    re.IGNORECASE,
)
_DATA = re.compile(r"data:[\w/+.-]+(?:;[\w=-]+)*,[\w+/=%-]*")
_MAIL = re.compile(r"mailto:(?=\S+@)", re.IGNORECASE)
_TRAILING = ".,;:!?'\")]}*_~"


def labels(text: str) -> str:
    """Return `text` with the label in place of each Markdown link."""
    return _REFERENCE.sub(r"\1", _LINK.sub(r"\1", text)) if "](" in text or "][" in text else text


def hosts(text: str, gap: str) -> str:
    """Return `text` with its host in place of each address, or `gap` where that has none."""
    if "<" in text and ("://" in text or "@" in text):
        text = _BETWEEN_ANGLES.sub(r"\1", text)
    if "://" in text or "www." in text.lower():
        text = _URL.sub(lambda found: _host(found[0], gap), text)
    if "data:" in text:
        text = _DATA.sub(gap, text)
    return _MAIL.sub("", text)


def _host(url: str, gap: str) -> str:
    kept = url.rstrip(_TRAILING)
    while kept.count("(") > kept.count(")") and url[len(kept) : len(kept) + 1] == ")":
        kept += ")"
    scheme, _, rest = kept.rpartition("://") if "://" not in kept else kept.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d*$", "", host)
    host = host[4:] if host.lower().startswith("www.") else host
    said = "" if scheme.lower() == "file" else host.strip("[]")
    return (said or gap) + url[len(kept) :]

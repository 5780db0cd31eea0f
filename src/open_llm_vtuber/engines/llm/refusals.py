"""What services say when they refuse a request, and which kind of refusal it is; no I/O."""

from __future__ import annotations

import re

import orjson

from ...http_errors import error_text

READ_BYTES = 4096
"""Of an error response, to find out what it is about."""
MAX_VALUES = 50

_NO_TOOLS = re.compile(
    r"\b(tool|function)s?\b.*(support|requires --)|support.*\b(tool|function)s?\b", re.IGNORECASE
)
_PICTURE = r"(image|picture|vision|visual|multi-?modal|图片|图像|视觉)"
_NO_EYES = re.compile(
    rf"(support|enabled?|allowed|available|accept|missing|only|mmproj).*{_PICTURE}"
    rf"|{_PICTURE}.*(support|enabled?|allowed|accept|capable|only|missing|mmproj)"
    r"|unknown variant .?image_url|content.*(must|should) be a (valid )?string"
    r"|\btype\b.*\['?text'?\]",
    re.IGNORECASE,
)
_THIS_PICTURE = re.compile(
    r"too (large|big|small|many)|invalid (image|base64|data|mime)|corrupt|decod|download|fetch"
    r"|image (format|type)|\bsize\b|resolution|pixels",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"context[\s_-]?(length|size|window|limit)|exceed_context|context the overflows"
    r"|\b(prompt|input|messages?|request)\b.{0,80}\b(too (long|large)|exceeds?|longer than)\b"
    r"|max(imum)? (allowed )?(number of )?(context|prompt|model|input|sequence)\b"
    r"|max_seq_len|too many tokens|tokens_limit|find (a )?kv[\s_-]?(cache )?slot"
    r"|token (count|limit|length).{0,60}exceed|exceed\w*.{0,60}token"
    r"|reduce (the length|your (message|prompt|input))|range of input length"
    r"|tokens.{0,40}must be <=|超长|(上下文|长度|token).{0,20}超|超.{0,20}(上下文|长度|token)",
    re.IGNORECASE,
)
KEY_OR_RATE = frozenset({401, 402, 403, 429})


def refuses_tools(body: bytes) -> bool:
    """Whether the service, or its model, says that it takes no tools."""
    return _NO_TOOLS.search(error_text(body)) is not None


def refuses_length(status: int, body: bytes) -> bool:
    """Whether the prompt is longer than what the model can read."""
    if status in KEY_OR_RATE or status < 400:
        return False
    return status == 413 or _FULL.search(all_words(body)) is not None


def refuses_pictures(status: int, body: bytes) -> bool:
    """Whether a request with pictures may be taken without them."""
    return status in (400, 404, 413, 415, 422) or (
        status not in KEY_OR_RATE and _NO_EYES.search(all_words(body)) is not None
    )


def has_no_eyes(body: bytes) -> bool:
    """Whether it says that the model sees no pictures at all, rather than not this one."""
    text = all_words(body)
    return _NO_EYES.search(text) is not None and _THIS_PICTURE.search(text) is None


def all_words(body: bytes) -> str:
    """Return the words and the codes of a refusal, which may be JSON of any shape."""
    try:
        values = [orjson.loads(body)]
    except ValueError:
        return " ".join(body[:READ_BYTES].decode("utf-8", "replace").split())
    words: list[str] = []
    while values and len(words) < MAX_VALUES:
        value = values.pop()
        if isinstance(value, str):
            words.append(value)
        elif isinstance(value, dict | list):
            values.extend(value.values() if isinstance(value, dict) else value)
    return " ".join(" ".join(words)[:READ_BYTES].split())

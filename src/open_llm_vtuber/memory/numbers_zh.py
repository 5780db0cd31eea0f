"""Numbers in Chinese characters; pure."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

NUMBER = r"(?:\d{1,3}|[零〇一二两三四五六七八九十百]{1,5})"
"""A cardinal number below a thousand."""


def number(text: str) -> int:
    """Return what matched `NUMBER`."""
    if text.isdecimal():
        return int(text)
    value, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            value += (digit or 1) * (100 if char == "百" else 10)
            digit = 0
    return value + digit

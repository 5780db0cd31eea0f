"""Word error rates, after the differences that nobody can hear are taken out."""

from __future__ import annotations

import re

import jiwer

SAME = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "10": "ten",
    "favorite": "favourite",
    "color": "colour",
    "ok": "okay",
}


def normalised(text: str) -> str:
    words = re.sub(r"[^\w\s']", " ", text.lower().replace("’", "'")).split()
    return " ".join(SAME.get(word, word) for word in words)


def word_error_rate(expected: list[str], heard: list[str]) -> float:
    """Return the share of words that are wrong, missing or too many, over all pairs."""
    return float(
        jiwer.wer([normalised(text) for text in expected], [normalised(text) for text in heard])
    )

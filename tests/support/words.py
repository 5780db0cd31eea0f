"""Error rates of words and letters: what a recogniser hears differs a little between processors."""

from __future__ import annotations

import re
import unicodedata

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


def letter_error_rate(expected: str, heard: str) -> float:
    """Return the share of letters that are wrong, missing or too many; marks do not count."""
    return float(jiwer.cer(letters(expected), letters(heard)))


def letters(text: str) -> str:
    """Return the letters and digits alone, in lower case and one width."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in text if char.isalnum() or char == "ー")

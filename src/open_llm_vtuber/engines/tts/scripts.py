"""Which scripts a text is written in, and what of it a voice of some scripts can say; no I/O."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache

NAMES = {
    "CJK": "Chinese characters",
    "BOPOMOFO": "Bopomofo",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "ARABIC": "Arabic script",
    "HEBREW": "Hebrew",
    "CYRILLIC": "Cyrillic script",
    "GREEK": "Greek",
    "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
    "DEVANAGARI": "Devanagari (Hindi and others)",
    "BENGALI": "Bengali",
    "GURMUKHI": "Gurmukhi",
    "GUJARATI": "Gujarati",
    "ORIYA": "Odia",
    "TAMIL": "Tamil",
    "TELUGU": "Telugu",
    "KANNADA": "Kannada",
    "MALAYALAM": "Malayalam",
    "SINHALA": "Sinhala",
    "THAI": "Thai",
    "LAO": "Lao",
    "KHMER": "Khmer",
    "MYANMAR": "Burmese",
    "ETHIOPIC": "Ethiopic script",
    "LATIN": "Latin letters",
}
"""The scripts, by the first word of Unicode's names of their letters, as a person calls them."""
STRAY = 1
"""So many letters of another script are a symbol, such as π, and not words that are missed."""


_ANY = ("MULTILINGUAL", "DRAGONHD")
"""In the name of a voice of Microsoft: it speaks whatever language it is given."""
_LATIN = (
    "af az bs ca cs cy da de en es et eu fi fil fr ga gl hr hu id is it jv lt lv ms mt nb nl pl pt"
    " ro sk sl so sq su sv sw tr uz vi zu"
)
_SCRIPTS = {
    "am": "ETHIOPIC",
    **dict.fromkeys(("ar", "fa", "ps", "ur"), "ARABIC"),
    **dict.fromkeys(("bg", "kk", "mk", "mn", "ru", "sr", "uk"), "CYRILLIC"),
    "bn": "BENGALI",
    "el": "GREEK",
    "gu": "GUJARATI",
    "he": "HEBREW",
    **dict.fromkeys(("hi", "mr", "ne"), "DEVANAGARI"),
    "ja": "CJK HIRAGANA KATAKANA",
    "ka": "GEORGIAN",
    "km": "KHMER",
    "kn": "KANNADA",
    "ko": "HANGUL",
    "lo": "LAO",
    "ml": "MALAYALAM",
    "my": "MYANMAR",
    "si": "SINHALA",
    "ta": "TAMIL",
    "te": "TELUGU",
    "th": "THAI",
    "zh": "CJK BOPOMOFO",
}
"""What the voices of a language can say, by the beginning of their names, besides Latin letters."""


def scripts_of(voice: str) -> frozenset[str] | None:
    """Return the scripts that a voice such as `zh-CN-XiaoyiNeural` can say; None if that is any."""
    language = voice.partition("-")[0].lower()
    if any(one in voice.upper() for one in _ANY) or (
        language not in _LATIN.split() and language not in _SCRIPTS
    ):
        return None
    return frozenset(["LATIN", *_SCRIPTS.get(language, "").split()])


def unspoken(text: str, scripts: Collection[str]) -> list[str]:
    """Return the scripts of the words in `text` that are not among `scripts`, each once."""
    foreign = [script for char in text if (script := _script(char)) and script not in scripts]
    return list(dict.fromkeys(foreign)) if len(foreign) > STRAY else []


def speakable(text: str, scripts: Collection[str]) -> str:
    """Return `text` without letters of other scripts than `scripts`; "" if nothing is left."""
    kept = "".join(char if _script(char) in (None, *scripts) else " " for char in text)
    return " ".join(kept.split()) if any(char.isalnum() for char in kept) else ""


@lru_cache(maxsize=8192)
def _script(char: str) -> str | None:
    """Return the script of a letter or of a mark on one; None if it belongs to all of them."""
    if unicodedata.category(char)[0] not in "LM":
        return None
    words = unicodedata.name(char, "").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ").split()
    return words[0] if words and words[0] in NAMES else None

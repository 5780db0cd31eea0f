"""Chinese characters, Japanese kana and Korean in a text, which tell its language; pure."""

from __future__ import annotations

import re

HAN_CHARS = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as a pattern has them between brackets; Japanese is written in them too."""
HAN = re.compile(f"[{HAN_CHARS}]")
KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")
"""What only Japanese has; the dot between names and the mark of a long vowel others have too."""
HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")

_OWN_LETTERS = 0.2
"""Such a share of a text is in letters that only its language has: names may be English."""
_PLAIN_LETTERS = 0.995
"""Such a share of an English text has no marks; most others with Latin letters have some."""
_LOOKED_AT_CHARS = 4000


def is_chinese(text: str) -> bool:
    """Tell whether there is Chinese in a text that is not Japanese."""
    return HAN.search(text) is not None and KANA.search(text) is None


def written_in(text: str) -> str:
    """Return the language of a text as far as its letters tell: zh, ja, ko, en, or ""."""
    letters = [char for char in text[:_LOOKED_AT_CHARS] if char.isalpha()]
    if not letters:
        return ""
    for language, own in (("ja", KANA), ("ko", HANGUL), ("zh", HAN)):
        if sum(own.match(char) is not None for char in letters) > len(letters) * _OWN_LETTERS:
            return language
    plain = sum(char.isascii() for char in letters)
    return "en" if plain > len(letters) * _PLAIN_LETTERS else ""

"""Chinese characters, Japanese kana and Korean in a text, which tell its language; pure."""

from __future__ import annotations

import re

HAN_CHARS = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as a pattern has them between brackets; Japanese is written in them too."""
HAN = re.compile(f"[{HAN_CHARS}]")
KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")
"""What only Japanese has; the dot between names and the mark of a long vowel others have too."""
HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")


def is_chinese(text: str) -> bool:
    """Tell whether there is Chinese in a text that is not Japanese."""
    return HAN.search(text) is not None and KANA.search(text) is None

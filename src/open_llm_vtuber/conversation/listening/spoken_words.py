"""A text as the words that are heard of it, without case, accents of writing and marks; pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:'[^\W_]+)*")
"""A sign of Chinese or Japanese is a word of its own."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order; what is repeated at once counts once.

    Recognisers repeat what was broken off again and again.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [word for word, _ in groupby(_WORD.findall(plain))]

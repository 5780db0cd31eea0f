"""How Chinese is read: numbers in words, and for each word its syllables in Pinyin with tones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MARKS = str.maketrans("，、：；。．！？（）《》「」『』【】“”‘’", ",,:;..!?()" + '"' * 12)
_PIECES = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*|\S")


@dataclass(frozen=True)
class Word:
    """A Chinese word as syllables, such as ("ni3", "hao3"); 5 is the neutral tone, v is ü."""

    syllables: tuple[str, ...]


@dataclass(frozen=True)
class Latin:
    """A word in another script, as it was written."""

    text: str


@dataclass(frozen=True)
class Mark:
    """A mark of punctuation, as ASCII has it, or … or —."""

    text: str


def read(text: str) -> Iterator[Word | Latin | Mark]:
    """Yield how `text` is read, in its order; what has no sound is left out."""
    from pypinyin import Style, lazy_pinyin

    for piece in _PIECES.findall(spelled_out(text)):
        if "\u3400" <= piece[0] <= "\u9fff":
            words = _words(piece)
            # The tone of a syllable changes with those beside it in a word, so it is read whole.
            syllables = lazy_pinyin(
                words,
                style=Style.TONE3,
                neutral_tone_with_five=True,
                tone_sandhi=True,
                errors=_unknown,
            )
            start = 0
            for word in words:
                known = syllables[start : start + len(word)]
                start += len(word)
                if spoken := tuple(one for one in known if one):
                    yield Word(spoken)
        elif piece[0].isalpha():
            yield Latin(piece)
        elif piece in ',:;.!?()"…—':
            yield Mark(piece)


def _words(piece: str) -> list[str]:
    """Return the words of a text of Chinese characters; 一 and 不 go with what follows."""
    import rjieba

    words: list[str] = []
    for word in rjieba.cut(piece):
        if words and words[-1] in ("一", "不"):
            words[-1] += word
        else:
            words.append(word)
    return words


def _unknown(characters: str) -> Any:
    """Keep the place of characters whose sound is not known: a list, which pypinyin takes, too."""
    return [""] * len(characters)


def spelled_out(text: str) -> str:
    """Return `text` with numbers as Chinese words and Western marks."""
    import cn2an

    text = text.translate(_MARKS)
    if any(char.isdigit() for char in text):
        try:
            text = cn2an.transform(text, "an2cn")
        except ValueError:  # such as 1.2.3
            text = re.sub(r"\d", lambda digit: "零一二三四五六七八九"[int(digit[0])], text)
    return text

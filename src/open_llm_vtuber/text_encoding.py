"""Text of a user's file whose encoding nobody has written down; what cannot be told is refused.

UTF-8 tells itself. An old Windows editor saves in the code page of its country, and the same bytes
are a text in any other country's as well: `ül` is also a Chinese character. So a code page is taken
only if the text it gives looks like one of its language.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_PUNCTUATION = frozenset("“”‘’„‚«»‹›–—…·•°§€£´©®™№¿¡ªº\xa0")
_WIDE_PUNCTUATION = frozenset("　、。，．・：；？！～…‥‘’“”（）〔〕［］「」『』《》〈〉【】—－＂＇")

_WEST = (
    "äöüßéèàç",  # German, and what it borrows
    "éèêëàâçîïôûùüÿœæ",  # French, Dutch
    "áéíóúüñç",  # Spanish
    "áàâãçéêíóôõú",  # Portuguese
    "àèéìíòóùú",  # Italian
    "åäöæøéèà",  # the Nordic languages
)
_CYRILLIC_OFTEN = frozenset("оеаинтсрлвкі")
_CYRILLIC_VOWELS = frozenset("аеёиоуыэюяіїє")
_HANGUL_OFTEN = frozenset(
    "이다는의에을가고하지은도로를한사기어서나리자시대인아그일수해요니당신너네"
)
_HANZI_OFTEN = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发"
    "后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前"
    "开但因只从想实日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重"
    "名字话喜欢请让吗呢吧爱给谁什答回女孩朋友角色用户助手喵"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Decoded:
    """The text of a file."""

    text: str
    guess: str = ""
    """The encoding it was taken for, where the file does not tell; "" where it does."""


class UnknownEncodingError(ValueError):
    """The bytes are no UTF-8, and nothing else for certain; `line` is the first that shows it."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is not UTF-8 text; save the file as UTF-8 in your editor")
        self.line = line


def decode(data: bytes) -> Decoded:
    """Return the text of `data`. Raises UnknownEncodingError."""
    try:
        return Decoded(data.decode(_BOMS.get(data[:2], "utf-8-sig")))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    for encoding, is_plausible in _CANDIDATES.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_plausible(text):
            return Decoded(text, encoding)
    raise UnknownEncodingError(line)


def encode(text: str, like: bytes) -> bytes:
    """Return `text` in the encoding of the file that holds `like`.

    Raises UnicodeEncodeError, and UnknownEncodingError as `decode`.
    """
    for mark, encoding in _MARKS.items():
        if like.startswith(mark):
            return mark + text.encode(encoding)
    return text.encode(decode(like).guess or "utf-8")


def _foreign(text: str) -> list[str]:
    return [char for char in text if not char.isascii()]


def _japanese(text: str) -> bool:
    """Kana among the kanji; never the half-width ones that other languages' bytes turn into."""
    chars = _foreign(text)
    kana = sum("ぁ" <= char <= "ヿ" for char in chars)
    kanji = sum("一" <= char <= "龠" for char in chars)
    known = kana + kanji + sum(char in _WIDE_PUNCTUATION or "！" <= char <= "～" for char in chars)
    return kana >= 0.2 * len(chars) and known >= 0.95 * len(chars)


def _korean(text: str) -> bool:
    """Hangul, with the syllables of which every sentence is made."""
    chars = [char for char in _foreign(text) if char not in _WIDE_PUNCTUATION]
    hangul = sum("가" <= char <= "힣" for char in chars)
    often = sum(char in _HANGUL_OFTEN for char in chars)
    return hangul >= 0.95 * len(chars) and often >= max(1, 0.15 * len(chars))


def _russian(text: str) -> bool:
    """Words of Cyrillic letters alone, in ordinary case, with vowels; Greek and Hebrew are none."""
    letters = often = vowels = 0
    for word in _words(text):
        if not all("Ѐ" <= char <= "ӿ" for char in word):
            return False
        if word not in (word.lower(), word.upper(), word.capitalize()):
            return False
        letters += len(word)
        often += sum(char in _CYRILLIC_OFTEN for char in word.lower())
        vowels += sum(char in _CYRILLIC_VOWELS for char in word.lower())
    symbols = [char for char in _foreign(text) if not char.isalpha()]
    reads = 0 < letters <= min(2 * often, 3 * vowels)
    return reads and all(char in _PUNCTUATION for char in symbols)


def _chinese(text: str) -> bool:
    """Simplified characters, most of them common, and in a longer text some that always occur."""
    signs = _WIDE_PUNCTUATION
    chars = [char for char in _foreign(text) if char not in signs and char <= "\uffff"]  # no emoji
    levels = [_level(char) for char in chars]
    common, known = levels.count(1), len(levels) - levels.count(0)
    often = sum(char in _HANZI_OFTEN for char in chars)
    looks_read = len(chars) < 8 or often >= 0.15 * len(chars)
    return known >= 0.85 * len(chars) and common >= max(1, 0.6 * len(chars)) and looks_read


def _level(char: str) -> int:
    """Return the level of a character in GB 2312; 3 for its signs, 0 if it is not in there."""
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0
    if lead < 0xB0:
        return 3 if lead in (0xA1, 0xA3) else 0
    return 1 if lead <= 0xD7 else 2


def _western(text: str) -> bool:
    """Latin words with a few letters of one language's own, and signs between words only."""
    own: set[str] = set()
    for word in _words(text):
        strange = [char for char in word.lower() if not char.isascii()]
        if len(strange) > max(1, len(word) // 2):
            return False
        own.update(strange)
    for match in re.finditer(r"(?<=[^\W\d_])([^\x00-\x7f])(?=[^\W\d_])", text):
        if not match[1].isalpha() and match[1] not in "’‘·–—…\xa0":
            return False
    signs = [char for char in _foreign(text) if not char.isalpha()]
    if not all(char in _PUNCTUATION for char in signs):
        return False
    return any(own.issubset(alphabet) for alphabet in _WEST)


def _words(text: str) -> Iterator[str]:
    """Yield the words that have letters outside ASCII."""
    for match in _WORD.finditer(text):
        if not match[0].isascii():
            yield match[0]


_CANDIDATES: dict[str, Callable[[str], bool]] = {
    "cp932": _japanese,
    "cp949": _korean,
    "cp1251": _russian,
    "gb18030": _chinese,
    "cp1252": _western,
}
"""From the strictest on: what passes for one of the first is hardly ever one of the others."""

"""Where a sentence without marks may be parted, in letters that are heard as one breath; no I/O."""

from __future__ import annotations

import re

LONGEST_WORD = 12
"""Of those below, in characters."""
SPELT = r"[^\W\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
"""The pattern of a letter or digit of a script that puts spaces between words."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())


_BEGINS_CLAUSE = word_set(
    "and but or so because although though while when whenever where which who whose that if"
    " unless until since before after then"
    " und oder aber denn weil dass wenn sondern während bevor nachdem"
    " et mais ou parce que qui quand lorsque y pero o porque cuando aunque"
    " e ma perché quando mentre però mas quando embora и но а что чтобы потому когда если"
    " 그리고 하지만 그래서 그런데 그러면"
)
_LEADS_ON = word_set(
    "a an the of to in on at by for from with my your his her its our their this that these those"
    " is are was were be and or but as if very so not no der die das den dem ein eine und zu von"
    " mit le la les un une de du des el los las que con di il lo и в на с"
)
_OPENS_ANSWER = word_set(
    "ah aha aw eh hey hm hmm mm mmm no nah nope oh ooh okay ok right so sure uh um well wow yeah"
    " yep yes ach also doch hallo ja klar na nein nun tja ben bah bon euh oui non bueno claro pues"
    " sí vaya beh certo ecco ora sì bem não pois sim да ну нет так хм ага о"
    " 네 아 아니요 음 그래 글쎄 와"
    " 嗯 哦 噢 啊 哎 唉 哇 呃 嘿 好 好的 好吧 是 是的 对 对啊 不 不是 当然 没错"
    " ああ あの いいえ いや うん えっと えーと ええ おお そう そうだね なるほど はい ふむ へえ まあ"
)
_LAST_WORD = re.compile(r"([^\W\d_]{1,12})\W*\Z")
_CLOSES_PHRASE = frozenset("的了着过吗呢吧啊呀嘛")
_OPENS_PHRASE = frozenset("但而所因如然可并或虽")


def begins_clause(word: str) -> bool:
    """Tell whether a clause may begin with `word`."""
    return word.lower() in _BEGINS_CLAUSE


def opens_answer(text: str) -> bool:
    """Tell whether the last word of `text`, alone, may open an answer, as "well" does."""
    word = _LAST_WORD.search(text[-2 * LONGEST_WORD :])
    return word is not None and word[1].lower() in _OPENS_ANSWER


def leads_on(word: str) -> bool:
    """Tell whether `word` belongs to the word that follows it."""
    return word.lower() in _LEADS_ON


def is_cjk(char: str) -> bool:
    """Tell whether `char` is of a script written without spaces: Chinese or Japanese."""
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uffef"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def is_hangul(char: str) -> bool:
    """Tell whether `char` is a syllable of Korean."""
    return "\uac00" <= char <= "\ud7a3"


def is_spelt(char: str) -> bool:
    """Tell whether `char` is of a word of a script written with spaces."""
    return char.isalnum() and not is_cjk(char)


def parts_phrases(before: str, char: str) -> bool:
    """Tell whether one phrase of Chinese or Japanese ends and another begins between the two."""
    if before in _CLOSES_PHRASE or char in _OPENS_PHRASE:
        return is_cjk(char)
    return _is_hiragana(before) and is_cjk(char) and not _is_hiragana(char) and char.isalnum()


def parts_letters(before: str, char: str) -> bool:
    """Tell whether a text without spaces may be parted between the two, if it must be.

    Thai and Lao may be before a vowel that is written first: there a syllable begins.
    """
    if "\u0e40" <= char <= "\u0e44" or "\u0ec0" <= char <= "\u0ec4":
        return True
    if not (before.isalnum() and char.isalnum()) or (_is_katakana(before) and _is_katakana(char)):
        return False
    return is_cjk(before) or is_cjk(char)


def _is_hiragana(char: str) -> bool:
    return "\u3041" <= char <= "\u309f"


def _is_katakana(char: str) -> bool:
    return "\u30a0" <= char <= "\u30ff" or "\uff66" <= char <= "\uff9f"

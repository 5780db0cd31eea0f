"""From text to the phonemes that Kokoro was trained with, for each language in its own way.

The alphabet is Misaki's (docs of Kokoro-82M v1.0): IPA, with arrows for the tones of Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from .mandarin import Latin, Mark, Word, read

Phonemize = Callable[[str], str]
"""From a text to its phonemes; "" where nothing of it has a sound."""

_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_INITIALS = {
    "zh": "ꭧ",
    "ch": "ꭧʰ",
    "sh": "ʂ",
    "b": "p",
    "p": "pʰ",
    "m": "m",
    "f": "f",
    "d": "t",
    "t": "tʰ",
    "n": "n",
    "l": "l",
    "g": "k",
    "k": "kʰ",
    "h": "x",
    "j": "ʨ",
    "q": "ʨʰ",
    "x": "ɕ",
    "r": "ɻ",
    "z": "ʦ",
    "c": "ʦʰ",
    "s": "s",
}
_FINALS = {
    "a": "a0",
    "ai": "ai0",
    "an": "a0n",
    "ang": "a0ŋ",
    "ao": "au0",
    "e": "ɤ0",
    "ei": "ei0",
    "en": "ə0n",
    "eng": "ə0ŋ",
    "er": "ɚ0",
    "o": "wo0",
    "ong": "ʊ0ŋ",
    "ou": "ou0",
    "i": "i0",
    "ia": "ja0",
    "ian": "jɛ0n",
    "iang": "ja0ŋ",
    "iao": "jau0",
    "ie": "je0",
    "in": "i0n",
    "ing": "i0ŋ",
    "iong": "jʊ0ŋ",
    "iu": "jou0",
    "iou": "jou0",
    "u": "u0",
    "ua": "wa0",
    "uai": "wai0",
    "uan": "wa0n",
    "uang": "wa0ŋ",
    "ueng": "wə0ŋ",
    "ui": "wei0",
    "uei": "wei0",
    "un": "wə0n",
    "uen": "wə0n",
    "uo": "wo0",
    "v": "y0",
    "van": "ɥɛ0n",
    "ve": "ɥe0",
    "vn": "y0n",
}
"""The tone is put for 0."""
_WHOLE = {
    "o": "ɔ0",
    "io": "jɔ0",
    "yo": "wo0",
    "m": "m0",
    "n": "n0",
    "ng": "ŋ0",
    "hm": "hm0",
    "hng": "hŋ0",
    "ê": "ɛ0",
}
"""Syllables without initial that are not read as their final is elsewhere."""

_ROWS = {
    "K": "k",
    "G": "ɡ",
    "S": "s",
    "Z": "ʣ",
    "T": "t",
    "D": "d",
    "N": "n",
    "H": "h",
    "B": "b",
    "P": "p",
    "M": "m",
    "Y": "j",
    "R": "ɾ",
    "W": "β",
    "V": "v",
    "": "",
}
_VOWELS = {"A": "a", "I": "i", "U": "ɯ", "E": "e", "O": "o"}
_KANA = {
    "SI": "ɕi",
    "ZI": "ʥi",
    "TI": "ʨi",
    "DI": "ʥi",
    "TU": "ʦɨ",
    "DU": "zɨ",
    "HU": "ɸɯ",
    "HI": "çi",
    "NI": "ɲi",
    "SU": "sɨ",
    "ZU": "zɨ",
    "WI": "i",
    "WE": "e",
    "WO": "o",
    "KI": "kʲi",
    "GI": "ɡʲi",
    "BI": "bʲi",
    "PI": "pʲi",
    "MI": "mʲi",
    "RI": "ɾʲi",
    "VI": "vʲi",
}
"""The kana whose sound is not simply that of their row and vowel, by Unicode's names of them."""
_PAIRS = {
    "U I": "βi",
    "U E": "βe",
    "U O": "βo",
    "TE I": "tʲi",
    "DE I": "dʲi",
    "TO U": "tɯ",
    "DO U": "dɯ",
    "TE YU": "tʲɨ",
    "DE YU": "dʲɨ",
    "TU I": "ʦʲi",
    "HU I": "ɸʲi",
    "I E": "je",
    "VU I": "vʲi",
    "VU YU": "bʲɨ",
    "VU YO": "bʲo",
}
"""A kana and a small one after it, where they are not simply its consonant with that vowel."""
_JAPANESE_MARKS = str.maketrans("、。，．！？：；「」『』（）・", ",.,.!?:;“”“”() ")


def phonemizer(language: str) -> Phonemize:
    """Return the one for a language of a voice's first letter; raises ImportError, KeyError."""
    return _MAKERS[language]()


def _english(british: bool) -> Phonemize:
    from hibari.g2p import G2P

    spoken: Phonemize = G2P(british=british)
    return spoken


def _chinese() -> Phonemize:
    import cn2an  # noqa: F401 - what is missing is told at once
    import pypinyin  # noqa: F401
    import rjieba  # noqa: F401

    return partial(chinese, _english(british=False))


def chinese(english: Phonemize, text: str) -> str:
    """Return the phonemes of a Chinese text; what is in Latin letters is read as English."""
    said = ""
    for one in read(text):
        if isinstance(one, Word):
            said += " " + "".join(syllable(spelled) for spelled in one.syllables)
        elif isinstance(one, Latin):
            said += " " + english(one.text)
        elif isinstance(one, Mark):
            said += one.text
    return said.strip()


@lru_cache(maxsize=4096)
def syllable(pinyin: str) -> str:
    """Return the phonemes of a syllable such as `zhong1`; "" for what is none."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    spelled, tone = pinyin[:-1], _TONES[pinyin[-1]]
    if spelled in _WHOLE:
        return _WHOLE[spelled].replace("0", tone)
    initial, final = to_initials(spelled), to_finals(spelled, v_to_u=False)
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return f"{_INITIALS[initial]}ɨ{tone}"
    if final in _FINALS:
        return _INITIALS.get(initial, "") + _FINALS[final].replace("0", tone)
    # A syllable with the sound of 儿 at its end, such as wanr2.
    return syllable(f"{spelled[:-1]}{pinyin[-1]}") if spelled.endswith("r") else ""


def _japanese() -> Phonemize:
    import pyopenjtalk

    return partial(japanese, pyopenjtalk.run_frontend)


def japanese(analyse: Callable[[str], list[dict[str, Any]]], text: str) -> str:
    """Return the phonemes of a Japanese text, a space before each accent phrase."""
    said = kana = ""
    for word in analyse(text):
        if word["pos"] == "記号" or word["chain_flag"] != 1:
            said, kana = f"{said} {moras(kana)}" if kana else said, ""
        if word["pos"] == "記号":
            said += word["string"].translate(_JAPANESE_MARKS)
        else:
            kana += re.sub(r"[’']", "", word["pron"])
    if kana:
        said += f" {moras(kana)}"
    return re.sub(r"[^\S ]|[^\w\s,.!?:;“”()…—ʰʲᵝː]", "", said).strip()


def moras(kana: str) -> str:
    """Return the phonemes of katakana."""
    names = [unicodedata.name(char, "").removeprefix("KATAKANA") for char in kana]
    names = [name.removeprefix(" LETTER ").removeprefix("-HIRAGANA ") for name in names]
    said: list[str] = []
    for position, name in enumerate(names):
        following = names[position + 1] if position + 1 < len(names) else ""
        small = following.removeprefix("SMALL ") if following.startswith("SMALL ") else ""
        if "PROLONGED SOUND" in name:
            said.append("ː")
        elif name == "SMALL TU":
            said.append("ʔ")
        elif name == "N":
            said.append(_nasal(_kana(following) if following else ""))
        elif name.startswith("SMALL "):
            if position == 0:
                said.append(_kana(name.removeprefix("SMALL ")))
        elif small and small != "TU":
            said.append(_pair(name, small))
        else:
            said.append(_kana(name))
    return "".join(said)


def _kana(name: str) -> str:
    if name in _KANA:
        return _KANA[name]
    row, vowel = name[:-1], name[-1:]
    return f"{_ROWS[row]}{_VOWELS[vowel]}" if row in _ROWS and vowel in _VOWELS else ""


def _pair(name: str, small: str) -> str:
    if (pair := f"{name} {small}") in _PAIRS:
        return _PAIRS[pair]
    consonant, vowel = _kana(name)[:-1], _VOWELS.get(small[-1:], "")
    if small.startswith("Y") and vowel == "ɯ":
        vowel = "ɨ"
    if small.startswith("Y") and consonant == "ɸ":
        consonant = "ɸʲ"
    if small.startswith("WA") or (name in ("KU", "GU") and not small.startswith("Y")):
        consonant = f"{consonant}ᵝ"
    return f"{consonant}{vowel}"


def _nasal(following: str) -> str:
    """Return the sound of ン before what follows it."""
    for sound, before in (("m", "mpb"), ("ŋ", "kɡ"), ("ɲ", "ɲʨʥ"), ("n", "ntdɾz")):
        if following[:1] and following[0] in before:
            return sound
    return "ɴ"


_MAKERS: Mapping[str, Callable[[], Phonemize]] = {
    "a": partial(_english, british=False),
    "b": partial(_english, british=True),
    "z": _chinese,
    "j": _japanese,
}

"""Whether somebody who speaks asks for what was told before; pure.

English, Chinese and Japanese are known; of other languages a question mark alone is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from ..cjk import HAN, KANA
from ..history.entries import fold
from .terms import terms


class Wish(IntEnum):
    """How likely an answer needs what was told before: the higher, the likelier."""

    NONE = 0
    """Nothing is asked."""
    ANYTHING = 1
    """A question, about anything: her, the world, or what to do."""
    OWN = 2
    """A question about the person, or about whom and what they call theirs."""
    REMEMBERED = 3
    """A question for what was said."""


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


@dataclass(frozen=True)
class _Language:
    """What tells in a clause, folded, of what kind it is."""

    asks: re.Pattern[str]
    own: re.Pattern[str]
    told: re.Pattern[str]
    advice: re.Pattern[str]
    """What is asked of her, though the person comes into it: "Should I", "Can you help me"."""


_WHAT = r"(?:what|which|who|whom|whose|where|when|why|how)"
_AUXILIARY = (
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must)(?:n't)?"
    r"|am|shall|may|might|can't|won't)"
)
_SUBJECT = (
    r"(?:i|you|we|they|he|she|it|my|our|your|his|her|their|the|that|this|there|any\w*|some\w*)"
)
_BELOW = r"(?:i|you|we|they|he|she|it|my|the)"
"""What makes a clause of such a word part of another: "when I was"."""
_ENGLISH = _Language(
    asks=_any(
        r"\?$",
        rf"^{_WHAT}(?:'s|'re|'d|'ve|'ll)\b",
        # "which day is", not "when I was"
        rf"^(?!which is why){_WHAT} (?!{_BELOW}\b)(?:\w+ ){{0,3}}?{_AUXILIARY}\b",
        rf"^{_AUXILIARY} {_SUBJECT}\b",
        r"^(?:remember|remind me|tell me|guess)\b",
    ),
    own=_any(r"\b(?:i|my|mine|myself|we|us|our|ours)\b", r"(?<!tell )(?<!show )(?<!give )\bme\b"),
    told=_any(
        r"\b(?:remember|recall|remind me|forgot|forgotten)\b",
        r"\b(?:did|have) i (?:ever |already )?(?:tell|told|say|said|mention|mentioned)\b",
        r"\bi(?:'ve)? (?:\w+ )?told you\b",
        rf"\bdo you know (?:{_WHAT}|my)\b",
        r"\bagain\?*$",
    ),
    advice=_any(
        r"\b(?:should|could|can|may|shall|must) (?:i|we)\b",
        r"\bhow to\b|\bhow do (?:i|we) (?!like|feel|look)",
        r"\bdo i (?:sound|look|seem)\b|\bsuits? me\b",
        r"\b(?:can|could|would|will) you\b",
        r"\b(?:do|did|are|were) you (?!know|remember|recall)",
    ),
)
_FILLERS = re.compile(r"^(?:(?:uh|um|er|so|and|but|well|hey|hi|ok|okay|oh|now|please) )+")

_CHINESE = _Language(
    asks=_any(
        r"[?？]|[吗嗎呢么麼]$",
        r"[什甚][么麼](?!也|都)|[哪谁誰](?!也|都)",
        r"(?<![前这這那好十])[几幾](?!乎)|多[少久大高远遠长長]",
        r"怎[么麼样樣]|[为為][啥何]|咋|[来來][着著]",
        r"是不是|有[没沒]有|(.)不\1",
    ),
    own=_any(r"[我咱俺]"),
    told=_any(
        r"[记記]得|[来來][着著]",
        r"[跟和对對]你[说說讲講提][过過的]|告[诉訴][过過]?你",
        r"[说說提讲講][过過]|上次[说說]",
    ),
    advice=_any(
        r"我[们們]?\w{0,6}(?:[该該]|要不要|能|可以|[应應][该該]|怎[么麼](?:才|[办辦]))",
        r"我[听聽看]起[来來]|好[?？]?$",
    ),
)

_JAPANESE = _Language(
    asks=_any(
        r"[?？]|[かの]$|っけ$",
        r"何|なに|[誰だ]れ|どこ|どの|いつ|なぜ|どう|いくつ|いくら",
    ),
    own=_any(r"私|僕|俺|わたし|ぼく|おれ|うち|自分"),
    told=_any(r"覚え|っけ|話した|言った|言って"),
    advice=_any(r"べき|たら(?:いい|良い)|ましょう"),
)

MAX_CHARS = 4000
"""Of what is longer only the beginning and the end are looked at, half of it each."""
_FEW = 2
"""Terms; a sentence that has fewer says little by itself."""

_CLAUSE = re.compile(r"[^.,;:!?…—]+\?*")
_CLAUSE_HAN = re.compile(r"[^。.！!；;…\n?？]+[?？]*")


def wish(text: str) -> Wish:
    """Return how likely an answer to `text` needs what was told before."""
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]};\n{text[-MAX_CHARS // 2 :]}"
    folded = fold(text).replace("’", "'")
    if not HAN.search(folded) and not KANA.search(folded):
        clauses = (_FILLERS.sub("", one.strip()) for one in _CLAUSE.findall(folded))
        return max((_of(one, _ENGLISH) for one in clauses), default=Wish.NONE)
    language = _JAPANESE if KANA.search(folded) else _CHINESE
    clauses = (one.strip(" ，,、") for one in _CLAUSE_HAN.findall(folded))
    return max((_of(one, language) for one in clauses), default=Wish.NONE)


def told_parts(text: str, most: int) -> list[str]:
    """Return the sentences of a text that do not ask, at most so many; the last has the rest.

    What says little by itself ("What a day.") stays with the sentence before it.
    """
    parts: list[str] = []
    for one in _CLAUSE_HAN.finditer(text):
        sentence = text[one.start() : one.end() + 1].strip()
        if not sentence or wish(one.group()) is not Wish.NONE:
            continue
        if parts and (len(terms(sentence)) < _FEW or len(parts) == most):
            parts[-1] += f" {sentence}"
        else:
            parts.append(sentence)
    return parts


def _of(clause: str, language: _Language) -> Wish:
    if not language.asks.search(clause):
        return Wish.NONE
    if language.told.search(clause):
        return Wish.REMEMBERED
    if not language.own.search(clause):
        return Wish.ANYTHING
    return Wish.ANYTHING if language.advice.search(clause) else Wish.OWN

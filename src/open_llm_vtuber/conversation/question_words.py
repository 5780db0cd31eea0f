"""How she asks aloud whether a tool may be used, and whether what was heard is that; pure."""

from __future__ import annotations

import re

MAX_NAME_CHARS = 40
"""Names come from the servers of tools: what is longer is not for her to read out."""

ECHO_SHARE = 2 / 3

_SENTENCES = {
    "en": "May I use {tool} of {server}?",
    "de": "Darf ich {tool} von {server} benutzen?",
    "es": "¿Puedo usar {tool} de {server}?",
    "fr": "Est-ce que je peux utiliser {tool} de {server} ?",
    "ja": "{server}の{tool}を使ってもいいですか？",
    "ko": "{server}의 {tool} 도구를 사용해도 될까요?",
    "zh": "我可以使用{server}的{tool}吗？",
}
_UNSPOKEN = re.compile(r"[\W_]+")
_WORD = re.compile(r"[a-z0-9à-ÿ']+|[^\W_]")
"""A word, or a sign of a script that has no spaces between them."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def question_words(tool: str, server: str, language: str) -> str:
    """Return the sentence in a language (a tag such as zh-CN; English where there is none)."""
    sentence = _SENTENCES.get(language.partition("-")[0].lower(), _SENTENCES["en"])
    return sentence.format(tool=_spoken(tool), server=_spoken(server))


def is_echo(heard: str, said: str) -> bool:
    """Whether most of what was `heard` is what was `said` by her; ears mistake a word or two."""
    words, hers = _WORD.findall(heard.casefold()), set(_WORD.findall(said.casefold()))
    return sum(word in hers for word in words) >= len(words) * ECHO_SHARE


def _spoken(name: str) -> str:
    """Return a name without the signs that join its words."""
    return " ".join(_UNSPOKEN.sub(" ", _HUMP.sub(" ", name)).split())[:MAX_NAME_CHARS].strip()

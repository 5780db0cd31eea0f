"""How she asks aloud whether a tool may be used; pure."""

from __future__ import annotations

import re

MAX_NAME_CHARS = 40
"""Names come from the servers of tools: what is longer is not for her to read out."""

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
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def question_words(tool: str, server: str, language: str) -> str:
    """Return the sentence in a language (a tag such as zh-CN; English where there is none)."""
    sentence = _SENTENCES.get(language.partition("-")[0].lower(), _SENTENCES["en"])
    return sentence.format(tool=_spoken(tool), server=_spoken(server))


def _spoken(name: str) -> str:
    """Return a name without the signs that join its words."""
    return " ".join(_UNSPOKEN.sub(" ", _HUMP.sub(" ", name)).split())[:MAX_NAME_CHARS].strip()

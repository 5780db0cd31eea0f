"""How she asks aloud whether a tool may be used; pure."""

from __future__ import annotations

import re
from textwrap import shorten

MAX_NAME_CHARS = 40
"""Names come from the servers of tools: what is longer is not for her to read out."""

_SENTENCES = {
    "en": "May I use the {tool} tool from {server}?",
    "de": "Darf ich das Werkzeug {tool} von {server} benutzen?",
    "es": "¿Puedo usar la herramienta {tool} de {server}?",
    "fr": "Est-ce que je peux utiliser l'outil {tool} de {server} ?",
    "ja": "{server}の{tool}というツールを使ってもいいですか？",
    "ko": "{server}의 {tool} 도구를 사용해도 될까요?",
    "zh": "我可以用一下 {server} 提供的 {tool} 工具吗？",
}
_UNSPOKEN = re.compile(r"[\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CALLED_TOOL = re.compile(r" tool$", re.IGNORECASE)


def question_words(tool: str, server: str, language: str) -> str:
    """Return the sentence in a language (a tag such as zh-CN; English where there is none)."""
    sentence = _SENTENCES.get(language.partition("-")[0].lower(), _SENTENCES["en"])
    said = sentence.format(tool=_CALLED_TOOL.sub("", _spoken(tool)), server=_spoken(server))
    return " ".join(said.split())


def _spoken(name: str) -> str:
    """Return a name without the signs that join its words; of a long one its first words."""
    words = _UNSPOKEN.sub(" ", _HUMP.sub(" ", name)).strip()
    return shorten(words, MAX_NAME_CHARS, placeholder="") or words[:MAX_NAME_CHARS]

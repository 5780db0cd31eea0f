"""Which messages of viewers the character may hear, and how it is told of them; no I/O."""

from __future__ import annotations

import re
import unicodedata
from collections import deque

from ..config.live import LiveConfig
from ..protocol.extra import ViewerMessage
from .source import ChatMessage

LONGEST_NAME = 32
MOST_CHARS = 4096
"""Of a text or a name: no platform has so much, and who sends it takes others' time."""
REMEMBERED = 50
"""Messages in which a repetition is noticed."""
NOBODY = "Somebody"

_LINK = re.compile(r"(?:https?://|www\.)\S|\b[\w-]+\.(?:com|net|org|gg|tv|io|ly|me|cn|ru)\b", re.I)
_MARK = re.compile(r"<[^<>\s]{1,40}>|\[/?[A-Z_]{2,20}\]")
"""What some models take for the end of a message: <|im_end|>, </s>, <start_of_turn>, [INST]."""
_NOT_IN_NAMES = re.compile(r"[^\w .'’・·-]+")


class Rules:
    """One for all chats: what one of them has just said is a repetition in another too."""

    def __init__(self, config: LiveConfig) -> None:
        self._config = config
        self._blocked = [re.compile(one, re.I) for one in config.blocked]
        self._ignored = {one.casefold() for one in config.ignored_names}
        self._recent: deque[str] = deque(maxlen=REMEMBERED)

    def refusal(self, message: ChatMessage) -> str:
        """Return why a message is passed over, "" for one that may be answered.

        Such a one is remembered: the same words again are a repetition.
        """
        config = self._config
        if max(len(message.text), len(message.author)) > MOST_CHARS:  # nor is it looked at
            return "its length"
        text = plain(message.text)
        if not config.min_chars <= len(text) <= config.max_chars:
            return "its length"
        if message.author.casefold() in self._ignored:
            return "its author"
        if text.startswith("!") and not config.commands:
            return "a command"
        if _LINK.search(text) and not config.links:
            return "a link"
        if any(one.search(text) or one.search(message.author) for one in self._blocked):
            return "blocked words"
        said = "".join(text.casefold().split())
        if said in self._recent:
            return "a repetition"
        self._recent.append(said)
        return ""


def presented(message: ChatMessage) -> ViewerMessage:
    """Return a message as it is shown, and the character told of it."""
    return ViewerMessage(
        platform=message.platform, name=safe_name(message.author), text=plain(message.text)
    )


def safe_name(name: str) -> str:
    """Return a name without anything that could be taken for more than one."""
    kept = " ".join(_NOT_IN_NAMES.sub(" ", plain(name)).split())[:LONGEST_NAME].strip()
    return kept or NOBODY


def plain(text: str) -> str:
    """Return a text as one line, without controls and without the marks of models."""
    shown = "".join(
        " " if one.isspace() else one
        for one in text
        if one.isspace()
        or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        or one == "\u200d"  # joins emoji
    )
    while (without := _MARK.sub(" ", shown)) != shown:
        shown = without
    return " ".join(shown.split())

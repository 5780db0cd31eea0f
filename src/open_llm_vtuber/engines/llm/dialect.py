"""What a service does not take of a chat completions request, and how it is asked instead; no I/O.

What a service is known to refuse is in its row; what else it refuses is learned from its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .base import ChatMessage
from .refusals import KEY_OR_RATE, all_words

GOES_ON = "(The conversation goes on.)"
"""What the user is taken to have said where an answer would be the first message."""

_LIMIT_KEYS = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
_UNKNOWN = (
    r"(unsupported|not supported|(does|do)( not|n't) support|unknown|unrecogni[sz]ed|unexpected|"
    r"extra|not permitted|not allowed|forbidden|deprecated|additional propert)"
)
_TEMPERATURE = re.compile(
    rf"\btemperature\b.{{0,80}}({_UNKNOWN}|only the default)|{_UNKNOWN}.{{0,40}}\btemperature\b",
    re.IGNORECASE,
)
_OTHER_LIMIT = re.compile(
    rf"\b(max_tokens|max_completion_tokens)\b.{{0,60}}{_UNKNOWN}"
    rf"|{_UNKNOWN}.{{0,60}}\b(max_tokens|max_completion_tokens)\b"
    r"|use .{0,3}max_completion_tokens",
    re.IGNORECASE,
)
_THOUGHTS = re.compile(
    rf"\breasoning(_content)?\b.{{0,80}}{_UNKNOWN}|{_UNKNOWN}.{{0,80}}\breasoning(_content)?\b",
    re.IGNORECASE,
)
_THOUGHTS_WANTED = re.compile(
    r"\breasoning_content\b.{0,80}(must be passed back|is required|is missing)"
    r"|missing.{0,10}\breasoning_content\b",
    re.IGNORECASE,
)
_DETAIL = re.compile(rf"\bdetail\b.{{0,60}}{_UNKNOWN}|{_UNKNOWN}.{{0,60}}\bdetail\b", re.IGNORECASE)
_SYSTEM_PLACE = re.compile(
    r"system.{0,80}(begin|first|start|top|only|after|position|once)"
    r"|(unexpected|invalid|incorrect|multiple).{0,30}system|(role|角色).{0,40}(system|参数)"
    r"|(messages|消息).{0,20}参数非法",
    re.IGNORECASE,
)
_NO_SYSTEM = re.compile(
    rf"(system|developer).{{0,60}}({_UNKNOWN}|not enabled)|{_UNKNOWN}.{{0,60}}system",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"must alternate|alternat\w+.{0,40}(user|assistant)|consecutive.{0,20}(user|assistant|message)"
    r"|(unexpected|expected).{0,20}\brole\b|first message must|must (begin|start) with a? ?user",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dialect:
    """How one service wants to be asked."""

    limit_key: str = "max_tokens"
    """What it calls the limit of an answer."""
    takes_temperature: bool = True
    """Whether the model lets its temperature be set; those that reason often do not."""
    system: Literal["anywhere", "first", "nowhere"] = "anywhere"
    """Where a system message may stand; elsewhere it becomes one of the user."""
    alternates: bool = False
    """Whether user and assistant have to take turns, the user first."""
    takes_thoughts: bool = True
    """Whether it is handed back what it thought before it called a tool."""
    takes_detail: bool = True
    """Whether it knows the `detail` of a picture."""

    def adapted(self, messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
        """Return `messages` as the service takes them."""
        if self.system == "anywhere" and not self.alternates:
            return messages
        adapted: list[ChatMessage] = []
        for given in messages:
            message, last = given, adapted[-1] if adapted else None
            if given.role == "system" and (last is not None or self.system == "nowhere"):
                message = replace(given, role="user")
            if last is not None and _joinable(last, message):
                adapted[-1] = _joined(last, message)
                continue
            opens = last is None or last.role == "system"
            if self.alternates and opens and message.role == "assistant":
                adapted.append(ChatMessage("user", GOES_ON))
            adapted.append(message)
        return adapted

    def learned(
        self, status: int, said: bytes, messages: Sequence[ChatMessage], body: bytes
    ) -> Dialect | None:
        """Return how the service is to be asked that refused `body`, which was made of `messages`.

        None where its words tell nothing that asking otherwise would mend.
        """
        if status in KEY_OR_RATE or status < 400:
            return None
        words = all_words(said)
        if self.takes_temperature and b'"temperature":' in body and _TEMPERATURE.search(words):
            return replace(self, takes_temperature=False)
        sent = f'"{self.limit_key}":'.encode() in body
        if sent and (found := _OTHER_LIMIT.search(words)) and self.limit_key in found[0]:
            return replace(self, limit_key=_LIMIT_KEYS.get(self.limit_key, "max_tokens"))
        if any(message.blocks for message in messages):
            if not self.takes_thoughts and _THOUGHTS_WANTED.search(words):
                return replace(self, takes_thoughts=True)
            if self.takes_thoughts and _THOUGHTS.search(words):
                return replace(self, takes_thoughts=False)
        if self.takes_detail and b'"detail":' in body and _DETAIL.search(words):
            return replace(self, takes_detail=False)
        return self._reordered(words, messages)

    def _reordered(self, words: str, messages: Sequence[ChatMessage]) -> Dialect | None:
        late = any(message.role == "system" for message in messages[1:])
        if _ORDER.search(words) and not self.alternates:
            return replace(self, alternates=True, system="first" if late else self.system)
        if late and self.system == "anywhere" and _SYSTEM_PLACE.search(words):
            return replace(self, system="first")
        if self.system != "nowhere" and messages[0].role == "system" and _NO_SYSTEM.search(words):
            return replace(self, system="nowhere")
        return None


USUAL = Dialect()
"""That of a service of which nothing is known."""


def _joinable(last: ChatMessage, message: ChatMessage) -> bool:
    """Whether two messages can be one: neighbours of a role, and what follows on a result."""
    if last.role == "tool":
        return message.role == "user" and not message.images
    if last.role != message.role or message.role not in ("user", "assistant"):
        return False
    return not (last.tool_calls or message.tool_calls)


def _joined(last: ChatMessage, message: ChatMessage) -> ChatMessage:
    return replace(
        last,
        content=f"{last.content}\n{message.content}".strip("\n"),
        images=(*last.images, *message.images),
        tools=(*last.tools, *message.tools),
    )

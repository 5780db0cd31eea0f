"""A remark that nobody asked for is not made again, in the same words or about the same."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from difflib import SequenceMatcher

from loguru import logger

from ...agent.base import Aside
from ...engines.base import EngineError
from .speech_text import Line

OPENING, OPENING_CJK = 5, 8
"""Words, or characters of a language without blanks, in which two remarks begin alike."""
ALIKE = 0.8
"""The share of their words that two remarks have in common, in one order, to be the same."""
MOST_WORDS = 200
"""Of a longer remark so many are compared."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")


def repeats(remark: str, earlier: Iterable[str]) -> bool:
    """Whether a remark says, or begins with, what one of the earlier ones did."""
    words = _words(remark)
    return bool(words) and any(_alike(words, _words(one)) for one in earlier)


async def unrepeated(
    lines: AsyncGenerator[Line | Aside, None],
    said: Callable[[Sequence[Line]], str],
    earlier: Sequence[str],
) -> AsyncGenerator[Line | Aside, None]:
    """Yield the lines of a remark once it is known whole, unless it repeats an earlier one.

    `said` returns what lines say. What is no line is yielded at once.
    """
    held: list[Line] = []
    failure: EngineError | None = None
    async with aclosing(lines):
        try:
            async for line in lines:
                if isinstance(line, Line):
                    held.append(line)
                else:
                    yield line
        except EngineError as error:
            failure = error
    if repeats(said(held), earlier):
        logger.info("she keeps silent: what came to her mind she has said already")
    else:
        for line in held:
            yield line
    if failure:
        raise failure


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())[:MOST_WORDS]


def _alike(words: Sequence[str], earlier: Sequence[str]) -> bool:
    if words == earlier:
        return True
    opening = OPENING_CJK if _IS_CJK.match(words[0]) else OPENING
    if len(words) >= opening and words[:opening] == earlier[:opening]:
        return True
    return SequenceMatcher(None, words, earlier, autojunk=False).ratio() >= ALIKE

"""A question whether a tool may be used becomes a spoken line, which is no part of the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from ...agent.base import Aside
from ...agent.tools import ToolQuestion
from ..question_words import question_words
from .speech_text import Line


@dataclass(frozen=True)
class QuestionLine(Line):
    """A question, as it is said; shown it is by the client."""

    question: ToolQuestion


@dataclass(frozen=True)
class AskedAloud:
    """A question was said."""

    question: ToolQuestion


def aloud(question: ToolQuestion, language: str) -> QuestionLine:
    """Return how a question is said."""
    words = question_words(question.wish.tool, question.wish.server, language)
    return QuestionLine("", words, (), question)


async def asked_aloud(
    lines: AsyncGenerator[Line | Aside, None], language: str
) -> AsyncGenerator[Line | Aside | AskedAloud, None]:
    """Yield what `lines` yields, and after each question its line."""
    async with aclosing(lines):
        async for one in lines:
            yield one
            if isinstance(one, ToolQuestion):
                yield aloud(one, language)
                yield AskedAloud(one)

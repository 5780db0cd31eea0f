"""What an agent must do: one character in one conversation, from what was heard to its answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..engines.llm.base import Thought
from ..engines.llm.thoughts import Unsaid
from .tools import ToolStatus


@dataclass(frozen=True)
class Heard:
    """What the character is to answer."""

    text: str
    images: tuple[str, ...] = ()
    """Pictures that go with it, as data URLs."""
    proactive: bool = False
    """Whether nobody said anything: then `text` is the instruction to speak unasked."""


@dataclass(frozen=True)
class Remark:
    """One message of a stored conversation."""

    role: Literal["human", "ai", "system"]
    text: str


@dataclass(frozen=True)
class Notice:
    """What the person is told about the answer, once in a conversation."""

    text: str


Aside = Notice | ToolStatus
"""What is told between what is said."""

Piece = str | Thought | Unsaid | Aside
"""A part of an answer. Text is said; Unsaid takes back what was said since the last tool."""


class Agent(ABC):
    """Belongs to one connection; its calls follow one another.

    It learns what became of its answers: of one that was interrupted, what had been heard.
    """

    @abstractmethod
    async def prepare(self) -> None:
        """Get ready to answer, as far as that can be done before there is a question.

        What was done before is not done again. Raises EngineError.
        """

    @abstractmethod
    def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        """Yield the answer in pieces, as they come. Raises EngineError.

        Closing the iterator stops everything that was begun for it.
        """

    @abstractmethod
    async def played(self, text: str, *, interrupted: bool) -> None:
        """Take note of what was heard of the last answer: all of it, or the part before a barge-in.

        An answer to nobody counts only once it is answered: until then this is not called. Raises
        EngineError.
        """

    @abstractmethod
    async def recall(self, remarks: Sequence[Remark]) -> None:
        """Go on with another conversation, in which this was said so far. Raises EngineError."""

"""What an answer consists of, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from ..engines.llm.base import Thought
from ..engines.llm.thoughts import Unsaid
from .tools import ToolStatus


@dataclass(frozen=True)
class Notice:
    """What the person is told about the answer, once in a conversation."""

    text: str


Piece = str | Thought | Unsaid | Notice | ToolStatus
"""Text is said; Unsaid takes back what was said since the last tool; the others say themselves."""

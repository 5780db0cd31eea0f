"""What a platform must do: connect, and yield what viewers write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass


@dataclass(frozen=True)
class ChatMessage:
    """What a viewer wrote, as the platform has it: anything may stand in it."""

    platform: str
    author: str
    text: str
    at: float
    """When, in seconds since 1970."""


class LiveError(Exception):
    """A chat cannot be read; the text says why, and how to mend it."""

    def __init__(self, text: str, *, final: bool = False, retry_s: float = 0.0) -> None:
        """`final`: trying again cannot help. `retry_s`: it cannot help before."""
        super().__init__(text)
        self.final = final
        self.retry_s = retry_s


class LiveSource(ABC):
    """One chat of one platform."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How a person is told of it, as in `Twitch, channel ann`."""

    @abstractmethod
    def connect(self) -> AbstractAsyncContextManager[AsyncIterator[ChatMessage]]:
        """Enter the chat; what is written from then on comes until the connection ends.

        Entering and reading raise LiveError. Leaving closes all that was opened.
        """

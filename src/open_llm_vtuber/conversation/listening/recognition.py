"""The words of one utterance, written down while it is being said."""

from __future__ import annotations

from abc import ABC, abstractmethod


class Recognition(ABC):
    """Belongs to one utterance, whose sound it reads as it grows."""

    @abstractmethod
    def feed(self, voiced: bool, level_db: float) -> None:
        """Take the next frame, which was added to the sound."""

    @abstractmethod
    def pause(self) -> None:
        """The person pauses: this may be the end."""

    @abstractmethod
    def resume(self) -> None:
        """It was not the end."""

    @abstractmethod
    def look_ahead(self, pause_in_s: float) -> None:
        """Have what was said so far shown, if that keeps nobody waiting.

        No pause can be noticed before `pause_in_s` seconds; 0 in a pause.
        """

    @abstractmethod
    def finish(self) -> None:
        """Nothing more is said: have the rest written down, if it is not already."""

    @abstractmethod
    async def words(self) -> str:
        """Return the words of all of it, once it is finished. Raises EngineError."""

    @abstractmethod
    def drop(self) -> None:
        """Stop: nobody will use the words."""

"""What one client is sent beyond the documented protocol: nothing, unless it asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from ..protocol.extensions import KNOWN, Extension
from ..protocol.outgoing import Outgoing, PartialTranscript


class Extensions:
    """Belongs to one connection."""

    def __init__(self, send: Callable[[Outgoing], Awaitable[None]]) -> None:
        self._send = send
        self._enabled: set[Extension] = set()
        self._partial = ""

    def __contains__(self, extension: Extension) -> bool:
        return extension in self._enabled

    def enable(self, names: Iterable[str]) -> list[Extension]:
        """Enable those that this version knows, and return them."""
        asked = set(names)
        known = [extension for extension in KNOWN if extension in asked]
        self._enabled.update(known)
        return known

    async def send(self, extension: Extension, message: Outgoing) -> None:
        """Send a message of an extension to a client that has it. Raises ConnectionClosed."""
        if extension in self._enabled:
            await self._send(message)

    async def show_partial(self, text: str) -> None:
        """Show what was heard so far, if that is news; "" takes back what is shown."""
        if text != self._partial:
            self._partial = text
            await self.send("partial-transcripts", PartialTranscript(text=text))

    def transcribed(self) -> None:
        """The whole transcription was sent: it has replaced what was heard so far."""
        self._partial = ""

"""What one client is sent beyond the documented protocol: nothing, unless it asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import count

from ..protocol.extensions import FOR_OWNERS, KNOWN, Extension
from ..protocol.extra import Capabilities, Lowering, PartialTranscript, PlaybackControl
from ..protocol.outgoing import Outgoing
from .outbox import Outbox
from .tool_questions import ToolQuestions


class Extensions:
    """Belongs to one client."""

    def __init__(
        self, outbox: Outbox, *, may_configure: bool = False, may_resume: bool = False
    ) -> None:
        """`may_configure` says whether it can have those that change the server's settings."""
        self._outbox = outbox
        self._withheld = frozenset[Extension]() if may_configure else FOR_OWNERS
        if not may_resume:
            self._withheld |= {"resume"}
        self._enabled: set[Extension] = set()
        self.noted: Callable[[], Awaitable[None]] | None = None
        """Has what is stored noted for other processes, where there are any."""
        self.said_hello = False
        """Whether its first message was `hello`."""
        self._partial = ""
        self._capabilities: Capabilities | None = None
        self._segments = count(1)
        self.questions = ToolQuestions(outbox)
        """What the person is asked about tools."""

    @property
    def speech_segments(self) -> Iterator[int] | None:
        """The numbers of what is sent in chunks, if the client takes that."""
        return self._segments if "speech-chunks" in self._enabled else None

    @property
    def times_words(self) -> bool:
        """Whether the client is told when the words of a line are spoken."""
        return "word-times" in self._enabled

    @property
    def tells_strength(self) -> bool:
        """Whether the client is told how strongly an expression is felt."""
        return "expression-strength" in self._enabled

    @property
    def breaks_lines(self) -> bool:
        """Whether the client is told where lines of an answer end."""
        return "line-breaks" in self._enabled

    @property
    def names(self) -> list[Extension]:
        """Those that the client has."""
        return [one for one in KNOWN if one in self._enabled]

    def __contains__(self, extension: Extension) -> bool:
        return extension in self._enabled

    def enable(self, names: Iterable[str]) -> list[Extension]:
        """Enable those that this version knows, and return them."""
        asked = set(names)
        known = [one for one in KNOWN if one in asked and one not in self._withheld]
        self._enabled.update(known)
        self._outbox.names_turns = "turn-ids" in self._enabled
        self._outbox.codes_errors = "error-codes" in self._enabled
        return known

    async def send(self, extension: Extension, message: Outgoing, turn: str = "") -> None:
        """Send a message of an extension to a client that has it. Raises ClientGoneError."""
        if extension in self._enabled:
            await self._outbox.send(message, turn)

    def post(self, extension: Extension, message: Outgoing, turn: str = "") -> None:
        """Send a message of an extension to a client that has it, without waiting."""
        if extension in self._enabled:
            self._outbox.post(message, turn)

    async def show_partial(self, text: str) -> None:
        """Show what was heard so far, if that is news; "" takes back what is shown.

        Who hears does not wait for a client that is slow to read it.
        """
        if text != self._partial:
            self._partial = text
            if "partial-transcripts" in self._enabled:
                self._outbox.post_newest(PartialTranscript(text=text))

    async def show_capabilities(self, capabilities: Capabilities) -> None:
        """Tell what can be done with the engines, if that is news."""
        if capabilities != self._capabilities and "capabilities" in self._enabled:
            self._capabilities = capabilities
            await self._outbox.send(capabilities)

    def lower(self, action: Lowering, turn: str) -> None:
        """Have the sound of a turn lowered, held up, or go on: the newest wish counts."""
        if "barge-in" in self._enabled:
            self._outbox.post_newest(PlaybackControl(action=action, turn=turn))

    @property
    def asks_aloud(self) -> bool:
        """Whether the client tells when it has played a question that is said to it."""
        return {"tool-permission", "spoken-questions"} <= self._enabled

    def transcribed(self) -> None:
        """The whole transcription was sent: it has replaced what was heard so far."""
        self._partial = ""

"""What a client is told of the messages of a turn: how they are called, and what is written."""

from __future__ import annotations

from ..protocol.message_actions import ReplyText, TurnMessages
from .extensions import Extensions
from .rewriting import Again
from .speaking.speech_text import Line
from .turn_request import Request


def turn_messages(
    turn: str, answer: str, heard: str | None, request: Request, again: Again | None
) -> TurnMessages:
    """Return what the messages of a turn are called: what was `heard`, and its `answer`."""
    is_stored = not request.viewer and (again is None or again.is_stored)
    versions = [*again.versions, heard or answer] if again and again.versions else None
    return TurnMessages(
        turn=turn,
        heard=heard,
        answer=answer if is_stored else None,
        provisional=True if request.proactive or request.greeting else None,
        action=again.action if again else None,
        of=request.rewrite.message_id if request.rewrite else None,
        versions=versions,
        request_id=request.request_id,
    )


class WrittenLines:
    """Tells a client the lines of an answer as they are written. Belongs to one turn."""

    def __init__(self, extensions: Extensions, turn: str) -> None:
        self._extensions = extensions
        self._turn = turn
        self._lines: list[Line] = []

    def wrote(self, line: Line) -> None:
        """A line is certain; one without words is not shown."""
        if line.display.strip():
            breaks = self._extensions.breaks_lines
            self._tell(len(self._lines), line.broken if breaks else line.display)
            self._lines.append(line)

    def took_back(self, lines: list[Line]) -> None:
        """These lines, the last ones, are no part of the answer."""
        gone = {id(line) for line in lines}
        first = next((n for n, one in enumerate(self._lines) if id(one) in gone), None)
        if first is not None:
            del self._lines[first:]
            self._tell(first, "")

    def _tell(self, number: int, text: str) -> None:
        message = ReplyText(line=number, text=text)
        self._extensions.post("reply-text", message, self._turn)

"""What the person at one client is asked about tools, until it is answered or withdrawn."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Literal

from ..agent.tools import Decision, ToolQuestion
from ..faults import fault
from ..protocol.extra import ToolPermissionClosed, ToolPermissionRequest
from ..protocol.frames import ProtocolError
from .outbox import Outbox
from .plain_answers import plain_answer

MAX_DESCRIPTION_CHARS = 2000
"""What of a server's words on its tool the person is shown."""

Outcome = Literal["allowed", "refused", "unanswered", "withdrawn"]
_OUTCOMES: dict[Decision, Outcome] = {
    "once": "allowed",
    "always": "allowed",
    "no": "refused",
    "unanswered": "unanswered",
}


@dataclass(frozen=True, eq=False)
class OpenQuestion:
    """One that the client was sent."""

    id: str
    asked: ToolQuestion

    @property
    def is_open(self) -> bool:
        """Whether an answer to it still counts."""
        return not self.asked.decision.done()


class ToolQuestions:
    """Belongs to one connection: nobody else can answer what its person is asked."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._open: dict[str, OpenQuestion] = {}
        self._speaks = False
        """Whether the person began to say something that is not complete yet."""
        self._spoken_to: OpenQuestion | None = None
        """That which was open then."""

    async def ask(self, question: ToolQuestion, turn: str, timeout_s: float) -> None:
        """Put a question to the person; it is open for so long. Raises ClientGoneError."""
        if question.decision.done():
            return
        one = OpenQuestion(secrets.token_hex(8), question)
        self._open[one.id] = one
        question.decision.add_done_callback(lambda decided: self._close(one, decided))
        wish = question.wish
        request = ToolPermissionRequest(
            id=one.id,
            tool_id=question.call_id,
            tool=wish.tool,
            server=wish.server,
            description=wish.description[:MAX_DESCRIPTION_CHARS],
            arguments=question.arguments,
            description_changed=wish.changed,
        )
        await self._outbox.send(request, turn)
        timer = asyncio.get_running_loop().call_later(timeout_s, question.settle, "unanswered")
        question.decision.add_done_callback(lambda _: timer.cancel())

    def answer(self, question_id: str, *, allow: bool, remember: bool) -> None:
        """Take the client's answer. Raises ProtocolError if there is no such question."""
        one = self._open.get(question_id)
        if one is None or not one.is_open:
            raise ProtocolError(
                "There is no such question, or it was answered or withdrawn before.",
                fault("question-over", "tool-permission-answer"),
            )
        one.asked.settle(("always" if remember else "once") if allow else "no")

    def begins_to_speak(self) -> bool:
        """Note that the person begins to speak; return whether that may be an answer."""
        self._speaks, self._spoken_to = True, self._oldest()
        return self._spoken_to is not None

    def addressed(self, *, spoken: bool) -> tuple[OpenQuestion | None, bool]:
        """Return the question that is open to what is complete now, and whether it may answer it.

        What the person began to say before the question was put is no answer to it.
        """
        if not (spoken and self._speaks):
            return self._oldest(), True
        self._speaks, spoken_to = False, self._spoken_to
        return (spoken_to, True) if spoken_to else (self._oldest(), False)

    @staticmethod
    def answered_by(question: OpenQuestion, text: str) -> bool:
        """Take a plain yes or no for the answer to a question; return whether it was one."""
        allow = plain_answer(text)
        if allow is None or not question.is_open:
            return False
        question.asked.settle("once" if allow else "no")
        return True

    def _oldest(self) -> OpenQuestion | None:
        return next((one for one in self._open.values() if one.is_open), None)

    def _close(self, one: OpenQuestion, decided: asyncio.Future[Decision]) -> None:
        del self._open[one.id]
        outcome = "withdrawn" if decided.cancelled() else _OUTCOMES[decided.result()]
        self._outbox.post(ToolPermissionClosed(id=one.id, outcome=outcome))

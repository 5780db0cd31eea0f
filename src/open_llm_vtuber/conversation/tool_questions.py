"""What the person at one client is asked about tools, until it is answered or withdrawn."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..agent.tools import Decision, ToolQuestion
from ..faults import fault
from ..protocol.extra import ToolPermissionClosed, ToolPermissionRequest, ToolQuestionAsked
from ..protocol.frames import ProtocolError
from .listening.echo import is_echo
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


@dataclass(eq=False)
class OpenQuestion:
    """One that the client was sent."""

    id: str
    asked: ToolQuestion
    aloud: str = ""
    """What she says to ask it, "" where it is only shown."""
    is_played: bool = True
    """Whether she has asked it: before, whoever says yes may be she herself, in a loudspeaker."""
    saying: Callable[[], str] = str
    """Returns what she says now and said a moment ago, as far as the server knows."""

    @property
    def is_open(self) -> bool:
        """Whether an answer to it still counts."""
        return not self.asked.decision.done()


@dataclass(frozen=True)
class Addressed:
    """The question that was open to some words, and what they can be to it.

    `early` are words that began while she was speaking: they can refuse, but not allow. What began
    `before` the question is no answer to it.
    """

    question: OpenQuestion
    words: Literal["answer", "early", "before"] = "answer"
    saying: str = ""
    """What she was saying then."""


class ToolQuestions:
    """Belongs to one client: nobody else can answer what its person is asked."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._open: dict[str, OpenQuestion] = {}
        self._speaks = False
        """Whether the person began to say something that is not complete yet."""
        self._spoken_to: Addressed | None = None
        """What was open then."""

    async def ask(
        self,
        question: ToolQuestion,
        turn: str,
        timeout_s: float,
        aloud: str = "",
        saying: Callable[[], str] = str,
    ) -> None:
        """Put a question to the person; it is open for so long. Raises ClientGoneError.

        `aloud` is what she is going to say; `saying` returns what she says at the moment.
        """
        if question.decision.done():
            return
        one = OpenQuestion(
            secrets.token_hex(8), question, aloud, is_played=not aloud, saying=saying
        )
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

    async def asked_aloud(self, question: ToolQuestion, turn: str) -> None:
        """All sound of the question was sent. Raises ClientGoneError."""
        for one in self._open.values():
            if one.asked is question and one.is_open:
                await self._outbox.send(ToolQuestionAsked(id=one.id), turn)
                return

    def played(self, question_id: str) -> None:
        """She has asked: from now on it can be allowed in words. Of one that is over it is late."""
        if one := self._open.get(question_id):
            one.is_played = True

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
        self._speaks, self._spoken_to = True, self._now(spoken=True)
        return self._spoken_to is not None

    def addressed(self, *, spoken: bool) -> Addressed | None:
        """Return the question that is open to what is complete now; None if none is."""
        if not (spoken and self._speaks):
            return self._now(spoken=spoken)
        self._speaks, spoken_to = False, self._spoken_to
        if spoken_to:
            return spoken_to
        oldest = self._oldest()
        return Addressed(oldest, "before") if oldest else None

    @staticmethod
    def answered_by(addressed: Addressed, text: str) -> bool:
        """Take a plain yes or no for the answer to a question; return whether that was all.

        A yes that was said while she was speaking, and her own words, are nothing to anybody.
        """
        question, allow = addressed.question, plain_answer(text)
        if addressed.words == "before":
            return False
        if addressed.words == "early" and (
            allow
            or is_echo(text, f"{addressed.saying} {question.aloud}", suspected=True, known=True)
        ):
            return True
        if allow is None or not question.is_open:
            return False
        question.asked.settle("once" if allow else "no")
        return True

    def _now(self, *, spoken: bool) -> Addressed | None:
        oldest = self._oldest()
        if oldest is None:
            return None
        # Who asks aloud tells when that was heard; else it is known by how long her words sound.
        saying = oldest.saying() if spoken else ""
        is_early = spoken and not oldest.is_played if oldest.aloud else bool(saying)
        return Addressed(oldest, "early", saying) if is_early else Addressed(oldest)

    def _oldest(self) -> OpenQuestion | None:
        return next((one for one in self._open.values() if one.is_open), None)

    def _close(self, one: OpenQuestion, decided: asyncio.Future[Decision]) -> None:
        del self._open[one.id]
        outcome = "withdrawn" if decided.cancelled() else _OUTCOMES[decided.result()]
        self._outbox.post(ToolPermissionClosed(id=one.id, outcome=outcome))

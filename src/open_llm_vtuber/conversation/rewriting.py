"""What a turn does with something that was said before: says it again, answers it anew, goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..agent.conversation_memory import ConversationMemory
from ..agent.memory import INTERRUPTED
from ..engines.asr.segments import joined
from ..faults import FaultError, fault
from ..history.new_version import Place
from ..protocol.message_actions import Rewriting
from ..protocol.outgoing import HistoryMessage
from .context import ServiceContext

GO_ON = (
    "(You were cut off there. Go on with the very next word of what you were saying. Repeat nothing"
    " of it, and say nothing about this.)"
)
"""What makes a character go on; it is not remembered."""


class RewritingError(FaultError):
    """It cannot be done with this message."""


@dataclass(frozen=True)
class Rewrite:
    """What is to be done with which message."""

    action: Rewriting
    message_id: str


@dataclass(frozen=True)
class Again:
    """What was found for it. Nothing of the conversation changes before something new is kept."""

    action: Rewriting
    text: str
    """What is said again, or answered; "" where the request has the words."""
    kept: Sequence[HistoryMessage] = ()
    """What was said before it."""
    before: Sequence[HistoryMessage] = ()
    """What was said as it is now."""
    place: Place | None = None
    """Where what is new stands."""
    said: str = ""
    """What was heard of the answer that is gone on with."""
    versions: Sequence[str] = ()
    """The ids of the versions there are."""
    pictures: tuple[str, ...] = ()
    """Those that were shown with what is answered, as data URLs."""

    @property
    def is_stored(self) -> bool:
        """Whether it becomes a part of the conversation."""
        return self.action != "say-again"

    @property
    def may_come_to_nothing(self) -> bool:
        """Whether all is as it was where no answer comes of it."""
        return self.action in ("answer-anew", "go-on")

    def begin(self, memory: ConversationMemory) -> None:
        """Have the character know what was said before it, and no more."""
        if self.is_stored and memory.history.uid:
            memory.resume(memory.history.uid, self.kept)
        if self.action == "answer-anew":
            memory.heard_again(self.text)

    def undo(self, memory: ConversationMemory) -> None:
        """Nothing came of it: have the character know what it knew."""
        if self.may_come_to_nothing and memory.history.uid:
            memory.resume(memory.history.uid, self.before)

    def whole(self, said: str) -> str:
        """Return an answer together with what it goes on from."""
        return joined([self.said, said])

    def forget_what_goes_on(self, memory: ConversationMemory) -> None:
        """Have the character not know what it goes on from: it is told the whole."""
        if self.said and memory.history.uid:
            memory.resume(memory.history.uid, self.kept[:-1])


async def found(context: ServiceContext, rewrite: Rewrite) -> Again:
    """Look a message up in the conversation that is open. Raises RewritingError, HistoryError."""
    action = rewrite.action
    if action != "say-again":
        must_rewrite(context)
    before = await context.memory.history.branch()
    at = next((n for n, one in enumerate(before) if one.id == rewrite.message_id), None)
    if at is None:
        raise gone()
    message = before[at]
    match action:
        case "say-again":
            if message.role != "ai" or not message.content:
                raise fixed("Only what the character said can be said again.")
            return Again(action, message.content)
        case "answer-anew":
            at = at if message.role == "human" else at - 1
            return await _shown(context, before[at], _anew(before, at))
        case "send-again":
            _must_be_own(message)
            place = Place(beside=message.id)
            again = Again(action, "", before[:at], before, place, versions=_versions(message))
            return await _shown(context, message, again)
        case "go-on":
            is_last = all(one.content == INTERRUPTED for one in before[at + 1 :])
            if message.role != "ai" or not is_last:
                raise fixed("Only the last answer can be gone on with.")
            others = [one for one in _versions(message) if one != message.id]
            place = Place(beside=message.id, drops=message.id or "")
            kept, said = before[: at + 1], message.content
            return Again(action, GO_ON, kept, before, place, said, others)


async def _shown(context: ServiceContext, message: HistoryMessage, again: Again) -> Again:
    """Add the pictures that were shown with a message."""
    if not message.pictures:
        return again
    return replace(again, pictures=await context.memory.history.pictures(message.id or ""))


def must_rewrite(context: ServiceContext) -> None:
    """Raise RewritingError where an agent remembers by itself what was said."""
    if not context.rewrites:
        raise fixed(
            "This character's agent keeps its memory elsewhere, where nothing can be changed "
            "(conversation_agent_choice)."
        )


def gone() -> RewritingError:
    """Return the error of a message that is not there."""
    text = "There is no such message in this conversation; perhaps it was deleted."
    return RewritingError(text, fault("message-gone"))


def fixed(text: str) -> RewritingError:
    """Return the error of what cannot be done with a message."""
    return RewritingError(text, fault("message-fixed"))


def _anew(before: Sequence[HistoryMessage], at: int) -> Again:
    """Return what answers the message at a place anew."""
    if at < 0 or before[at].role != "human":
        raise fixed("Only what a person has said can be answered anew.")
    question = before[at]
    _must_be_own(question)
    answer = before[at + 1] if at + 1 < len(before) else None
    known = _versions(answer) if answer and answer.role != "system" else []
    place = Place(after=question.id)
    return Again("answer-anew", question.content, before[:at], before, place, versions=known)


def _must_be_own(message: HistoryMessage) -> None:
    if message.role != "human" or message.other:
        raise fixed("Only what you have said yourself can be said otherwise, or answered anew.")


def _versions(message: HistoryMessage) -> list[str]:
    return message.versions or ([message.id] if message.id else [])

"""What is kept of a conversation: the model's memory and the stored history, always in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..config import CharacterConfig
from ..history.session_history import SessionHistory
from ..protocol.outgoing import HistoryMessage
from .agent import Agent
from .memory import INTERRUPTED


@dataclass(frozen=True)
class _Answer:
    """What the character said."""

    said: str
    shown: str
    interrupted: bool


class Dialogue:
    """One character's conversation with one person. Belongs to one connection."""

    def __init__(self, agent: Agent, history: SessionHistory, character: CharacterConfig) -> None:
        self.agent = agent
        self.history = history
        self._character = character
        self._unanswered: _Answer | None = None
        """Said of its own accord: nothing of it is kept unless the person answers."""

    def heard(self, text: str) -> None:
        """Store what the person said."""
        if unanswered := self._unanswered:
            self._unanswered = None
            self._keep(unanswered)
        self.history.add("human", text, self._character.human_name)

    def said(self, answer: str, shown: str, *, proactive: bool = False) -> None:
        """Keep an answer given in full: for the model as it wrote it, for people as shown."""
        kept = _Answer(answer, shown, interrupted=False)
        if proactive:
            self._unanswered = kept
        else:
            self._keep(kept)

    def interrupted(self, heard: str, *, proactive: bool = False) -> None:
        """Keep of an answer only what was heard of it."""
        kept = _Answer(heard, heard, interrupted=True)
        if not proactive:
            self._keep(kept)
        elif heard:
            self._unanswered = kept

    def overheard(self, message: HistoryMessage) -> None:
        """Store what somebody else in the group said."""
        self.history.append(message)

    def resume(self, uid: str, messages: Sequence[HistoryMessage]) -> None:
        """Go on with a stored conversation."""
        self._unanswered = None
        self.history.resume(uid)
        self.agent.recall(
            [
                (message.role, message.content)
                for message in messages
                if message.content and (message.role != "system" or message.content == INTERRUPTED)
            ]
        )

    def begin(self) -> str:
        """Begin a new conversation and return its uid."""
        self.leave()
        return self.history.begin()

    def leave(self) -> None:
        """Forget the conversation; the next message begins another one."""
        self._unanswered = None
        self.agent.forget()
        self.history.leave()

    def _keep(self, kept: _Answer) -> None:
        if kept.interrupted:
            self.agent.interrupted(kept.said)
        else:
            self.agent.said(kept.said)
        character = self._character
        if kept.shown:
            self.history.add("ai", kept.shown, character.character_name, character.avatar)
        if kept.interrupted:
            self.history.add("system", INTERRUPTED)

"""What is kept of a conversation, in one place: what the agent is told, and the stored history."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from loguru import logger

from ..config import CharacterConfig
from ..engines.base import EngineError
from ..history.branches import new_ref
from ..history.new_version import Place
from ..history.session_history import SessionHistory
from ..history.store import HistoryError
from ..protocol.outgoing import HistoryMessage
from .base import Agent, Remark
from .memory import INTERRUPTED

HEARD = 6
"""So much of what the person said last is kept at hand, and so much of what was answered."""
UNANSWERED = 8
"""So many remarks that nobody has answered yet are kept, the latest."""


@dataclass(frozen=True)
class _Answer:
    """What the character said."""

    said: str
    shown: str
    interrupted: bool
    stored: bool = True
    """Whether it is part of the stored conversation."""
    id: str | None = None
    """What it is called there."""
    place: Place | None = None
    """Where it stands there, if it is another version of something."""

    @property
    def told(self) -> str:
        """What a model is told of it."""
        return f"{self.said}..." if self.interrupted else self.said


class ConversationMemory:
    """One character's conversation with one person. Belongs to one client.

    Nothing of it waits, so that an interrupt is never kept waiting: `prepare` and `saved` see to it
    that the agent and the disk know.
    """

    def __init__(
        self,
        open_agent: Callable[[], Awaitable[Agent]],
        history: SessionHistory,
        character: CharacterConfig,
    ) -> None:
        """`open_agent` waits for the agent of this conversation, and raises EngineError."""
        self._open_agent = open_agent
        self._agent: Agent | None = None
        self.history = history
        self._character = character
        self._unanswered: deque[_Answer] = deque(maxlen=UNANSWERED)
        """Said of its own accord: nothing of it is kept unless the person answers."""
        self._greeting: _Answer | None = None
        """What the conversation began with; it is stored once there is a conversation."""
        self._untold: deque[Callable[[Agent], Awaitable[None]]] = deque()
        """What the agent is still to be told."""
        self.told = 0
        """How often the agent was, or is to be, told something: an answer fits what was known."""
        self._telling = asyncio.Lock()
        self._heard: deque[str] = deque(maxlen=HEARD)
        self._said: deque[str] = deque(maxlen=HEARD)

    @property
    def waits_for_person(self) -> bool:
        """Whether the character has said something unasked, which counts once it is answered."""
        return bool(self._unanswered)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What the character has said unasked since the person said something, as it wrote it."""
        return tuple(one.told for one in self._unanswered)

    @property
    def last_said(self) -> tuple[str, ...]:
        """What the character has said lately, as shown: answers, and remarks of its own accord."""
        return (*self._said, *(one.shown for one in self._unanswered))

    @property
    def last_heard(self) -> str:
        """What the person said last."""
        return "\n".join(self._heard)

    async def prepare(self) -> Agent:
        """Return the agent when it knows all that was said, and is ready to answer.

        Raises EngineError.
        """
        if self._agent is None:
            self._agent = await self._open_agent()
        await self._tell(self._agent)
        await self._agent.prepare()
        return self._agent

    async def listen(self, words: str) -> None:
        """Have the agent get ready for what begins with `words`. Raises EngineError."""
        agent = await self.prepare()
        await agent.listen(words)

    def rest(self) -> Callable[[], Awaitable[None]] | None:
        """Return what the agent may do while nobody says anything, if it knows all that was."""
        return self._agent.rest() if self._agent and not self._untold else None

    async def saved(self) -> None:
        """Wait until all is kept. Raises HistoryError, and EngineError where the agent failed."""
        await self.history.saved()
        if self._agent:
            await self._tell(self._agent)

    async def close(self) -> None:
        """End what the agent had opened, once all is kept."""
        try:
            await self.saved()
        except (HistoryError, EngineError) as error:
            logger.error("the end of a conversation was not stored: {}", error)
        if self._agent:
            await self._agent.close()

    def heard(self, text: str, place: Place | None = None, pictures: Sequence[str] = ()) -> str:
        """Store what the person said, and return what it is called.

        `pictures` are the data URLs of those that came with it.
        """
        self._answered()
        self._heard.append(text)
        name = self._character.human_name
        message_id = new_ref()
        self.history.add("human", text, name, message_id=message_id, place=place, pictures=pictures)
        return message_id

    def heard_again(self, text: str) -> None:
        """What the person said, and is stored already, is answered anew."""
        self._heard.append(text)

    def heard_viewer(self) -> None:
        """Somebody in the audience said something; it is not stored, and neither is its answer."""
        self._answered()

    def said(
        self,
        answer: str,
        shown: str,
        *,
        proactive: bool = False,
        viewer: bool = False,
        message_id: str | None = None,
        place: Place | None = None,
    ) -> None:
        """Keep an answer given in full: for the model as it wrote it, for people as shown."""
        kept = _Answer(answer, shown, False, stored=not viewer, id=message_id, place=place)
        if proactive:
            self._unanswered.append(kept)
        else:
            self._keep(kept)

    def interrupted(
        self,
        heard: str,
        *,
        proactive: bool = False,
        viewer: bool = False,
        message_id: str | None = None,
        place: Place | None = None,
    ) -> None:
        """Keep of an answer only what was heard of it."""
        kept = _Answer(heard, heard, True, stored=not viewer, id=message_id, place=place)
        if not proactive:
            self._keep(kept)
        elif heard:
            self._unanswered.append(kept)

    def greeted(
        self, said: str, shown: str, *, interrupted: bool = False, message_id: str | None = None
    ) -> None:
        """Keep what was heard of what the character said first; stored once it is answered."""
        if said:
            self._greeting = kept = _Answer(said, shown, interrupted, id=message_id)
            self._said.append(shown)
            self._tell_later(lambda agent: agent.played(kept.said, interrupted=interrupted))

    def overheard(self, message: HistoryMessage) -> None:
        """Store what somebody else in the group said."""
        self.history.append(message)

    def resume(self, uid: str, messages: Sequence[HistoryMessage]) -> None:
        """Go on with a stored conversation."""
        self._forget()
        self._said += [one.content for one in messages if one.role == "ai" and one.content]
        self.history.resume(uid)
        remarks = [
            Remark(message.role, message.content)
            for message in messages
            if message.content and (message.role != "system" or message.content == INTERRUPTED)
        ]
        self._tell_later(lambda agent: agent.recall(remarks))

    def greeted_as(self, other: ConversationMemory) -> None:
        """Know what the same conversation began with, where it is not stored yet."""
        if greeting := other._greeting:
            said, shown, cut = greeting.said, greeting.shown, greeting.interrupted
            self.greeted(said, shown, interrupted=cut, message_id=greeting.id)

    def begin(self) -> str:
        """Begin a new conversation and return its uid."""
        self.leave()
        return self.history.begin()

    def leave(self) -> None:
        """Forget the conversation; the next message begins another one."""
        self._forget()
        self._tell_later(lambda agent: agent.recall(()))
        self.history.leave()

    def _tell_later(self, tell: Callable[[Agent], Awaitable[None]]) -> None:
        self.told += 1
        self._untold.append(tell)

    async def _tell(self, agent: Agent) -> None:
        async with self._telling:
            while self._untold:
                try:
                    await self._untold[0](agent)
                except Exception:
                    self._untold.popleft()
                    raise
                self._untold.popleft()  # where this is cancelled, who waits next has it told again

    def _forget(self) -> None:
        self._greeting = None
        for lately in (self._unanswered, self._heard, self._said):
            lately.clear()

    def _answered(self) -> None:
        if greeting := self._greeting:
            self._greeting = None
            self._store(greeting)
        while self._unanswered:
            self._keep(self._unanswered.popleft())

    def _keep(self, kept: _Answer) -> None:
        self._said.append(kept.shown)
        self._tell_later(lambda agent: agent.played(kept.said, interrupted=kept.interrupted))
        if kept.stored:
            self._store(kept)

    def _store(self, kept: _Answer) -> None:
        character = self._character
        if kept.shown:
            name, avatar = character.character_name, character.avatar
            said = kept.shown, name, avatar
            self.history.add("ai", *said, message_id=kept.id, place=kept.place)
        if kept.interrupted:
            self.history.add("system", INTERRUPTED)

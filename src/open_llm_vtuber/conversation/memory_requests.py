"""Answers what a client asks about what is remembered of its person. Extension `memory`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from ..agent.basic_memory_agent import BasicMemoryConfig
from ..faults import fault
from ..history.entries import fold
from ..history.store import valid_uid
from ..memory.importing import Carried
from ..memory.records import Fact, Forgotten, Owner, Recalled
from ..protocol.frames import ProtocolError
from ..protocol.memory import (
    MOST_FACTS,
    AboutMemory,
    CorrectFact,
    FetchMemory,
    ForgetEverything,
    ForgetFact,
    ForgetMessage,
    ImportMemory,
    KeepConversation,
    Memory,
    MemoryChanged,
    Passage,
    PinFact,
    Remembered,
    Remembers,
    SetPerson,
    Told,
)
from .extensions import Extensions
from .services import ServerServices
from .speaking.feelings import Faces
from .speaking.speech_text import without_directions
from .turn_queue import Turns

MOST_PASSAGES = 20
"""Messages that a search finds."""

FORGETS = (CorrectFact, ForgetFact, ForgetMessage, ForgetEverything, KeepConversation)
"""These are done also when whoever asked has gone."""

CHANGES_WHAT_IS_KNOWN = (SetPerson, CorrectFact, ForgetFact, ForgetMessage, ForgetEverything)
"""What is said after these waits for them."""


class MemoryRequests:
    """Belongs to one client; its answers are asked for one after another."""

    def __init__(self, turns: Turns, extensions: Extensions, services: ServerServices) -> None:
        self._turns = turns
        self._extensions = extensions
        self._groups = services.groups
        self._memories = services.memories

    async def answer(self, message: AboutMemory) -> Memory | MemoryChanged:
        """Return the answer to a message. Raises HistoryError, EngineError and ProtocolError."""
        if "memory" not in self._extensions:
            raise ProtocolError("This is for clients that asked for the extension `memory`.")
        context = self._turns.context
        await context.memory.saved()
        if isinstance(message, FetchMemory):
            answer: Memory | MemoryChanged = await self._told(context.owner, message.query)
        else:
            mentions = await self._change(message, context.owner)
            answer = MemoryChanged(mentions=[_passage(one, context.faces) for one in mentions])
        answer.request_id = message.request_id
        return answer

    async def _change(self, message: AboutMemory, owner: Owner) -> Sequence[Recalled]:
        """Do what a message asks; return what else mentions what was forgotten."""
        memories = self._memories
        match message:
            case SetPerson(person=person, takes_over=takes_over):
                if takes_over:
                    await memories.take_over(person)
                self._turns.context.memory.history.person = person
                self._retell(self._turns.context.owner, ())
                if takes_over:
                    self._retell(Owner(owner.conf_uid), ())
            case PinFact(fact=fact, pinned=pinned):
                await memories.pin(owner, fact, pinned)
            case CorrectFact(fact=fact, text=text):
                corrected = await memories.correct(owner, fact, text)
                self._retell(owner, {corrected.history_uid})
            case ForgetFact(fact=fact):
                forgotten = await memories.forget(owner, fact)
                self._retell_without(owner, forgotten)
                return forgotten.mentions
            case ForgetMessage(message_id=message_id):
                self._retell_without(owner, await memories.forget_message(owner, message_id))
            case ForgetEverything():
                await self._stop_all(owner)
                await memories.forget_everything(owner)
                self._retell(owner)
            case KeepConversation(history_uid=uid, remembered=remembered):
                if not valid_uid(uid):
                    raise ProtocolError("There is no such conversation.", fault("history-unknown"))
                await memories.keep(owner.conf_uid, uid, remembered=remembered, person=owner.person)
                self._retell(owner, ())
            case ImportMemory(facts=facts):
                await memories.take(owner, [_carried(one) for one in facts])
            case _:
                raise ProtocolError("There is no answer to this message.")
        return []

    def _retell(self, owner: Owner, uids: Collection[str] | None = None) -> None:
        """Have all who share this memory know it anew: something in it has changed.

        `uids` names the conversations in which that is; without it, it is any of the owner's.
        """
        for client in self._groups.clients():
            context = client.context
            is_owner = context.owner == owner
            shows = is_owner if uids is None else context.memory.history.uid in uids
            if is_owner or shows:
                client.retell(shows=shows)

    def _retell_without(self, owner: Owner, forgotten: Forgotten) -> None:
        """Have all who share a memory, or heard it in a group, know what is left of it."""
        for sentence in forgotten.sentences:
            self._groups.forget(sentence)
        self._retell(owner, forgotten.uids)

    async def _stop_all(self, owner: Owner) -> None:
        """End what is being said to all who share a memory, so that nothing of it is kept."""
        for client in self._groups.clients():
            if client.context.owner == owner:
                client.cut_off()
                await client.context.memory.history.saved()

    async def _told(self, owner: Owner, query: str) -> Memory:
        """Return what is remembered, or what of it holds the words of `query`."""
        wanted = fold(query.strip())
        facts = [one for one in await self._memories.facts(owner) if wanted in fold(one.text)]
        passages: list[Passage] = []
        if wanted:
            found = await self._memories.candidates(
                owner, query, None, not_in=None, limit=MOST_PASSAGES
            )
            faces = self._turns.context.faces
            passages = [_passage(one, faces) for one in found.by_words]
        uid = self._turns.context.memory.history.uid
        return Memory(
            remembers=self._remembers,
            conversation_remembered=not uid or await self._memories.keeps(owner.conf_uid, uid),
            query=query,
            facts=[_remembered(one) for one in facts[:MOST_FACTS]],
            total=len(facts),
            passages=passages,
        )

    @property
    def _remembers(self) -> Remembers:
        """Whether the character of this client remembers earlier conversations."""
        context = self._turns.context
        if not isinstance(context.character.engine("agent").config, BasicMemoryConfig):
            return "elsewhere"
        return "on" if context.remembers else "off"


def _remembered(fact: Fact) -> Remembered:
    return Remembered(
        id=fact.id,
        text=fact.text,
        kind=fact.kind,
        slot=fact.slot,
        day=fact.day.isoformat() if fact.day else None,
        said_at=fact.said_at,
        history_uid=fact.history_uid,
        pinned=fact.pinned,
        edited=fact.edited,
    )


def _carried(told: Told) -> Carried:
    return Carried(
        told.text,
        told.kind,
        told.slot,
        date.fromisoformat(told.day) if told.day else None,
        said_at=told.said_at,
        pinned=told.pinned,
        edited=told.edited,
    )


def _passage(message: Recalled, faces: Faces) -> Passage:
    by_her = message.role == "ai"
    return Passage(
        message_id=message.message_id,
        history_uid=message.history_uid,
        role=message.role,
        name=message.name,
        text=without_directions(message.text, faces) if by_her else message.text,
        said_at=message.said_at,
    )

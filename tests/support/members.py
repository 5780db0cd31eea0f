"""Members of a group as the group sees them, scripted: they note what they are sent and asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from open_llm_vtuber.config.models import CharacterConfig
from open_llm_vtuber.conversation.context import ServiceContext
from open_llm_vtuber.conversation.groups.audience import Audience
from open_llm_vtuber.conversation.groups.presence import Presence
from open_llm_vtuber.conversation.turn_queue import Turns
from open_llm_vtuber.conversation.turn_request import Request
from open_llm_vtuber.protocol.extensions import Extension
from open_llm_vtuber.protocol.outgoing import Control, HistoryMessage, Outgoing
from tests.support.wire import settle


class ScriptedTurn:
    """What is known of a turn that is over."""

    def __init__(self, shown: str, *, stopped: bool, disconnected: bool) -> None:
        self.shown = shown
        self.stopped = stopped
        self.disconnected = disconnected


class ScriptedTurns:
    """Let their character answer what the test says, when it says so."""

    def __init__(self, uid: str) -> None:
        self.asked: list[Request] = []
        self.cut_off = 0
        """How many turns were cancelled."""
        self.withdrawn = 0
        """How often what was begun on a guess was stopped."""
        self.interrupts: list[str] = []
        self.audience: Audience | None = None
        """Of the turn that was begun last."""
        self.known: Callable[[str], str] = lambda heard: heard
        """Makes of what was heard of an interrupted turn what is known of it."""
        self._uid = uid
        self._answer: asyncio.Future[ScriptedTurn] | None = None

    @property
    def is_asked(self) -> bool:
        """Whether a turn is running."""
        return self._answer is not None and not self._answer.done()

    def withdraw(self) -> None:
        self.withdrawn += 1

    async def perform(self, request: Request, audience: Audience) -> ScriptedTurn:
        self.asked.append(request)
        self.audience = audience
        self._answer = asyncio.get_running_loop().create_future()
        audience.tell(Control(text="conversation-chain-start"), f"{self._uid}-{len(self.asked)}")
        try:
            return await self._answer
        except asyncio.CancelledError:
            self.cut_off += 1
            raise

    async def answer(
        self, shown: str, *, stopped: bool = False, disconnected: bool = False
    ) -> None:
        """End the running turn, and let the group go on."""
        assert self._answer
        self._answer.set_result(ScriptedTurn(shown, stopped=stopped, disconnected=disconnected))
        await settle()

    async def break_off(self, error: Exception) -> None:
        """Let the running turn fail."""
        assert self._answer
        self._answer.set_exception(error)
        await settle()

    def interrupt(self, heard: str) -> str:
        self.interrupts.append(heard)
        return self.known(heard)


class ScriptedContext:
    """A character, and what it is told to remember."""

    def __init__(self, person: str, character: str) -> None:
        self.character = CharacterConfig(
            conf_name=character,
            conf_uid=character,
            live2d_model_name="tester",
            character_name=character,
            human_name=person,
            avatar=f"{character}.png",
            persona_prompt="",
        )
        self.memory = self
        self.said: list[str] = []
        """What its own person said."""
        self.others_said: list[HistoryMessage] = []

    def heard(self, text: str, *, pictures: Sequence[str] = ()) -> None:
        self.said.append(text)

    def overheard(self, message: HistoryMessage) -> None:
        self.others_said.append(message)

    def group_prompt(self, others: Sequence[str]) -> str:
        return f"[with {', '.join(others)}]"


class ScriptedMember:
    """One client of a group. Its uid, its person and its character have the names it is given."""

    def __init__(
        self, uid: str, person: str = "", character: str = "", *extensions: Extension
    ) -> None:
        self.uid = uid
        self.extensions = extensions
        self.sent: list[tuple[Outgoing | str, str]] = []
        """What it was sent, and the turn that each belonged to."""
        self.taken_back: list[str] = []
        """The turns of which what waited was taken back."""
        self.held_bytes = 0
        self.presence = Presence()
        self.scripted_context = ScriptedContext(person or uid, character or uid.upper())
        self.scripted_turns = ScriptedTurns(uid)

    @property
    def context(self) -> ServiceContext:
        return cast("ServiceContext", self.scripted_context)

    @property
    def turns(self) -> Turns:
        return cast("Turns", self.scripted_turns)

    def has(self, extension: Extension) -> bool:
        return extension in self.extensions

    def renew(self) -> None:
        raise NotImplementedError  # no group asks for it

    def retell(self, *, shows: bool) -> None:
        raise NotImplementedError  # nor for this

    def cut_off(self) -> None:
        raise NotImplementedError  # nor for this

    def post(self, message: Outgoing | str, turn: str = "") -> None:
        self.sent.append((message, turn))

    def discard(self, turn: str) -> None:
        self.taken_back.append(turn)

    def told(self) -> list[Any]:
        """Return what it was sent since this was asked last: messages as values, frames as text."""
        sent, self.sent = self.sent, []
        return [one if isinstance(one, str) else one.model_dump(mode="json") for one, _ in sent]

    def kinds(self) -> list[str]:
        """Return the types of that, a control message by its text."""
        return [
            one["text"] if one["type"] == "control" else one["type"]
            for one in self.told()
            if isinstance(one, dict)
        ]

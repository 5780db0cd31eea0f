"""Several characters and their people in one conversation: each speaks in turn, all hear it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loguru import logger

from ..history.session_history import said_now
from ..protocol.incoming import Image
from ..protocol.outgoing import (
    Control,
    ForceNewMessage,
    Interrupted,
    Outgoing,
    UserInputTranscription,
)
from .turn import Request, Turn

if TYPE_CHECKING:
    from .groups import Member


@dataclass(frozen=True)
class _Remark:
    """Something said; `by` is the uid of the member whose character said it, "" for a person."""

    by: str
    text: str
    images: tuple[Image, ...] = ()


class GroupTalk:
    """Begins when a member says something and ends by itself after some rounds.

    In a round every member's character speaks once. Who says something meanwhile is heard by the
    next speaker, and the rounds begin anew.
    """

    def __init__(self, members: Mapping[str, Member], rounds: int) -> None:
        self._members = members
        self._rounds = rounds
        self._remarks: list[_Remark] = []
        self._read: dict[str, int] = {}
        """How many of the remarks each member's character has read."""
        self._spoke: dict[str, int] = {}
        """In which place each member spoke last."""
        self._turns = 0
        self._left = 0
        """How many turns remain."""
        self._task: asyncio.Task[None] | None = None
        self._speaker: Member | None = None
        self._speaking: asyncio.Task[Turn] | None = None
        self._turn_id = ""
        """Of the turn that is running, or ran last."""
        self.over = False

    def say(self, member: Member, text: str, images: tuple[Image, ...] = ()) -> None:
        """A person said something: everybody is shown it, and the characters answer."""
        context = member.context
        name = context.character.human_name
        for other in self._others(member):
            other.post(UserInputTranscription(text=text))
        for each in self._members.values():
            if each is member:
                each.context.dialogue.heard(text)
            else:
                each.context.dialogue.overheard(said_now("human", text, name))
        self.prompt(f"{name}: {text}", images)

    def prompt(self, text: str, images: tuple[Image, ...] = ()) -> None:
        """Let the characters answer `text`."""
        self._remarks.append(_Remark("", text, images))
        self._left = self._rounds * len(self._members)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def dismiss(self, member: Member) -> None:
        """A member has left: its character is not heard to the end."""
        if member is self._speaker and self._speaking:
            self._speaking.cancel()

    def interrupt(self, heard: str) -> None:
        """Somebody broke in: everything stops, and everybody is told."""
        if self.over:
            return
        self.over = True
        speaker = self._speaker
        if speaker is not None:
            speaker.turns.interrupt(heard)
            character = speaker.context.character
            name, avatar = character.character_name, character.avatar
            for other in self._others(speaker):
                if heard:
                    other.context.dialogue.overheard(said_now("ai", heard, name, avatar))
                other.context.dialogue.overheard(said_now("system", "[Interrupted by user]"))
        self._discard()
        for member in self._members.values():
            member.post(Interrupted())
        if self._task:
            self._task.cancel()

    async def stop(self) -> None:
        """End it; those who are left are told that nobody speaks any more."""
        if self._task is None or self.over:
            return
        self._left = 0
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._left > 0 and not self.over and len(self._members) > 1:
                self._left -= 1
                await self._let_speak(self._next())
        except Exception:  # noqa: BLE001 - the conversation ends here
            logger.exception("a group conversation broke off")
        finally:
            interrupted, self.over = self.over, True
            if self._speaker is not None and not interrupted:
                self._end_turn()
            self._speaker = None

    def _next(self) -> Member:
        """Return who has been silent longest; among those who never spoke, who came first."""
        uid = min(self._members, key=lambda uid: self._spoke.get(uid, -1))
        return self._members[uid]

    async def _let_speak(self, member: Member) -> None:
        self._turns += 1
        self._spoke[member.uid] = self._turns
        self._speaker = member
        text, images = self._unread(member)
        request = Request(text, images, asked_for=False, occasion="group")
        self._speaking = asyncio.create_task(member.turns.perform(request, self._tell))
        turn = None
        with suppress(asyncio.CancelledError):
            await asyncio.wait([self._speaking])
            if not self._speaking.cancelled():
                turn = self._speaking.result()
        if not self._speaking.done():  # this task itself was cancelled
            self._speaking.cancel()
            await asyncio.wait([self._speaking])
            raise asyncio.CancelledError
        if turn is None or turn.gone or turn.stopped:
            self._end_turn()
        elif turn.shown:
            self._share(member, turn.shown)
        self._speaker = self._speaking = None

    def _unread(self, member: Member) -> tuple[str, tuple[Image, ...]]:
        """Return what was said since this character read it last, a line each."""
        first = self._read.get(member.uid)
        new = [one for one in self._remarks[first or 0 :] if one.by != member.uid]
        self._read[member.uid] = len(self._remarks)
        lines = [one.text for one in new]
        if first is None:
            names = [other.context.character.character_name for other in self._others(member)]
            lines.insert(0, member.context.group_prompt(names))
        return "\n".join(lines), tuple(image for one in new for image in one.images)

    def _share(self, speaker: Member, shown: str) -> None:
        character = speaker.context.character
        self._remarks.append(_Remark(speaker.uid, f"{character.character_name}: {shown}"))
        for other in self._others(speaker):
            remark = said_now("ai", shown, character.character_name, character.avatar)
            other.context.dialogue.overheard(remark)

    async def _tell(self, message: Outgoing | str, turn: str) -> None:
        """Send what concerns everybody."""
        assert not isinstance(message, str)  # noqa: S101 - only sound is made a frame ahead
        self._turn_id = turn
        for member in self._members.values():
            member.post(message, turn)

    def _end_turn(self) -> None:
        """Close, for those who are left, a turn that was not finished."""
        self._discard()
        for member in self._members.values():
            member.post(ForceNewMessage())
            member.post(Control(text="conversation-chain-end"))

    def _discard(self) -> None:
        """Take back what waits to be sent of the present turn."""
        for member in self._members.values():
            member.discard(self._turn_id)

    def _others(self, member: Member) -> list[Member]:
        return [other for other in self._members.values() if other is not member]

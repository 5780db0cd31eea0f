"""Several characters and their people in one conversation: each speaks in turn, all hear it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from loguru import logger

from ...config import Limits
from ...faults import over
from ...history.session_history import said_now
from ...memory.cutting import without
from ...protocol.incoming_parts import Image
from ...protocol.outgoing import Control, ForceNewMessage, Interrupted, UserInputTranscription
from ...protocol.presence import GroupSpeaker
from ..turn import Turn
from ..turn_limits import TooManyWaitingError
from ..turn_request import Request, pictures_in
from .audience import Audience
from .group_names import distinct

if TYPE_CHECKING:
    from .members import Member


MAX_CARRIED = 100
"""Remarks of a conversation that has ended which the next one still tells who has not read them."""


@dataclass(frozen=True)
class _Remark:
    """Something said; `by` is the uid of the member whose character said it, "" for a person."""

    by: str
    text: str
    images: tuple[Image, ...] = ()
    person: str = ""
    """The uid of the member whose person said it, or asked for it."""

    @property
    def size_bytes(self) -> int:
        """How much memory it takes, roughly."""
        return len(self.text.encode()) + sum(len(image.data) for image in self.images)


class GroupTalk:
    """Begins when a member says something and ends by itself after some rounds.

    In a round every member's character speaks once. Who says something meanwhile is heard by the
    next speaker, and the rounds begin anew.
    """

    def __init__(
        self,
        members: Mapping[str, Member],
        rounds: int,
        limits: Limits,
        before: GroupTalk | None = None,
    ) -> None:
        """What characters have not read of the conversation `before` this one they read here."""
        self._members = members
        self._limits = limits
        self._rounds = rounds
        carried = before._remarks[-MAX_CARRIED:] if before else []
        self._remarks: list[_Remark] = [replace(one, images=()) for one in carried]
        """Those that not every character has read yet."""
        self._begun: int = before._dropped + len(before._remarks) if before else 0
        """How many there were when this conversation began."""
        self._dropped: int = self._begun - len(carried)
        """How many there were before those in `_remarks`."""
        read = before._read if before else {}
        self._read: dict[str, int] = {uid: read.get(uid, self._begun) for uid in members}
        """How many of all remarks each member's character has read; who comes later, none."""
        self._introduced: set[str] = set()
        """Whose character has been told of this conversation."""
        self._spoke: dict[str, None] = {}
        """Whose character has spoken, the one that is silent longest first."""
        self._left = rounds * len(members)
        """How many turns remain."""
        self._task: asyncio.Task[None] | None = None
        self._speaker: Member | None = None
        self._speaking: asyncio.Task[Turn] | None = None
        self._audience: Audience | None = None
        """Of the turn that is running, or ran last."""
        self.finished = False

    def say(self, member: Member, text: str, images: tuple[Image, ...] = ()) -> None:
        """A person said something: everybody is shown it, and the characters answer.

        Raises TooManyWaitingError.
        """
        names = {uid: _person(one) for uid, one in self._members.items()}
        told = distinct(names)[member.uid]
        self.prompt(member, f"{names[member.uid]}: {text}", images)
        for other in self._others(member):
            known = told if other.has("groups") else None
            other.post(UserInputTranscription(text=text, name=known))
        for each in self._members.values():
            if each is member:
                each.context.memory.heard(text, pictures=pictures_in(images))
            else:
                each.context.memory.overheard(said_now("human", text, told, other=True))

    def prompt(self, member: Member, text: str, images: tuple[Image, ...] = ()) -> None:
        """Let the characters answer `text`, which a member said. Raises TooManyWaitingError."""
        remark = _Remark("", text, images, member.uid)
        self._admit(remark)
        self._remarks.append(remark)
        self._left = self._rounds * len(self._members)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def forget(self, sentence: str) -> None:
        """Have nobody read a sentence any more who has not read it yet."""
        self._remarks = [replace(one, text=without(one.text, sentence)) for one in self._remarks]

    def played(self, member: Member, turn_id: str | None = None) -> None:
        """A member has played everything it was sent, of a certain turn if it says so."""
        if self._audience and turn_id in (None, self._audience.turn_id):
            self._audience.played(member.uid)

    @property
    def held_bytes(self) -> int:
        """How much memory what was said and is not read by all takes."""
        return sum(remark.size_bytes for remark in self._remarks)

    def dismiss(self, member: Member) -> None:
        """A member has left: its character is not heard to the end, and for it the turn is over."""
        if self._audience:
            self._audience.leave(member.uid)
        self._read.pop(member.uid, None)
        if self._speaker is None or self.finished:
            return
        self._end_turn_for(member)
        if member is self._speaker and self._speaking:
            self._speaking.cancel()

    def interrupt(self, heard: str, turn_id: str | None = None) -> None:
        """Somebody broke in: everything stops, and everybody is told.

        Who says into which turn, when a later one has begun, comes too late and changes nothing.
        """
        late = turn_id is not None and not (self._audience and self._audience.turn_id == turn_id)
        if self.finished or late:
            return
        self.finished = True
        speaker = self._speaker
        if speaker is not None:
            if heard := speaker.turns.interrupt(heard):
                self._share(speaker, heard)
            for other in self._others(speaker):
                other.context.memory.overheard(said_now("system", "[Interrupted by user]"))
        for member in self._members.values():
            self._discard_for(member)
            member.post(Interrupted(turn=self._turn_for(member)))
        if self._task:
            self._task.cancel()

    async def stop(self) -> None:
        """End it; those who are left are told that nobody speaks any more."""
        if self._task is None or self.finished:
            return
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._left > 0 and len(self._members) > 1:
                self._left -= 1
                await self._let_speak(self._next())
        except Exception:  # noqa: BLE001 - the conversation ends here
            logger.exception("a group conversation broke off")
        finally:
            interrupted, self.finished = self.finished, True
            self._tell_speaker("")
            if self._speaker is not None and not interrupted:
                self._end_turn()
            self._speaker = None

    def _tell_speaker(self, uid: str) -> None:
        for member in self._members.values():
            if member.has("group-presence"):
                member.post(GroupSpeaker(uid=uid))

    def _next(self) -> Member:
        """Return who has been silent longest; among those who never spoke, who came first."""
        never = (uid for uid in self._members if uid not in self._spoke)
        before = (uid for uid in self._spoke if uid in self._members)
        return self._members[next(chain(never, before))]

    async def _let_speak(self, member: Member) -> None:
        self._spoke.pop(member.uid, None)
        self._spoke[member.uid] = None
        self._speaker = member
        text, images = self._unread(member)
        request = Request(text, images, asked_for=False, trigger="group")
        self._audience = Audience(self._members, member)
        self._tell_speaker(member.uid)
        self._speaking = asyncio.create_task(member.turns.perform(request, self._audience))
        try:
            await asyncio.wait([self._speaking])
        except asyncio.CancelledError:  # the whole conversation is stopped
            self._speaking.cancel()
            await asyncio.wait([self._speaking])
            raise
        turn = None if self._speaking.cancelled() else self._speaking.result()
        if turn is None or turn.disconnected or turn.stopped:
            self._end_turn()
        elif turn.shown:
            self._share(member, turn.shown)
        self._speaker = self._speaking = None

    def _admit(self, remark: _Remark) -> None:
        """Raise TooManyWaitingError if a person has said too much that nobody has read yet."""
        limits = self._limits
        read = max([self._begun, *self._read.values()])
        mine = [one for one in self._since(read) if one.person == remark.person]
        waiting = self._since(self._begun)
        size = sum(one.size_bytes for one in waiting)
        own = sum(one.size_bytes for one in waiting if one.person == remark.person)
        if len(mine) >= limits.max_queued_turns:
            raise TooManyWaitingError(
                f"{len(mine)} messages of yours are waiting to be answered already "
                "(system_config.limits.max_queued_turns); wait until somebody speaks.",
                over("max_queued_turns", limits.max_queued_turns),
            )
        # Nobody takes more than is still free: so there is always something left for the others.
        if waiting and own + remark.size_bytes > limits.max_queued_turns_bytes - size:
            raise TooManyWaitingError(
                f"{size / 2**20:.0f} MiB of messages are waiting in this group already "
                "(system_config.limits.max_queued_turns_bytes); wait until everybody has spoken.",
                over("max_queued_turns_bytes", limits.max_queued_turns_bytes),
            )

    def _since(self, number: int) -> list[_Remark]:
        """Return the remarks from the one of this number on, counted from the first of all."""
        return self._remarks[max(0, number - self._dropped) :]

    def _unread(self, member: Member) -> tuple[str, tuple[Image, ...]]:
        """Return what was said since this character read it last, a line each."""
        first = self._read.get(member.uid, self._begun)
        new = [one for one in self._since(first) if one.by != member.uid]
        self._read[member.uid] = self._dropped + len(self._remarks)
        by_all = min(self._read.get(uid, self._begun) for uid in self._members)
        del self._remarks[: max(0, by_all - self._dropped)]
        self._dropped = max(self._dropped, by_all)
        lines = [one.text for one in new]
        if member.uid not in self._introduced:
            self._introduced.add(member.uid)
            names = [other.context.character.character_name for other in self._others(member)]
            lines.insert(0, member.context.group_prompt(names))
        return "\n".join(lines), tuple(image for one in new for image in one.images)

    def _share(self, speaker: Member, shown: str) -> None:
        character = speaker.context.character
        self._remarks.append(_Remark(speaker.uid, f"{character.character_name}: {shown}"))
        for other in self._others(speaker):
            remark = said_now("ai", shown, character.character_name, character.avatar)
            other.context.memory.overheard(remark)

    def _end_turn(self) -> None:
        """Close, for those who are left, a turn that was not finished."""
        for member in self._members.values():
            self._end_turn_for(member)

    def _end_turn_for(self, member: Member) -> None:
        self._discard_for(member)
        turn = self._turn_for(member)
        member.post(ForceNewMessage(turn=turn))
        member.post(Control(text="conversation-chain-end", turn=turn))

    def _turn_for(self, member: Member) -> str | None:
        """Return the present turn's id for a member that asked to be told."""
        if self._audience is None or not member.has("turn-ids"):
            return None
        return self._audience.turn_id or None

    def _discard_for(self, member: Member) -> None:
        """Take back what waits to be sent to a member of the present turn."""
        if self._audience:
            member.discard(self._audience.turn_id)

    def _others(self, member: Member) -> list[Member]:
        return [other for other in self._members.values() if other is not member]


def _person(member: Member) -> str:
    """Return what the person of a member is called here."""
    return member.presence.called(member.context.character.human_name)

"""Who was asked into a group and has not answered yet: nobody is taken in who can be asked."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ...protocol.outgoing import GroupMember, GroupOperationResult
from ...protocol.presence import GroupInvitation, GroupInvitationOver, InvitationEnd
from .members import Member
from .refusals import refuse

MOST_SENT = 16
"""Open invitations of one client."""
MOST_RECEIVED = 8
"""Open invitations to one client."""
MOST_A_MINUTE = 40
"""Invitations of one client, those that it took back at once among them."""


@dataclass(eq=False, frozen=True)
class Invitation:
    """One client was asked by another one."""

    id: str
    inviter: Member
    invitee: Member
    timer: asyncio.TimerHandle

    def between(self, inviter: Member, invitee: Member) -> bool:
        """Whether it is of one to the other."""
        return self.inviter is inviter and self.invitee is invitee


class Invitations:
    """Those that are open. Belongs to one event loop."""

    def __init__(
        self,
        timeout_s: float,
        people_of: Callable[[str], list[GroupMember]],
        join: Callable[[Member, Member], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`people_of` returns who is in the group of a client, none if it is alone.

        `join` takes the second client into the group of the first.
        """
        self._timeout_s = timeout_s
        self._people_of = people_of
        self._join = join
        self._open: dict[str, Invitation] = {}
        self._clock = clock
        self._asked_at: dict[str, deque[float]] = {}
        """When each client asked somebody, as far as it counts."""
        self._declined: set[tuple[str, str]] = set()
        """Who has asked whom and was refused; who says no once is left alone."""

    def meet(self, inviter: Member, invitee: Member) -> bool:
        """Who invites the one that has asked them has said yes; return whether it is so."""
        self._declined.discard((invitee.uid, inviter.uid))
        one = self._between(invitee, inviter)
        if one:
            self._accept(one)
        return one is not None

    def _between(self, inviter: Member, invitee: Member) -> Invitation | None:
        found = (one for one in self._open.values() if one.between(inviter, invitee))
        return next(found, None)

    def ask(self, inviter: Member, invitee: Member) -> None:
        """Ask a client that is in no group."""
        if self._between(inviter, invitee):
            refuse(inviter, "group-asked")
            return
        if (inviter.uid, invitee.uid) in self._declined:
            refuse(inviter, "group-declined")
            return
        sent = sum(one.inviter is inviter for one in self._open.values())
        received = sum(one.invitee is invitee for one in self._open.values())
        if sent >= MOST_SENT or received >= MOST_RECEIVED or self._asks_too_often(inviter):
            refuse(inviter, "group-invitations-full")
            return
        self._open_one(inviter, invitee)
        asked = f"Member {invitee.uid} was asked to join the group"
        inviter.post(GroupOperationResult(success=True, message=asked))

    def _asks_too_often(self, inviter: Member) -> bool:
        """Count one more invitation of a client, unless that are too many."""
        now = self._clock()
        asked_at = self._asked_at.setdefault(inviter.uid, deque())
        while asked_at and asked_at[0] <= now - 60:
            asked_at.popleft()
        if len(asked_at) >= MOST_A_MINUTE:
            return True
        asked_at.append(now)
        return False

    def _open_one(self, inviter: Member, invitee: Member) -> None:
        key = uuid.uuid4().hex
        timer = asyncio.get_running_loop().call_later(self._timeout_s, self._expire, key)
        self._open[key] = Invitation(key, inviter, invitee, timer)
        character = inviter.context.character
        people = self._people_of(inviter.uid)
        own = [one.human_name for one in people if one.uid == inviter.uid]
        invitee.post(
            GroupInvitation(
                id=key,
                uid=inviter.uid,
                human_name=own[0] if own else inviter.presence.called(character.human_name),
                character_name=character.character_name,
                others=[one.human_name for one in people if one.uid != inviter.uid],
                expires_s=self._timeout_s,
            )
        )

    def answer(self, invitee: Member, key: str, *, accept: bool) -> None:
        """Take who was asked into the group, or tell who asked that they do not come."""
        one = self._open.get(key)
        if one is None or one.invitee is not invitee:  # over meanwhile, or somebody else's
            refuse(invitee, "group-invitation-over")
        elif accept:
            self._accept(one)
        else:
            self._declined.add((one.inviter.uid, invitee.uid))
            self._end(one, "answered")
            refuse(one.inviter, "group-declined")

    def _accept(self, one: Invitation) -> None:
        self._end(one, "answered")
        self._join(one.inviter, one.invitee)

    def joined(self, member: Member) -> None:
        """A client is in somebody's group now: nothing else is asked of it, nor by it."""
        self.grouped(member)
        self.left(member)  # it is another group than who was asked was told of

    def grouped(self, member: Member) -> None:
        """A client is in a group now, perhaps of its own: it can come into no other."""
        for one in list(self._open.values()):
            if one.invitee is member:
                self._end(one, "joined")
                refuse(one.inviter, "group-taken")

    def left(self, member: Member) -> None:
        """A client is in its group no longer, into which it had invited others."""
        for one in list(self._open.values()):
            if one.inviter is member:
                self._end(one, "withdrawn")

    def leave(self, member: Member) -> None:
        """A client has disconnected."""
        self.left(member)
        self._asked_at.pop(member.uid, None)
        for one in list(self._open.values()):
            if one.invitee is member:
                self._end(one, "withdrawn")
                refuse(one.inviter, "group-client-unknown")
        self._declined = {pair for pair in self._declined if member.uid not in pair}

    def close(self) -> None:
        """End all of them; nobody is told, for the server ends."""
        for one in self._open.values():
            one.timer.cancel()
        self._open.clear()

    def _expire(self, key: str) -> None:
        if one := self._open.get(key):
            self._end(one, "timeout")
            refuse(one.inviter, "group-unanswered")

    def _end(self, one: Invitation, reason: InvitationEnd) -> None:
        one.timer.cancel()
        del self._open[one.id]
        one.invitee.post(GroupInvitationOver(id=one.id, reason=reason))

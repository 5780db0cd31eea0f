"""Who talks with whom: groups of clients, how they are changed, and what everybody is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from loguru import logger

from ...config import Limits
from ...faults import over
from ...protocol.incoming import ProtocolError
from ...protocol.outgoing import (
    Audio,
    DisplayText,
    GroupMember,
    GroupOperationResult,
    GroupUpdate,
)
from ...protocol.presence import Activity, GroupActivity
from .group_names import distinct
from .group_talk import GroupTalk
from .invitations import Invitations
from .members import Member
from .refusals import refuse


@dataclass(eq=False)
class Group:
    """Clients in one conversation; members in the order in which they speak."""

    members: dict[str, Member]
    talk: GroupTalk | None = None

    @property
    def owner(self) -> str:
        """The uid of the member who came first of those who are here."""
        return next(iter(self.members))

    def update(self, uid: str) -> GroupUpdate:
        """Return who is here, as `uid` is told."""
        people = None
        if (member := self.members.get(uid)) and member.has("groups"):
            people = self.people()
        return GroupUpdate(members=list(self.members), is_owner=self.owner == uid, people=people)

    def people(self) -> list[GroupMember]:
        """Return who the members are."""
        characters = {uid: member.context.character for uid, member in self.members.items()}
        called = {
            uid: member.presence.called(characters[uid].human_name)
            for uid, member in self.members.items()
        }
        names = distinct(called)
        return [
            GroupMember(uid=uid, human_name=names[uid], character_name=one.character_name)
            for uid, one in characters.items()
        ]

    def tell_members(self) -> None:
        """Tell everybody who is here."""
        for uid, member in self.members.items():
            member.post(self.update(uid))

    def others(self, uid: str) -> list[Member]:
        """Return the members but one."""
        return [member for key, member in self.members.items() if key != uid]


class Groups:
    """All clients of a server and the groups they form. Belongs to one event loop."""

    def __init__(self, rounds: int, limits: Limits) -> None:
        self._rounds = rounds
        self._limits = limits
        self._clients: dict[str, Member] = {}
        self._groups: dict[str, Group] = {}
        """By the uid of each member."""
        self._ending: set[asyncio.Task[None]] = set()
        self.invitations = Invitations(limits.group_invitation_timeout_s, self._people, self._join)
        """Of those who can be asked."""

    def arrive(self, member: Member) -> None:
        """Count a client that can be invited."""
        self._clients[member.uid] = member

    def clients(self) -> list[Member]:
        """Return everybody who is here, in a group or not."""
        return list(self._clients.values())

    def leave(self, member: Member) -> None:
        """A client has disconnected; its group goes on without it."""
        self._clients.pop(member.uid, None)
        self.invitations.leave(member)
        group = self._groups.pop(member.uid, None)
        if group is None:
            return
        self._take_out(group, member.uid)
        text = f"Member {member.uid} disconnected"
        for other in group.members.values():
            other.post(GroupOperationResult(success=True, message=text))
        self._after_leaving(group)

    def answering(self) -> int:
        """Return how many clients are being answered, or wait for that."""
        return sum(not client.turns.is_idle for client in self._clients.values())

    def held_bytes(self) -> int:
        """Return how much memory what all clients and groups said takes, until it is answered."""
        talks = {group.talk for group in self._groups.values() if group.talk}
        by_clients = sum(client.held_bytes for client in self._clients.values())
        return by_clients + sum(talk.held_bytes for talk in talks)

    def of(self, uid: str) -> Group | None:
        """Return the group of a client, None if it is alone."""
        return self._groups.get(uid)

    def update(self, uid: str) -> GroupUpdate:
        """Return who is in the group of a client."""
        group = self._groups.get(uid)
        return group.update(uid) if group else GroupUpdate()

    def forward(self, member: Member, text: DisplayText) -> None:
        """Show a sentence that began to play at a member to the others, if they do not hear it.

        Raises ProtocolError: none is longer than an answer can be, and the others would be cut off.
        """
        group = self.of(member.uid)
        if group is None:
            return
        most = self._limits.max_reply_chars
        if len(text.text) + len(text.name) + len(text.avatar) > most:
            raise ProtocolError(
                f"The sentence is over {most} characters (system_config.limits.max_reply_chars) "
                "and was not shown to the group.",
                over("max_reply_chars", most),
            )
        silent = Audio(audio=None, volumes=[], display_text=text, actions=None, forwarded=True)
        for other in group.others(member.uid):
            if not other.has("groups"):
                other.post(silent)

    def renamed(self, member: Member) -> None:
        """A client has another character: tell those who know names."""
        if group := self._groups.get(member.uid):
            for other in group.members.values():
                if other.has("groups"):
                    other.post(group.update(other.uid))

    def call(self, member: Member, name: str) -> None:
        """The person of a client has another name: tell those who know names."""
        member.presence.name = name
        if group := self._groups.get(member.uid):
            for one in group.members.values():
                if one.has("groups"):
                    one.post(group.update(one.uid))

    def does(self, member: Member, activity: Activity) -> None:
        """The person of a client does something, or goes on with it: tell the others."""
        if member.presence.activity == activity == "none":
            return
        member.presence.activity = activity
        if group := self._groups.get(member.uid):
            for other in group.others(member.uid):
                if other.has("group-presence"):
                    other.post(GroupActivity(uid=member.uid, activity=activity))

    def _people(self, uid: str) -> list[GroupMember]:
        group = self.of(uid)
        return group.people() if group else []

    def add(self, inviter: Member, invitee_uid: str) -> None:
        """Ask another client into the inviter's group; one that cannot be asked joins at once."""
        invitee = self._clients.get(invitee_uid)
        if invitee is None:
            refuse(inviter, "group-client-unknown")
            return
        if invitee is inviter:
            refuse(inviter, "group-self")
            return
        if self.invitations.meet(inviter, invitee):
            return
        if invitee_uid in self._groups:
            refuse(inviter, "group-taken")
        elif invitee.has("group-invitations"):
            self.invitations.ask(inviter, invitee)
        else:
            self._join(inviter, invitee)

    def _join(self, inviter: Member, invitee: Member) -> None:
        """Take a client into the inviter's group, and tell all it concerns."""
        invitee_uid = invitee.uid
        group = self._groups.get(inviter.uid)
        if group is None:
            group = Group({inviter.uid: inviter})
            self._groups[inviter.uid] = group
        for member in (inviter, invitee):
            member.turns.withdraw()  # nobody answers ahead in a group
        group.members[invitee_uid] = invitee
        self._groups[invitee_uid] = group
        self.invitations.joined(invitee)
        self.invitations.grouped(inviter)
        logger.info("a group has {} members", len(group.members))
        invitee.post(group.update(invitee_uid))
        welcome = f"You have been invited to the group by {inviter.uid}"
        if invitee.has("group-invitations"):
            welcome = f"You have joined the group of {inviter.uid}"
        invitee.post(GroupOperationResult(success=True, message=welcome))
        done = f"Member {invitee_uid} was added to the group"
        knows_names = inviter.has("groups")  # then first who that is
        if not knows_names:
            inviter.post(GroupOperationResult(success=True, message=done))
        for member in group.others(invitee_uid):
            member.post(group.update(member.uid))
            if member is not inviter or knows_names:
                member.post(GroupOperationResult(success=True, message=done))

    def remove(self, member: Member, target_uid: str) -> None:
        """Take a client out of the member's group: the owner anybody, others themselves."""
        group = self._groups.get(member.uid)
        if group is None:
            refuse(member, "group-none")
            return
        if target_uid not in group.members:
            refuse(member, "group-member-unknown")
            return
        if member.uid not in (group.owner, target_uid):
            refuse(member, "group-not-owner")
            return
        target = group.members[target_uid]
        del self._groups[target_uid]
        self.invitations.left(target)
        self._take_out(group, target_uid)
        if target is member:
            done = "You have left the group"
        else:
            done = f"Member {target_uid} was removed from the group"
        member.post(GroupOperationResult(success=True, message=done))
        target.post(GroupUpdate())
        told = f"Member {target_uid} left the group" if target is member else done
        for other in group.members.values():
            if other is not member and other.has("group-presence"):
                other.post(GroupOperationResult(success=True, message=told))
        if target is not member:
            farewell = "You have been removed from the group"
            target.post(GroupOperationResult(success=True, message=farewell))
        self._after_leaving(group)

    def talk(self, group: Group) -> GroupTalk:
        """Return the running conversation of a group, or a new one."""
        if group.talk is None or group.talk.finished:
            group.talk = GroupTalk(group.members, self._rounds, self._limits, group.talk)
        return group.talk

    def forget(self, sentence: str) -> None:
        """Have no character read a sentence any more that was said in a group."""
        for talk in {group.talk for group in self._groups.values() if group.talk}:
            talk.forget(sentence)

    async def close(self) -> None:
        """Stop every conversation, and ask nobody any more."""
        self.invitations.close()
        talks = {group.talk for group in self._groups.values() if group.talk}
        await asyncio.gather(*(talk.stop() for talk in talks), *self._ending)

    def _take_out(self, group: Group, uid: str) -> None:
        member = group.members.pop(uid)
        if group.talk:
            group.talk.dismiss(member)

    def _after_leaving(self, group: Group) -> None:
        """Dissolve a group of one, and tell those who are left."""
        if len(group.members) > 1:
            group.tell_members()
            return
        for uid, last in group.members.items():
            self._groups.pop(uid, None)
            last.post(GroupUpdate())
            if last.has("group-presence"):
                ended = "The group was dissolved"
                last.post(GroupOperationResult(success=True, message=ended))
        if group.talk:
            ending = asyncio.create_task(group.talk.stop())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

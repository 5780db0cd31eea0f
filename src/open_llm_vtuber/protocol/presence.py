"""Who is asked into a group, and does what there: what its clients tell, and are told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from .incoming_parts import MOST_ID_CHARS, Incoming
from .memory import one_line
from .parts import Outgoing

MOST_NAME_CHARS = 80

Activity = Literal["typing", "talking", "none"]
"""What a person in a group does just now."""


InvitationEnd = Literal["answered", "joined", "timeout", "withdrawn"]
"""Why an invitation is over: the person has answered it or is in a group now, did neither in time,
or who asked is gone or in another group."""


class SetGroupName(Incoming):
    """Says what the person is called in groups. Extension `group-presence`."""

    type: Literal["set-group-name"] = "set-group-name"
    name: Annotated[str, Field(max_length=MOST_NAME_CHARS), AfterValidator(one_line)]
    """Empty for the `human_name` of the character."""


class TellActivity(Incoming):
    """Says that the person writes something, or no more. Extension `group-presence`."""

    type: Literal["tell-activity"] = "tell-activity"
    activity: Activity


class AnswerGroupInvitation(Incoming):
    """Says whether the person joins who asked. Extension `group-invitations`."""

    type: Literal["answer-group-invitation"] = "answer-group-invitation"
    id: Annotated[str, Field(max_length=MOST_ID_CHARS)]
    """That of `group-invitation`."""
    accept: StrictBool


class GroupInvitation(Outgoing):
    """Asks the person whether they join a group. Extension `group-invitations`."""

    type: Literal["group-invitation"] = "group-invitation"
    id: str
    uid: str
    """Of the client that asks."""
    human_name: str
    """Of its person."""
    character_name: str
    """Whom that person talks with."""
    others: list[str]
    """The names of who else is in the group just now."""
    expires_s: float
    """How long the person has to answer, in seconds."""


class GroupInvitationOver(Outgoing):
    """An invitation cannot be answered any more. Extension `group-invitations`."""

    type: Literal["group-invitation-over"] = "group-invitation-over"
    id: str
    reason: InvitationEnd


class GroupActivity(Outgoing):
    """What another person in the group does just now. Extension `group-presence`."""

    type: Literal["group-activity"] = "group-activity"
    uid: str
    """The member's."""
    activity: Activity


class GroupSpeaker(Outgoing):
    """Whose character answers now. Extension `group-presence`."""

    type: Literal["group-speaker"] = "group-speaker"
    uid: str
    """The member's; empty when nobody's does any more."""

"""Who does what in a group: what its clients tell, and are told. Extension `group-presence`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .incoming_parts import Incoming
from .memory import one_line
from .parts import Outgoing

MOST_NAME_CHARS = 80

Activity = Literal["typing", "talking", "none"]
"""What a person in a group does just now."""


class SetGroupName(Incoming):
    """Says what the person is called in groups. Extension `group-presence`."""

    type: Literal["set-group-name"] = "set-group-name"
    name: Annotated[str, Field(max_length=MOST_NAME_CHARS), AfterValidator(one_line)]
    """Empty for the `human_name` of the character."""


class TellActivity(Incoming):
    """Says that the person writes something, or no more. Extension `group-presence`."""

    type: Literal["tell-activity"] = "tell-activity"
    activity: Activity


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

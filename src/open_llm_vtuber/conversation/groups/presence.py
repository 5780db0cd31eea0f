"""What others in a group see of one client's person: the name, and what they do just now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...protocol.presence import Activity

if TYPE_CHECKING:
    from .members import Member


class Presence:
    """Belongs to one connection; others ask for it."""

    def __init__(self) -> None:
        self.name = ""
        """What the person is called in groups; "" if they gave no name."""
        self.activity: Activity = "none"


def person_of(member: Member) -> str:
    """Return what the person of a member is called in a group."""
    return member.presence.name or member.context.character.human_name

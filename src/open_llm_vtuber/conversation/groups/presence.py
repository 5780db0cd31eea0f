"""What others in a group see of one client's person: the name, and what they do just now."""

from __future__ import annotations

from ...protocol.presence import Activity


class Presence:
    """Belongs to one client; others ask for it."""

    def __init__(self) -> None:
        self.name = ""
        """What the person is called in groups; "" if they gave no name."""
        self.activity: Activity = "none"

    def called(self, human_name: str) -> str:
        """Return the name of the person, whom the file of the character calls `human_name`."""
        return self.name or human_name

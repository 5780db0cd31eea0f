"""What a session needs of the server it is in."""

from __future__ import annotations

from typing import Protocol

from ..config.characters import Characters
from ..history.store import HistoryStore
from .context import ServiceContext
from .groups.groups import Groups
from .loading_report import LoadingStatus
from .viewers import Stage


class ServerServices(LoadingStatus, Protocol):
    """What a session needs of the server it is in."""

    characters: Characters
    history: HistoryStore
    groups: Groups
    stage: Stage

    def backgrounds(self) -> list[str]:
        """Return the names of the background pictures. Reads the disk."""

    async def character(self, filename: str, client_uid: str) -> ServiceContext:
        """Return the context of another character. Raises ConfigError."""

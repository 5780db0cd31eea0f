"""What a session needs of the server it is in."""

from __future__ import annotations

from typing import Protocol

from ..config.characters import Characters
from ..history.store import HistoryStore
from ..mcp.servers import McpServers
from ..memory.store import MemoryStore
from ..protocol.extra import LanguageModels, Languages
from .context import ServiceContext
from .groups.groups import Groups
from .loading_report import LoadingStatus
from .turn_record import TurnWatch
from .viewers import ViewerResponders


class SettingsOwner(Protocol):
    """Who writes into the files of the configuration what a client chooses."""

    async def language_models(self, filename: str) -> LanguageModels:
        """Return which language models a character could have. Raises ConfigError."""

    async def languages(self, filename: str) -> Languages:
        """Return which languages a character can have. Raises ConfigError."""

    async def choose_language_model(self, filename: str, server: str, model: str) -> str:
        """Choose a model; return where that is written. Raises EngineError and ConfigError."""

    async def choose_language(self, filename: str, language: str) -> str:
        """Choose a language; return where that is written. Raises a ProtocolError, ConfigError."""

    async def choose_remembering(self, filename: str, *, remembers: bool) -> str:
        """Have earlier conversations remembered, or not; return where that is written.

        Raises EngineError and ConfigError.
        """


class ServerServices(LoadingStatus, Protocol):
    """What a session needs of the server it is in."""

    characters: Characters
    history: HistoryStore
    memories: MemoryStore
    groups: Groups
    mcp: McpServers
    responders: ViewerResponders

    @property
    def reconfiguration(self) -> SettingsOwner:
        """Who writes what is chosen."""

    @property
    def watch(self) -> TurnWatch:
        """Who is told of turns."""

    def backgrounds(self) -> list[str]:
        """Return the names of the background pictures. Reads the disk."""

    async def character(self, filename: str, client_uid: str) -> ServiceContext:
        """Return the context of another character. Raises ConfigError."""

"""What engines have in common that ask one service over HTTP: an account, a connection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from ..http_errors import Service
from .account import need_keys
from .base import C, Engine, Resources
from .http_client import HttpClient


class HttpEngine(Engine[C]):
    """A class of it says who is asked (`_service`), with which `_headers`."""

    section: ClassVar[str]
    """Where its section is, as a person finds it: `tts_config` for a voice."""
    needed: ClassVar[Mapping[str, str]] = {}
    """The keys of its section that it cannot do without, and for each where one has it."""
    _http: HttpClient

    @property
    def speculates(self) -> bool:
        """Only a service on this computer is sure to be free of charge."""
        return self._service().is_here

    @abstractmethod
    def _service(self) -> Service:
        """Return who is asked, as a person is told of it."""

    def _headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {}

    def _needed(self) -> Mapping[str, str]:
        """Return what of `needed` holds for its config."""
        return self.needed

    def _key(self, name: str) -> str:
        """Return how a person finds a key of its section."""
        return f"{self.section}.{self.name}.{name}"

    async def load(self, resources: Resources) -> None:
        """Open the account; the service is not asked anything yet. Raises EngineError."""
        need_keys(self.name, f"{self.section}.{self.name}", self.config, self._needed())
        await self._connect(resources)

    async def _connect(self, resources: Resources) -> None:
        self._http = await self.run(resources.http, self._service(), headers=self._headers())

    async def close(self) -> None:
        """Close the connections."""
        await super().close()
        if http := getattr(self, "_http", None):
            await http.close()

"""What engines have in common that ask one service over HTTP: an account, a connection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ..http_errors import Service
from .account import need_keys
from .base import C, Engine, Resources
from .http_client import HttpClient


class HttpEngine(Engine[C]):
    """A class of it says who is asked (`service`), with which `headers`."""

    section: ClassVar[str]
    """Where its section is, as a person finds it: `tts_config` for a voice."""
    needed: ClassVar[Mapping[str, str]] = {}
    """The keys of its section that it cannot do without, and for each where one has it."""
    http: HttpClient

    @property
    def speculates(self) -> bool:
        """Only a service on this computer is sure to be free of charge."""
        return self.service().is_here

    @abstractmethod
    def service(self) -> Service:
        """Return who is asked, as a person is told of it."""

    def keyed_service(
        self,
        who: str,
        url: str,
        api_key: str,
        *,
        address_key: str = "base_url",
        others: Sequence[str] = (),
        not_found: str = Service.not_found,
    ) -> Service:
        """Return who is asked with the `api_key` of the section, at what `address_key` says."""
        return Service(
            who,
            url,
            others=tuple(others),
            address_key=self.key_path(address_key),
            secret_key=self.key_path("api_key"),
            secrets=(api_key,),
            not_found=not_found,
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {}

    def needs(self) -> Mapping[str, str]:
        """Return what of `needed` holds for its config."""
        return self.needed

    def key_path(self, name: str) -> str:
        """Return how a person finds a key of its section."""
        return f"{self.section}.{self.name}.{name}"

    async def load(self, resources: Resources) -> None:
        """Open the account; the service is not asked anything yet. Raises EngineError."""
        need_keys(self.name, f"{self.section}.{self.name}", self.config, self.needs())
        await self.open_account(resources)

    async def open_account(self, resources: Resources) -> None:
        """Open the account. Raises EngineError."""
        self.http = await self.run(resources.http, self.service(), headers=self.headers())

    async def close(self) -> None:
        """Close the connections."""
        await super().close()
        if http := getattr(self, "http", None):
            await http.close()

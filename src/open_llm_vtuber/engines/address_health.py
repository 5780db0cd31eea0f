"""An address that could not be reached is asked whether it is well, until it is."""

from __future__ import annotations

import asyncio
from typing import Any

from loguru import logger

from ..closing import cancelled
from ..http_errors import trouble_of
from ..masking import masked, without_credentials
from .addresses import Addresses

EVERY_S = 2.0
"""How often an address is asked; the answer may take as long."""
PATH = "/models"
"""What all services of this API list free of charge; any answer will do that tells of no trouble
of its own, a refusal for want of a key as well."""
TROUBLE = 500
"""The status from which on it tells of that."""


class AddressHealth:
    """Of one service. A person's turn finds out once that an address is gone, and no other waits.

    Nobody is asked while all are well, or where there is but one.
    """

    def __init__(self, who: str, client: Any, addresses: Addresses) -> None:
        """`client` is one of httpx, of either generation."""
        self._who = who
        self._client = client
        self._addresses = addresses
        self._asking: asyncio.Task[None] | None = None

    def failed(self, url: str) -> None:
        """One of them was not reached, or says that it cannot serve."""
        if len(self._addresses) == 1 or url in self._addresses.ill:
            return
        self._addresses.failed(url)
        logger.warning("{} at {} is left out until it answers", self._who, _shown(url))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_until_well())

    async def close(self) -> None:
        """Ask no more."""
        if self._asking:
            await cancelled([self._asking])

    async def _ask_until_well(self) -> None:
        while ill := self._addresses.ill:
            await asyncio.sleep(EVERY_S)
            await asyncio.gather(*map(self._ask, ill))

    async def _ask(self, url: str) -> None:
        try:
            asked = self._client.get(url.rstrip("/") + PATH)
            response = await asyncio.wait_for(asked, EVERY_S)
        except Exception as error:  # noqa: BLE001 - a client of httpx2 has errors of its own
            logger.debug("{} at {}: {}", self._who, _shown(url), trouble_of(error)[0].name)
            return
        if response.status_code < TROUBLE:
            self._addresses.answered(url)
            logger.info("{} at {} answers again", self._who, _shown(url))


def _shown(url: str) -> str:
    return masked(without_credentials(url)[0])

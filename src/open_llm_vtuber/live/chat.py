"""LiveChat: reads all chats that are configured, and has one message after another answered."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Protocol

from loguru import logger

from ..config.live import LiveConfig
from ..protocol.extra import ViewerMessage
from .rules import Rules, presented
from .source import ChatMessage, LiveError, LiveSource
from .waiting import WaitingMessages

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 60.0


class Responder(Protocol):
    """The conversation that hears the viewers."""

    async def idle(self) -> None:
        """Wait until somebody watches, and nobody is being answered."""

    def say_for_viewer(self, message: ViewerMessage) -> bool:
        """Have a viewer answered, without tools; return whether that could be begun."""


class LiveChat:
    """Belongs to one application. A chat that fails costs only itself."""

    def __init__(
        self,
        config: LiveConfig,
        sources: Sequence[LiveSource],
        responder: Responder,
        *,
        first_retry_s: float = FIRST_RETRY_S,
    ) -> None:
        self._config = config
        self._sources = sources
        self._responder = responder
        self._first_retry_s = first_retry_s
        self._rules = Rules(config)
        self._waiting = WaitingMessages(config.max_waiting)
        self._came = asyncio.Event()
        self._passed_over = 0

    async def run(self) -> None:
        """Read and hand on until it is cancelled."""
        tasks = [asyncio.create_task(self._follow(source)) for source in self._sources]
        tasks.append(asyncio.create_task(self._hand_on()))
        try:
            await asyncio.wait(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, source: LiveSource) -> None:
        """Stay in a chat, through any number of disconnects; what keeps it out is told once."""
        retry_s, told = self._first_retry_s, ""
        while True:
            wait_s = 0.0
            try:
                async with source.connect() as messages:
                    logger.info("live chat: {} is listened to", source.name)
                    async for message in messages:
                        retry_s, told = self._first_retry_s, ""
                        self._hear_one(message)
            except LiveError as error:
                if error.final:
                    logger.error("live chat: {}: {}", source.name, error)
                    return
                if str(error) != told:
                    told = str(error)
                    logger.warning("live chat: {}: {} Trying again.", source.name, error)
                wait_s = error.retry_s
            except Exception:  # noqa: BLE001 - the task of one chat ends here, the others go on
                logger.exception("live chat: {} is not listened to any more", source.name)
                return
            # Spread out, so that several do not come back at once.
            wait_s = max(wait_s, retry_s * (0.75 + random.random() / 2))  # noqa: S311 - no secret
            await asyncio.sleep(wait_s)
            retry_s = min(retry_s * 2, LAST_RETRY_S)

    def _hear_one(self, message: ChatMessage) -> None:
        if why := self._rules.refusal(message):
            self._passed_over += 1
            logger.debug("live chat: a message of {} is passed over: {}", message.platform, why)
            return
        self._waiting.put(message)
        self._came.set()

    async def _hand_on(self) -> None:
        """Have one message answered whenever the conversation is idle, and some time has passed."""
        while True:
            self._came.clear()
            if not len(self._waiting):
                await self._came.wait()
            await self._responder.idle()
            message = self._waiting.take()  # only now: the newest that came meanwhile count
            if message is None:
                continue
            if self._responder.say_for_viewer(presented(message)):
                logger.info(
                    "live chat: a message of {} is answered; {} wait, {} were dropped and {} "
                    "passed over so far",
                    message.platform,
                    len(self._waiting),
                    self._waiting.dropped,
                    self._passed_over,
                )
            else:
                self._waiting.put(message)
            await asyncio.sleep(self._config.pause_s)

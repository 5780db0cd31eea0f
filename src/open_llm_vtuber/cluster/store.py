"""The Redis that all processes share: what fails of it is told once, and nobody waits long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from loguru import logger
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")
ANSWER_S = 1.0
"""How long it may take."""


class Store:
    """Belongs to one process."""

    def __init__(self, url: str) -> None:
        self.redis: Redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._is_there: bool | None = None

    @property
    def is_there(self) -> bool:
        """Whether it answered the last time."""
        return self._is_there is not False

    async def ask(self, work: Callable[[Redis], Awaitable[T]], otherwise: T) -> T:
        """Return what it answers, `otherwise` where it does not."""
        try:
            answer = await work(self.redis)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._tell(is_there=False, why=type(error).__name__)
            return otherwise
        self._tell(is_there=True)
        return answer

    def _tell(self, *, is_there: bool, why: str = "") -> None:
        if is_there == self._is_there:
            return
        before, self._is_there = self._is_there, is_there
        if not is_there:
            logger.warning(
                "Redis (system_config.cluster.redis_url) does not answer ({}): this process goes "
                "on by itself, and knows nothing of the others meanwhile",
                why,
            )
        elif before is False:
            logger.info("Redis answers again")

    async def script(self, text: str, key: str, *arguments: str) -> int:
        """Run a script over one key; return its number, 0 where nobody answers."""

        async def run(redis: Redis) -> int:
            return int(await redis.eval(text, 1, key, *arguments))

        return await self.ask(run, 0)

    async def close(self) -> None:
        """Disconnect."""
        await self.redis.aclose()

"""Who lives where: processes and sessions."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, cast

from redis.asyncio import Redis

from .arrival import Known
from .store import Store

ALIVE_S = 1.5
"""A process that says nothing for so long is taken for dead."""
KEPT_S = 30
"""So much longer than its client is waited for a session is known."""
PREFIX = "open-llm-vtuber:"
_NONE: str | None = None

_CLAIM = """
local known = redis.call('HGET', KEYS[1], 'process')
if known == ARGV[1] then redis.call('HSET', KEYS[1], 'process', ARGV[2]) return 1 end
return 0
"""
_DROP_OWN_SESSION = """
if redis.call('HGET', KEYS[1], 'process') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Directory:
    """As one process reads and writes it."""

    def __init__(self, store: Store, process: str, url: str, kept_s: float) -> None:
        """Of the `process` that is reached at `url`; sessions are known for `kept_s`."""
        self._store = store
        self.process = process
        self.url = url
        self._kept_s = int(kept_s) + KEPT_S

    async def beat(self) -> bool:
        """Say that this process lives; return whether that was heard."""
        key, for_ms = f"{PREFIX}process:{self.process}", int(ALIVE_S * 1000)

        async def say(redis: Redis) -> bool:
            return bool(await redis.set(key, self.url, px=for_ms))

        return await self._store.ask(say, False)

    async def leave(self) -> None:
        """Say that it ends."""
        key = f"{PREFIX}process:{self.process}"
        await self._store.ask(lambda redis: redis.delete(key), 0)

    async def url_of(self, process: str) -> str | None:
        """Return where a process is reached, None if it does not live."""
        return await self._get(f"process:{process}")

    async def note(self, digest: str, known: Known) -> None:
        """Keep what is to be known of a session of this process."""
        key = f"{PREFIX}session:{digest}"
        fields = {"process": known.process, "known": known.model_dump_json()}

        async def write(redis: Redis) -> None:
            async with redis.pipeline(transaction=False) as pipe:
                pipe.hset(key, mapping=cast("dict[Any, Any]", fields))
                pipe.expire(key, self._kept_s)
                await pipe.execute()

        await self._store.ask(write, None)

    async def session(self, digest: str) -> Known | None:
        """Return what is known of a session."""

        async def read(redis: Redis) -> dict[str, str]:
            found = redis.hgetall(f"{PREFIX}session:{digest}")
            return await cast("Awaitable[dict[str, str]]", found)

        nothing: dict[str, str] = {}
        found = await self._store.ask(read, nothing)
        if "known" not in found:
            return None
        known = Known.model_validate_json(found["known"])
        return known.model_copy(update={"process": found["process"]})

    async def claim(self, digest: str, before: str) -> bool:
        """Take over a session from the process that had it; False where another one has."""
        key = f"{PREFIX}session:{digest}"
        return bool(await self._store.script(_CLAIM, key, before, self.process))

    async def drop(self, digest: str) -> None:
        """A session is over, unless another process has it."""
        key = f"{PREFIX}session:{digest}"
        await self._store.script(_DROP_OWN_SESSION, key, self.process)

    async def keep(self, digests: list[str]) -> None:
        """Have sessions of this process known for longer."""

        async def write(redis: Redis) -> None:
            async with redis.pipeline(transaction=False) as pipe:
                for digest in digests:
                    pipe.expire(f"{PREFIX}session:{digest}", self._kept_s)
                await pipe.execute()

        if digests:
            await self._store.ask(write, None)

    async def _get(self, key: str) -> str | None:
        async def read(redis: Redis) -> str | None:
            found = await redis.get(f"{PREFIX}{key}")
            return None if found is None else str(found)

        return await self._store.ask(read, _NONE)

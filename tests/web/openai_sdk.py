"""OpenAI's own SDK, talking to a server of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openai import AsyncOpenAI

from tests.support.live import Live

CHAT = "tester"
"""The character of `conf`, as a model."""


@asynccontextmanager
async def sdk(server: Live, key: str = "any-key") -> AsyncIterator[AsyncOpenAI]:
    """Yield a client of a server, as somebody makes one."""
    async with AsyncOpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0) as client:
        yield client

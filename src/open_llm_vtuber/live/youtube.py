"""YouTube: the chat of a live stream is looked at again and again, through the Data API v3.

Documented at https://developers.google.com/youtube/v3/live/docs/liveChatMessages/list.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from ..config.live import YouTubeLive
from ..http_errors import Service
from .source import ChatMessage, LiveError, LiveSource
from .wire import JsonClient, Parameters, a_few_at_once, at, number_at, text_at

OK = 200
OUT_OF_QUOTA_S = 3600.0
"""The quota is filled up at midnight, in California."""
_OUT_OF_QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
_NO_CHAT = {"liveChatDisabled", "liveChatEnded", "liveChatNotFound", "videoNotFound"}
_KEY_WRONG = {"keyInvalid", "accessNotConfigured", "API_KEY_INVALID", "SERVICE_DISABLED"}
_NOT_LIVE = "the stream is not live, or there is none (live_config.youtube.video_id)."


def chat_message(item: Any) -> ChatMessage | None:
    """Return what a viewer wrote, None for an event that is something else."""
    text = text_at(item, "snippet", "displayMessage")
    author = text_at(item, "authorDetails", "displayName")
    kind = text_at(item, "snippet", "type")
    if kind not in ("textMessageEvent", "superChatEvent") or not text or not author:
        return None
    return ChatMessage("YouTube", author, text, _seconds(text_at(item, "snippet", "publishedAt")))


def _seconds(published: str) -> float:
    try:
        return datetime.fromisoformat(published.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0


class YouTube(LiveSource):
    """The chat of one stream."""

    def __init__(
        self, config: YouTubeLive, wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`wait` passes the seconds until the next look."""
        self._config = config
        self._wait = wait
        self._service = Service(
            "YouTube", config.url, "live_config.youtube.url", secrets=(config.api_key,)
        )

    @property
    def name(self) -> str:
        """The stream."""
        return f"YouTube, stream {self._config.video_id}"

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncIterator[ChatMessage]]:
        """Find the chat of the stream; what was written before is not looked at."""
        key = self._config.api_key
        if not key or not key.isascii() or not key.isprintable():
            raise LiveError(
                "set live_config.youtube.api_key to a key of the YouTube Data API v3 "
                "(console.cloud.google.com).",
                final=True,
            )
        client = await asyncio.to_thread(JsonClient, self._service, {"X-Goog-Api-Key": key})
        try:
            wanted = {"part": "liveStreamingDetails", "id": self._config.video_id}
            found = await self._ask(client, "/videos", wanted)
            chat = text_at(found, "items", 0, "liveStreamingDetails", "activeLiveChatId")
            if not chat:
                raise LiveError(_NOT_LIVE)
            past = await self._look(client, chat, "")
            yield self._messages(client, chat, past)
        finally:
            await client.close()

    async def _messages(
        self, client: JsonClient, chat: str, page: Any
    ) -> AsyncIterator[ChatMessage]:
        while not at(page, "offlineAt"):
            wished_s = number_at(page, "pollingIntervalMillis") / 1000
            await self._wait(max(wished_s, self._config.poll_s))
            page = await self._look(client, chat, text_at(page, "nextPageToken"))
            items = at(page, "items")
            async for item in a_few_at_once(items if isinstance(items, list) else ()):
                if message := chat_message(item):
                    yield message
        raise LiveError("the stream has ended.", final=True)

    async def _look(self, client: JsonClient, chat: str, token: str) -> Any:
        wanted: dict[str, str | int] = {
            "liveChatId": chat,
            "part": "snippet,authorDetails",
            "maxResults": 200,
        }
        if token:
            wanted["pageToken"] = token
        return await self._ask(client, "/liveChat/messages", wanted)

    async def _ask(self, client: JsonClient, path: str, parameters: Parameters) -> Any:
        status, answer = await client.get(path, parameters)
        if status == OK and isinstance(answer, dict):
            return answer
        reasons = {
            text_at(answer, "error", "errors", 0, "reason"),
            text_at(answer, "error", "details", 0, "reason"),
        }
        if reasons & _OUT_OF_QUOTA:
            raise LiveError(
                "the quota of the key is used up for today; a larger live_config.youtube.poll_s "
                "makes it last longer.",
                retry_s=OUT_OF_QUOTA_S,
            )
        if reasons & _KEY_WRONG:
            raise LiveError(
                "YouTube does not take the key: it is wrong, or the YouTube Data API v3 is not "
                "enabled for it (live_config.youtube.api_key).",
                final=True,
            )
        if reasons & _NO_CHAT:
            raise LiveError("the stream has no chat, or has ended.", final=True)
        told = self._service.refused(status, text_at(answer, "error", "message")).text
        raise LiveError(told)

"""What the voices behind a Gradio page have in common: its HTTP API, files there and back.

"Querying Gradio Apps with Curl" in Gradio's guides describes it: a call is posted and answered with
an id, under which its events are read; the last has the results. Since version 5 a prefix stands
before it, which the page's `config` tells.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from ...audio import Pcm
from ...faults import fault
from ...http_errors import Service
from ..base import EngineError, Resources, per_call
from .http_tts import HttpTTS, HttpTTSConfig

PLAYLIST, WHOLE = "playlist.m3u8", "playlist-file"
"""Where the sound is that a page sends while it is made, in parts and as one file."""


class GradioConfig(HttpTTSConfig):
    """What all of them have."""

    api_name: str = per_call(
        "/generate_audio", description='As the page has it under "Use via API".'
    )


ConfigT = TypeVar("ConfigT", bound=GradioConfig)


class _Page:
    """What is known of a page: where its API is, and which of our files it has."""

    def __init__(self) -> None:
        self.asking = asyncio.Lock()
        self.forget()

    def forget(self) -> None:
        """It may have been started anew: then it has none of our files, and perhaps another API."""
        self.prefix: str | None = None
        self.files: dict[Path, str] = {}


class GradioTTS(HttpTTS[ConfigT]):
    """A voice behind a page: a sentence is one call, its result a file."""

    requires: ClassVar = {"av": ""}
    streams = False
    concurrency = 1
    address_key: ClassVar[str] = "client_url"
    """The key of its section that has the address of the page."""

    def __init__(self, config: ConfigT) -> None:
        super().__init__(config)
        self._page = _Page()

    @abstractmethod
    def page_url(self) -> str:
        """Return the address of the page, which the key `address_key` has."""

    @abstractmethod
    async def inputs(self, text: str) -> Sequence[Any]:
        """Return what the page's function is given for a sentence. Raises EngineError."""

    def service(self) -> Service:
        """Return who is asked."""
        return Service(
            f"The Gradio page of {self.name}",
            self.page_url(),
            address_key=self.key_path(self.address_key),
            not_found=f"has no function {self.config.api_name} ({self.key_path('api_name')})",
        )

    async def load(self, resources: Resources) -> None:
        """Open the connection; the page is not asked anything yet. Raises EngineError."""
        await super().load(resources)
        self._path = resources.path

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` once the page has made it. Raises EngineError."""
        try:
            address = await self._made(text)
        except EngineError:
            self._page.forget()
            raise
        async with aclosing(self.ask_sound("GET", address)) as sound:
            async for pcm in sound:
                yield pcm

    async def _made(self, text: str) -> str:
        """Have the page make the speech for `text`; return where that is. Raises EngineError."""
        prefix = await self._prefix()
        call = f"{prefix}call/{quote(self.config.api_name.strip('/ '), safe='')}"
        begun = await self.ask_json("POST", call, json={"data": list(await self.inputs(text))})
        if not isinstance(begun, dict) or not isinstance(begun.get("event_id"), str):
            raise self.odd_answer("no id for a call")
        return self._address(prefix, await self._result(f"{call}/{begun['event_id']}"))

    async def _prefix(self) -> str:
        """Return what stands before the paths of the API, which is asked for once."""
        async with self._page.asking:
            if self._page.prefix is None:
                config = await self.ask_json("GET", "config")
                prefix = config.get("api_prefix") if isinstance(config, dict) else None
                known = prefix.strip("/") if isinstance(prefix, str) else ""
                self._page.prefix = f"{known}/" if known else ""
            return self._page.prefix

    async def _result(self, path: str) -> Any:
        """Return the first file among the results of a call."""
        async with aclosing(self.ask_events("GET", path)) as events:
            async for name, data in events:
                if name == "error":
                    # Version 6 has it in an object; null where the page does not show it.
                    said = data.get("error") if isinstance(data, dict) else data
                    words = self.http.service.without_secrets(str(said or ""))
                    raise EngineError(
                        f"{self.http.service.whereabouts} could not make the sound"
                        f"{f': {words}' if words else '; its own log says why'}.",
                        fault("service-failed"),
                    )
                if name == "complete":
                    found = data if isinstance(data, list) else []
                    files = [one for one in found if isinstance(one, dict) and one.get("path")]
                    if not files:
                        raise self.odd_answer("no file as the result")
                    return files[0]
        raise self.odd_answer("no result")

    def _address(self, prefix: str, file: Any) -> str:
        """Return where a file of the page is had, below its own address."""
        path = str(file["path"])
        if file.get("is_stream"):
            return f"{prefix}stream/{quote(path.removesuffix(PLAYLIST))}{WHOLE}"
        return f"{prefix}file={quote(path)}"

    async def _file(self, named: str) -> dict[str, Any] | None:
        """Return what the page is given for a file that conf.yaml names, by address or path."""
        named = named.strip()
        if not named:
            return None
        if "://" in named:
            return {"path": named, "meta": {"_type": "gradio.FileData"}}
        path = self._path(named)
        if path not in self._page.files:
            try:
                content = await self.run(path.read_bytes)
            except OSError as error:
                raise EngineError(
                    f"{self.name}: the recording {path} cannot be read: {error.strerror}."
                ) from error
            prefix = await self._prefix()
            sent = {"files": (path.name, content)}
            found = await self.ask_json("POST", f"{prefix}upload", files=sent)
            if not isinstance(found, list) or not found or not isinstance(found[0], str):
                raise self.odd_answer("no place for a file")
            self._page.files[path] = found[0]
        uploaded = self._page.files[path]
        return {"path": uploaded, "meta": {"_type": "gradio.FileData"}}

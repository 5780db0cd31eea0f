"""What was allowed for good, and how each tool was described then: a file beside conf.yaml."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from loguru import logger
from pydantic import BaseModel, ConfigDict, ValidationError

from ..whole_file import write_whole

FILE = "tool_permissions.json"
MAX_BYTES = 16 * 2**20
"""What is longer is cut off, and so cannot be read: it is no file of ours."""


class Pin(BaseModel):
    """A tool as it was when it was used, or allowed, last."""

    model_config = ConfigDict(frozen=True, strict=True)

    fingerprint: str
    always: bool = False
    """Whether the person said that it need not be asked for again."""


class Pins(BaseModel):
    """The whole file: by server, by tool."""

    tools: dict[str, dict[str, Pin]] = {}


@dataclass(frozen=True)
class _Key:
    server: str
    tool: str


class RememberedTools:
    """Shared by all conversations; whoever may talk to the server decides for all of them.

    What cannot be written is remembered until the end, and told in the log.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._pins: dict[_Key, Pin] = {}
        self._writer: asyncio.Task[None] | None = None
        self._is_written = True
        self._failed = False
        self.is_read = False
        """Whether the file was looked at."""

    def read(self) -> None:
        """Take in the file, if there is one. It blocks; what cannot be read is asked for again."""
        self.is_read = True
        try:
            with self._path.open("rb") as file:
                pins = Pins.model_validate_json(file.read(MAX_BYTES))
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            first = str(error).splitlines()[0]
            logger.warning(
                "{}: it cannot be read ({}): every tool is asked for again, and the file written "
                "anew then",
                FILE,
                first,
            )
            return
        for server, tools in pins.tools.items():
            self._pins |= {_Key(server, tool): pin for tool, pin in tools.items()}

    def always(self) -> list[tuple[str, str]]:
        """Return server and tool of all that was allowed for good."""
        allowed = [(key.server, key.tool) for key, pin in self._pins.items() if pin.always]
        return sorted(allowed)

    def take_back(self, server: str, tool: str) -> None:
        """Ask for a tool again that was allowed for good; what is none is left as it is."""
        pin = self._pins.get(_Key(server, tool))
        if pin is not None and pin.always:
            self.note(server, tool, pin.model_copy(update={"always": False}))

    def allows(self, server: str, tool: str, fingerprint: str) -> bool:
        """Return whether a tool was allowed for good, described as it is now."""
        pin = self._pins.get(_Key(server, tool))
        return pin is not None and pin.always and pin.fingerprint == fingerprint

    def differs(self, server: str, tool: str, fingerprint: str) -> bool:
        """Return whether a tool is described otherwise than when it was last used or allowed."""
        pin = self._pins.get(_Key(server, tool))
        return pin is not None and pin.fingerprint != fingerprint

    def note(self, server: str, tool: str, pin: Pin) -> None:
        """Remember how a tool is described, and whether it is allowed for good.

        No call waits until that is on the disk; `saved` does.
        """
        key = _Key(server, tool)
        if self._pins.get(key) == pin:
            return
        self._pins[key] = pin
        self._is_written = False
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())

    async def saved(self) -> None:
        """Wait until all is on the disk that can be."""
        if self._writer:
            await self._writer

    async def _write_all(self) -> None:
        while not self._is_written:
            self._is_written = True
            try:
                await asyncio.to_thread(write_whole, self._path, self._text())
            except OSError as error:
                if not self._failed:
                    self._failed = True
                    logger.warning("{}: what was allowed cannot be kept: {}", FILE, error)

    def _text(self) -> bytes:
        tools: dict[str, dict[str, Pin]] = {}
        for key, pin in sorted(self._pins.items(), key=lambda item: (item[0].server, item[0].tool)):
            tools.setdefault(key.server, {})[key.tool] = pin
        return Pins(tools=tools).model_dump_json(indent=2).encode()

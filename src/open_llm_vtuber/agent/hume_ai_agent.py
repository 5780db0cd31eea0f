"""Hume's EVI as the one who answers: its words, said by the voice of the character."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import orjson
from pydantic import ConfigDict, Field
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ..engines.about import About
from ..engines.account import Address, need_keys
from ..engines.base import EngineError, Resources
from ..engines.web_socket import dial
from ..faults import fault
from ..http_errors import Service
from ..http_settings import SILENCE_S
from .base import Agent, AgentConfig, AgentContext, AgentEngine, Heard, Notice, Piece, Remark

_SECTION = "agent_settings.hume_ai_agent"
_MAX_MESSAGE = 16 * 2**20
"""Bytes; a piece of its sound is some hundred thousand."""
_BLIND = Notice("Hume's EVI cannot see: pictures are not shown to it.", "pictures-unseen")


class HumeConfig(AgentConfig):
    """Keys of the section `hume_ai_agent`."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    api_key: str = Field("", repr=False, description="Your Hume API key.")
    host: Address = Field("https://api.hume.ai", description="Where EVI is.")
    config_id: str | None = Field(
        None, description="Your configuration of EVI, with its persona; unset, ours is told to it."
    )
    idle_timeout: int = Field(
        15, ge=1, description="Seconds without a word after which the connection is closed."
    )


class Hume(AgentEngine[HumeConfig]):
    """One account; each conversation has a connection of its own while somebody speaks."""

    remembers_itself: ClassVar[bool] = True
    name: ClassVar[str] = "hume_ai_agent"
    about = About("service", "11", "terms of Hume AI", tested="with a stand-in")
    Config = HumeConfig
    concurrency = 16
    service: Service

    def __init__(self, config: HumeConfig) -> None:
        super().__init__(config)
        self._open: set[ClientConnection] = set()

    async def load(self, resources: Resources) -> None:
        """See whether there is a key; the service is not asked anything yet. Raises EngineError."""
        needed = {"api_key": "https://app.hume.ai/keys has it"}
        need_keys(self.name, _SECTION, self.config, needed)
        self.service = Service(
            "Hume's EVI",
            self.config.host,
            address_key=f"{_SECTION}.host",
            secret_key=f"{_SECTION}.api_key",
            secrets=(self.config.api_key.strip(),),
            not_found=f"has no such configuration ({_SECTION}.config_id)",
        )

    def open(self, context: AgentContext) -> Agent:
        """Return the agent of one more connection."""
        return HumeAgent(self, context.system_prompt)

    async def dial(self, group: str) -> ClientConnection:
        """Return a new connection, which goes on with a group of chats if there is one.

        Raises EngineError.
        """
        config, service = self.config, self.service
        asked = {"api_key": config.api_key.strip()}
        if config.config_id and config.config_id.strip():
            asked["config_id"] = config.config_id.strip()
        if group:
            asked["resumed_chat_group_id"] = group
        socket = await dial(self, service, "/v0/evi/chat", asked, max_message=_MAX_MESSAGE)
        self._open.add(socket)
        return socket

    async def hang_up(self, socket: ClientConnection) -> None:
        """Close a connection."""
        self._open.discard(socket)
        await socket.close()

    async def close(self) -> None:
        """Close all connections."""
        for socket in list(self._open):
            await self.hang_up(socket)
        await super().close()


class HumeAgent(Agent):
    """What was said is kept by the service, in a group of chats that each connection goes on with.

    Stored conversations cannot be told to it: another conversation is a new group.
    """

    def __init__(self, hume: Hume, persona: str) -> None:
        self._hume = hume
        self._persona = persona
        self._socket: ClientConnection | None = None
        self._group = ""
        self._dialling = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._hanging_up: asyncio.Task[None] | None = None
        self._told_blind = False

    async def prepare(self) -> None:
        """Connect, unless that is done. Raises EngineError."""
        async with self._dialling:
            if self._socket is None:
                socket = await self._hume.dial(self._group)
                if not (self._hume.config.config_id or "").strip():
                    persona = {"type": "session_settings", "system_prompt": self._persona}
                    await socket.send(orjson.dumps(persona).decode())
                self._socket = socket
                self._rest()

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        """Yield the answer, a sentence or so at a time. Raises EngineError."""
        if heard.images and not self._told_blind:
            self._told_blind = True
            yield _BLIND
        async with self._hume.place(), self._talking() as socket:
            await socket.send(orjson.dumps({"type": "user_input", "text": heard.text}).decode())
            asked = begun = False
            while True:
                message = self._read(await asyncio.wait_for(socket.recv(), SILENCE_S))
                match message.get("type"):
                    case "user_message":
                        asked = True  # what came before was a greeting
                    case "assistant_end" if asked:
                        return
                    case "assistant_message" if asked and (text := _words(message)):
                        yield f" {text}" if begun else text
                        begun = True

    async def played(self, text: str, *, interrupted: bool) -> None:
        """Nothing of it is told: the service keeps what it said itself."""

    async def recall(self, remarks: Sequence[Remark]) -> None:
        """Begin a new group of chats."""
        self._group = ""
        await self._hang_up()

    async def close(self) -> None:
        """Hang up."""
        await self._hang_up()

    @asynccontextmanager
    async def _talking(self) -> AsyncIterator[ClientConnection]:
        """Yield the connection; one on which an answer did not come to its end is closed.

        Nothing of what comes on it later could be told from the next answer. Raises EngineError,
        also of what reading raises.
        """
        await self.prepare()
        socket = self._socket
        if socket is None:  # it was hung up in between
            raise EngineError("The conversation with Hume's EVI was closed; try again.")
        self._awake()
        try:
            yield socket
        except (ConnectionClosed, asyncio.TimeoutError) as error:
            await self._hang_up()
            raise EngineError(*self._hume.service.failed(error, answering=True)) from error
        except BaseException:
            await self._hang_up()
            raise
        self._rest()

    def _read(self, data: str | bytes) -> dict[str, Any]:
        """Return a message. Raises EngineError, of one that tells an error too."""
        whereabouts = self._hume.service.whereabouts
        try:
            message = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            text = f"{whereabouts} sent a message that cannot be read."
            raise EngineError(text, fault("service-failed")) from error
        if not isinstance(message, dict):
            return {}
        if message.get("type") == "chat_metadata":
            self._group = str(message.get("chat_group_id") or "")
        if message.get("type") == "error":
            said = f"{message.get('message') or ''} ({message.get('code')}, {message.get('slug')})"
            said = self._hume.service.without_secrets(said.strip())
            raise EngineError(f"{whereabouts} failed. It says: {said}", fault("service-failed"))
        return message

    def _rest(self) -> None:
        self._awake()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._hume.config.idle_timeout, self._leave)

    def _awake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _leave(self) -> None:
        self._hanging_up = asyncio.ensure_future(self._hang_up())

    async def _hang_up(self) -> None:
        self._awake()
        socket, self._socket = self._socket, None
        if socket is not None:
            await self._hume.hang_up(socket)


def _words(message: dict[str, Any]) -> str:
    """Return what a message of the assistant says."""
    said = message.get("message")
    content = said.get("content") if isinstance(said, dict) else None
    return content.strip() if isinstance(content, str) else ""

"""An agent on a Letta server: it has its own persona, memory and tools there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, ClassVar
from urllib.parse import quote

import orjson
from pydantic import ConfigDict, Field

from ..engines.about import About
from ..engines.base import EngineError, Resources
from ..engines.http_engine import HttpEngine
from ..engines.llm.base import Thought
from ..engines.server_sent import server_sent
from ..engines.trial import Trial
from ..faults import fault
from ..http_errors import Service
from .base import Agent, AgentConfig, AgentContext, AgentEngine, Heard, Notice, Piece, Remark
from .tools import ToolStatus

_SECTION = "agent_settings.letta_agent"
_GOOD_ENDS = ("end_turn", "tool_rule", "no_tool_call", "cancelled", "requires_approval")
_HEARD = "[The person interrupted you. Of your last answer they only heard: {heard!r}]"
_UNHEARD = "[The person interrupted you before they heard anything of your last answer.]"
_APPROVAL = Notice(
    "The agent waits until one of its tools is allowed. Allow it in Letta itself, where the tool "
    "was set up so."
)


class LettaConfig(AgentConfig):
    """Keys of the section `letta_agent`."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    host: str = Field(
        "localhost", description="Where the Letta server is; a whole address has its port in it."
    )
    port: int = Field(8283, ge=1, le=65535, description="Its port.")
    id: str = Field("", description="The agent's id there: agent-...")
    api_key: str = Field(
        "", repr=False, description="The server's password, or the key of Letta's own cloud."
    )

    @property
    def url(self) -> str:
        """The address of the server."""
        host = self.host.strip().rstrip("/") or "localhost"
        return host if "://" in host else f"http://{host}:{self.port}"


class Letta(HttpEngine[LettaConfig], AgentEngine[LettaConfig]):
    """One agent of a Letta server. Whoever talks to it talks to the same one."""

    remembers_itself: ClassVar[bool] = True
    name: ClassVar[str] = "letta_agent"
    about = About("server", "of its language model", "Apache-2.0", tested="with a stand-in")
    Config = LettaConfig
    concurrency = 1  # what two say at once to an agent there gets mixed
    section = "agent_settings"

    async def load(self, resources: Resources) -> None:
        """Open the account; nothing is asked yet. Raises EngineError."""
        if self.config.id.strip().lower() in ("", "xxx"):
            raise EngineError(
                f"letta_agent needs {_SECTION}.id in conf.yaml, which is not set: make an agent on "
                "your Letta server and copy its id, which begins with agent-."
            )
        await super().load(resources)

    def service(self) -> Service:
        """Return who is asked."""
        return Service(
            "The Letta server",
            self.config.url,
            address_key=self.key_path("host"),
            secret_key=self.key_path("api_key"),
            secrets=(self.config.api_key.strip(),),
            not_found=f"has no agent {self.config.id.strip()} ({self.key_path('id')})",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        key = self.config.api_key.strip()
        return {"Authorization": f"Bearer {key}"} if key else {}

    async def trial(self, trial: Trial) -> str:
        """See whether the agent is there."""
        await self.look()
        return "the agent is there"

    def open(self, context: AgentContext) -> Agent:
        """Return how one more connection talks to it."""
        return LettaAgent(self)

    async def ask(self, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[Any, None]:
        """Yield what the agent does about messages, as its server says it. Raises EngineError."""
        asked = {
            "messages": messages,
            "streaming": True,
            "stream_tokens": True,
            "include_pings": True,
        }
        path = f"{self._path}/messages/stream"
        async with (
            self.place(),
            self.http.stream("POST", path, json=asked) as response,
            aclosing(server_sent(response.aiter_bytes())) as events,
        ):
            async for name, data in events:
                if data.startswith(b"[DONE]"):
                    return
                found = self._read(data)
                if name == "error" or "error" in found:
                    raise self.failed(found.get("error") or found)
                yield found
        raise EngineError(f"{self._whereabouts} broke off.", fault("service-failed"))

    async def look(self) -> None:
        """Raise EngineError unless there is the agent."""
        await self.http.request("GET", self._path)

    def failed(self, said: Any) -> EngineError:
        """Return what is told of an error of the agent."""
        if isinstance(said, dict):
            said = said.get("message") or said.get("detail") or said.get("error_type")
        words = self.http.service.without_secrets(str(said or "it does not say why"))
        text = f"{self._whereabouts} could not answer: {' '.join(words.split())[:300]}"
        return EngineError(text, fault("service-failed"))

    def _read(self, data: bytes) -> Mapping[str, Any]:
        try:
            found = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            text = f"{self._whereabouts} sent events that cannot be read."
            raise EngineError(text, fault("service-failed")) from error
        return found if isinstance(found, dict) else {}

    @property
    def _path(self) -> str:
        return f"v1/agents/{quote(self.config.id.strip(), safe='')}"

    @property
    def _whereabouts(self) -> str:
        return self.http.service.whereabouts


class LettaAgent(Agent):
    """The conversation is the server's: what is recalled here is not told there.

    Of an answer that was interrupted it learns with the next question what had been heard.
    """

    def __init__(self, letta: Letta) -> None:
        self._letta = letta
        self._looked = asyncio.Lock()
        self._there = False
        self._note = ""

    async def prepare(self) -> None:
        """See whether the agent is there. Raises EngineError."""
        async with self._looked:
            if not self._there:
                await self._letta.look()
                self._there = True

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        """Yield the answer in pieces, and how its tools get on. Raises EngineError."""
        role = "system" if heard.proactive else "user"
        messages: list[dict[str, Any]] = [{"role": role, "content": _content(heard)}]
        if self._note:
            messages.insert(0, {"role": "system", "content": self._note})
        calls = _Calls()
        async with aclosing(self._letta.ask(messages)) as events:
            async for event in events:
                self._note = ""  # it has been told
                match event.get("message_type"):
                    case "assistant_message":
                        if text := _text(event.get("content")):
                            yield text
                    case "reasoning_message":
                        yield Thought(str(event.get("reasoning") or ""))
                    case "hidden_reasoning_message" | "ping":
                        yield Thought("")
                    case "tool_call_message":
                        for status in calls.made(event):
                            yield status
                    case "tool_return_message":
                        yield calls.ended(event)
                    case "approval_request_message":
                        yield _APPROVAL
                    case "error_message":
                        raise self._letta.failed(event)
                    case "stop_reason" if event.get("stop_reason") not in _GOOD_ENDS:
                        raise self._letta.failed(event.get("stop_reason"))

    async def played(self, text: str, *, interrupted: bool) -> None:
        """Keep what had been heard before a barge-in: the server has the whole answer."""
        if interrupted:
            self._note = _HEARD.format(heard=text) if text else _UNHEARD

    async def recall(self, remarks: Sequence[Remark]) -> None:
        """Nothing of it is told: the agent remembers by itself, whatever conversation is open."""
        self._note = ""


class _Calls:
    """The tools that one answer uses, on the server."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def made(self, event: Mapping[str, Any]) -> list[ToolStatus]:
        """Return what is told of a call, whose arguments may come in pieces: its beginning."""
        several = event.get("tool_calls")
        calls = several if isinstance(several, list) else [event.get("tool_call")]
        begun: list[ToolStatus] = []
        for call in calls:
            if not isinstance(call, dict) or not call.get("name"):
                continue
            key = str(call.get("tool_call_id") or event.get("id"))
            if key not in self._names:
                self._names[key] = call["name"]
                arguments = str(call.get("arguments") or "")
                begun.append(ToolStatus(key, call["name"], "running", arguments))
        return begun

    def ended(self, event: Mapping[str, Any]) -> ToolStatus:
        """Return what came of a call."""
        key = str(event.get("tool_call_id") or event.get("id"))
        name = self._names.get(key) or str(event.get("name") or "tool")
        failed = event.get("status") == "error"
        said = str(event.get("tool_return") or "")
        return ToolStatus(key, name, "error" if failed else "completed", said)


def _content(heard: Heard) -> str | list[dict[str, Any]]:
    """Return what was heard, and the pictures with it, as Letta takes it."""
    if not heard.images:
        return heard.text
    content: list[dict[str, Any]] = [{"type": "text", "text": heard.text}]
    for image in heard.images:
        kind, _, data = image.partition(",")
        media_type = kind.removeprefix("data:").partition(";")[0]
        source = {"type": "base64", "media_type": media_type, "data": data}
        content.append({"type": "image", "source": source})
    return content


def _text(content: Any) -> str:
    """Return the words of a message, which are a text or parts."""
    if isinstance(content, list):
        parts = [one.get("text") for one in content if isinstance(one, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""

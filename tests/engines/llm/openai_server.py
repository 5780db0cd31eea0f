"""A local service with OpenAI's streaming chat completions API, as its documentation has it.

It answers as it is told to, also badly, and remembers who asked what, and who hung up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import orjson
from anyio.from_thread import start_blocking_portal

from tests.engines.http_server import listening
from tests.engines.llm import claude_events

MODELS = {"object": "list", "data": [{"id": "small", "object": "model", "owned_by": "us"}]}
"""https://platform.openai.com/docs/api-reference/models/list"""
Ending = Literal["done", "no [DONE]", "cut", "closed", "error", "malformed", "silence"]


@dataclass(frozen=True)
class Reply:
    """How the service answers.

    `ending` is what follows the tokens: what belongs there, that without the last line, a reset
    connection, a body that ends properly but too early, an error event, a line that is no JSON,
    or nothing at all while the connection stays open.
    """

    tokens: tuple[str, ...] = ("Hello", ", ", "you", ".")
    reasoning: tuple[str, ...] = ()
    calls: tuple[dict[str, Any], ...] = ()
    """Pieces of calls of tools, one for each event."""
    pace_s: float = 0.0
    ending: Ending = "done"
    status: int = 200
    error: Any = None
    """The JSON body of a reply whose status is not 200."""
    finish: str = ""
    """Why it ends, if not for the usual reason."""
    details: dict[str, Any] | None = None
    """What Claude says of that."""
    headers: str = ""
    """Further lines of the head of a refusal."""
    type: str = "text/event-stream"
    body: bytes | None = None
    """The whole body, instead of all of that."""


@dataclass(eq=False)
class Request:
    """What the service was asked, and whether the asker stayed."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)


class OpenAIServer:
    """The service; `reply` may be changed at any time and holds for the requests after that.

    What is in `next` is answered first, one for each request. Requests with a picture are
    answered by `refusal` if there is one.
    """

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self.connections = 0
        self.answering = 0
        """Requests that are being answered, or whose asker it has not seen leave."""
        self.begin_anew()

    def begin_anew(self) -> None:
        """Be as at first: a module's tests share it."""
        self.reply = Reply()
        self.next: list[Reply] = []
        self.refusal: Reply | None = None
        self.to: dict[str, Reply] = {}
        """How it answers requests in which some words are."""
        self.requests: list[Request] = []
        self.models: Reply = Reply(body=orjson.dumps(MODELS))
        """How it answers who asks which models there are, which costs nothing."""
        self.listings: list[Request] = []
        """Who asked that."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        self.connections += 1
        try:
            while (request := await _read_request(reader)) is not None:
                if request.method == "GET":
                    self.listings.append(request)
                    _write_whole(writer, self.models)
                    await writer.drain()
                    continue
                self.requests.append(request)
                self.answering += 1
                try:
                    await self._answer(request, reader, writer)
                finally:
                    self.answering -= 1
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _answer(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self.refusal is not None and b"image_url" in orjson.dumps(request.body):
            reply = self.refusal
        else:
            asked = orjson.dumps(request.body).decode()
            known = next((reply for words, reply in self.to.items() if words in asked), self.reply)
            reply = self.next.pop(0) if self.next else known
        if reply.status != 200:
            _write_whole(writer, reply)
            return
        talk = TALKS.get(request.path, _talk)
        talking = asyncio.create_task(talk(reply, writer))
        leaving = asyncio.create_task(reader.read(1))
        await asyncio.wait([talking, leaving], return_when=asyncio.FIRST_COMPLETED)
        said_all = talking.done() and talking.exception() is None
        for task in (talking, leaving):
            task.cancel()
        await asyncio.gather(talking, leaving, return_exceptions=True)
        if not said_all:
            request.hung_up.set()
        if not said_all or reply.ending == "cut":
            raise ConnectionAbortedError


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path, _ = head[0].split()
    return Request(method, path, headers, orjson.loads(body or b"{}"))


def _write_whole(writer: asyncio.StreamWriter, reply: Reply) -> None:
    _write_head(writer, reply.status, "application/json", reply.headers)
    _write_chunk(writer, reply.body or orjson.dumps(reply.error))
    _write_chunk(writer, b"")


async def _talk(reply: Reply, writer: asyncio.StreamWriter, *, completion: bool = False) -> None:
    event = _write_text if completion else _write_event
    _write_head(writer, 200, reply.type)
    if reply.body is not None:
        _write_chunk(writer, reply.body)
        _write_chunk(writer, b"")
        await writer.drain()
        return
    event(writer, {"role": "assistant", "content": ""})
    for text in reply.reasoning:
        event(writer, {"reasoning_content": text})
    _write_chunk(writer, b": a comment, as a sign of life\n\n")
    for text in reply.tokens:
        await asyncio.sleep(reply.pace_s)
        event(writer, {"content": text})
    for piece in reply.calls:
        await asyncio.sleep(reply.pace_s)
        event(writer, {"tool_calls": [piece]})
    await writer.drain()
    if reply.ending == "silence":
        await asyncio.Event().wait()
    elif reply.ending == "cut":
        writer.transport.abort()
        return
    elif reply.ending == "malformed":
        _write_chunk(writer, b"data: {not json\n\n")
    elif reply.ending == "error":
        _write_chunk(writer, b'data: {"error":{"message":"the model has crashed","code":500}}\n\n')
    elif reply.ending != "closed":
        event(writer, {}, "tool_calls" if reply.calls else "stop")
        usage = {"prompt_tokens": 9, "completion_tokens": len(reply.tokens), "total_tokens": 9}
        _write_chunk(writer, b"data: " + orjson.dumps({"choices": [], "usage": usage}) + b"\n\n")
    if reply.ending == "done":
        _write_chunk(writer, b"data: [DONE]\n\n")
    _write_chunk(writer, b"")
    await writer.drain()


def _write_text(
    writer: asyncio.StreamWriter, delta: dict[str, Any], finish_reason: str | None = None
) -> None:
    """As in https://platform.openai.com/docs/api-reference/completions."""
    choice = {"index": 0, "text": delta.get("content", ""), "finish_reason": finish_reason}
    event = {"id": "cmpl-1", "object": "text_completion", "model": "small", "choices": [choice]}
    _write_chunk(writer, b"data: " + orjson.dumps(event) + b"\n\n")


async def _talk_as_claude(reply: Reply, writer: asyncio.StreamWriter) -> None:
    _write_head(writer, 200, reply.type)
    if reply.body is not None:
        _write_chunk(writer, reply.body)
        _write_chunk(writer, b"")
        await writer.drain()
        return
    for one in claude_events.blocks(reply.reasoning, reply.tokens, reply.calls):
        await asyncio.sleep(reply.pace_s)
        _write_chunk(writer, one)
    await writer.drain()
    if reply.ending == "silence":
        await asyncio.Event().wait()
    elif reply.ending == "cut":
        writer.transport.abort()
        return
    elif reply.ending == "malformed":
        _write_chunk(writer, b"data: {not json\n\n")
    elif reply.ending == "error":
        _write_chunk(writer, claude_events.event(claude_events.OVERLOADED))
    elif reply.ending == "done":
        usual = "tool_use" if reply.calls else "end_turn"
        for one in claude_events.end(reply.finish or usual, reply.details):
            _write_chunk(writer, one)
    _write_chunk(writer, b"")
    await writer.drain()


def _write_event(
    writer: asyncio.StreamWriter, delta: dict[str, Any], finish_reason: str | None = None
) -> None:
    event = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "small",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }
    _write_chunk(writer, b"data: " + orjson.dumps(event) + b"\n\n")


def _write_head(
    writer: asyncio.StreamWriter, status: int, content_type: str, more: str = ""
) -> None:
    writer.write(
        f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\n"
        f"{more}Transfer-Encoding: chunked\r\n\r\n".encode()
    )


def _write_chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def _talk_as_ollama(reply: Reply, writer: asyncio.StreamWriter) -> None:
    """As in https://docs.ollama.com/api/chat."""

    def write(message: dict[str, Any], **more: Any) -> None:
        line = {"model": "small", "created_at": "2026-01-01T00:00:00Z", "done": False, **more}
        line["message"] = {"role": "assistant", "content": "", **message}
        _write_chunk(writer, orjson.dumps(line) + b"\n")

    _write_head(writer, 200, "application/x-ndjson")
    if reply.body is not None:
        _write_chunk(writer, reply.body)
        _write_chunk(writer, b"")
        await writer.drain()
        return
    for text in reply.reasoning:
        write({"thinking": text})
    for text in reply.tokens:
        await asyncio.sleep(reply.pace_s)
        write({"content": text})
    for call in reply.calls:
        function = call["function"]
        arguments = orjson.loads(function["arguments"])
        write({"tool_calls": [{"function": {"name": function["name"], "arguments": arguments}}]})
    await writer.drain()
    if reply.ending == "silence":
        await asyncio.Event().wait()
    elif reply.ending == "cut":
        writer.transport.abort()
        return
    elif reply.ending == "malformed":
        _write_chunk(writer, b"{not json\n")
    elif reply.ending == "error":
        _write_chunk(writer, b'{"error":"the model has crashed"}\n')
    elif reply.ending != "closed":
        write({}, done=True, done_reason=reply.finish or "stop", eval_count=len(reply.tokens))
    _write_chunk(writer, b"")
    await writer.drain()


TALKS: dict[str, Callable[[Reply, asyncio.StreamWriter], Coroutine[Any, Any, None]]] = {
    "/v1/messages": _talk_as_claude,
    "/api/chat": _talk_as_ollama,
    "/v1/completions": partial(_talk, completion=True),
}
"""Who answers otherwise than with chat completions."""


@asynccontextmanager
async def openai_server(at: int = 0) -> AsyncIterator[OpenAIServer]:
    """Serve on a port of loopback, a free one unless it is given."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await service.serve(reader, writer)

    async with listening(serve, port=at) as port:
        service = OpenAIServer(port)
        yield service


@contextmanager
def openai_server_beside(at: int = 0) -> Iterator[OpenAIServer]:
    """Do so for a test that has no event loop of its own."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(openai_server(at)) as service,
    ):
        yield service

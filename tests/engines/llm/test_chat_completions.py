"""Reading streamed replies, however the network cuts them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from open_llm_vtuber.engines.llm.base import Thought, ToolCall
from open_llm_vtuber.engines.llm.chat_completions import deltas
from open_llm_vtuber.engines.llm.reply_frames import ReplyError
from open_llm_vtuber.http_errors import error_text

pytestmark = pytest.mark.anyio

REPLY = (
    ": hello\r\n\r\n"
    'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}\r\n\r\n'
    'data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}\n\n'
    'event: message\ndata:{"choices":[{"index":0,"delta":{"content":"你好"}}]}\n\n'
    'data: {"choices":[{"index":0,"delta":{"content":"! "},"finish_reason":null}]}\n\n'
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    'data: {"choices":[],"usage":{"total_tokens":9}}\n\n'
    "data: [DONE]\n\n"
).encode()


async def pieces(body: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(chunks: AsyncIterator[bytes]) -> list[str]:
    return [text async for text in deltas(chunks) if isinstance(text, str)]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
async def test_pieces_of_any_size(size: int) -> None:
    assert await read(pieces(REPLY, size)) == ["你好", "! "]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "something else"),
        (b"<html>a proxy's page</html>\n", "something else"),
        (b'data: {"choices":[{"delta":{},"finish_reason":"content_filter"}]}\n\n', "filter"),
        (b'data: {"choices":"none"}\n\n', "something else"),
        (b"data: 7\n\n", "something else"),
        (b'data: {"error":{"message":"overloaded"}}\n\n', "overloaded"),
        (b'event: error\ndata: {"message":"overloaded"}\n\n', "an error: overloaded"),
        (b"event:error\r\ndata: no room\r\n\r\n", "stopped with an error"),
        (b'{"code":1113,"msg":"no balance","success":false}', "no balance"),
        (b'{"choices":null,"base_resp":{"status_code":1008,"status_msg":"no room"}}', "no room"),
        (b'{"detail":"Not Found"}', "Not Found"),
        (b'data: {"choices":[{"delta":{"content":""},"error":{"message":"died"}}]}\n\n', "died"),
        (b'data: {"choices":[{"delta":{},"finish_reason":"error"}]}\n\n', "broke off"),
        (b'data: {"choices":[{"delta":{},"finish_reason":"SAFETY"}]}\n\n', "filter"),
    ],
)
async def test_replies_that_cannot_be_used(body: bytes, words: str) -> None:
    with pytest.raises(ReplyError, match=words):
        await read(pieces(body, 5))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"error":{"message":"no such\\n model","code":404}}', "no such model"),
        (b'{"error":"no such model"}', "no such model"),
        (b'[{"error":{"message":"no such model"}}]', "no such model"),
        (b'{"detail":"Not Found"}', "Not Found"),
        (b'{"message":"Unauthorized"}', "Unauthorized"),
        (b"<html>", ""),
        (b"{}", ""),
        (b"[]", ""),
    ],
)
def test_what_services_say_of_their_errors(body: bytes, text: str) -> None:
    assert error_text(body) == text


def half_written(*contents: str) -> bytes:
    """Return a reply as a service writes it that counts in UTF-16."""
    frames = [json.dumps({"choices": [{"delta": {"content": text}}]}) for text in contents]
    return "".join(f"data: {frame}\n\n" for frame in frames).encode()


@pytest.mark.parametrize(
    ("contents", "text"),
    [
        (("Hi \ud83d", "\ude00 there."), "Hi 😀 there."),
        (("Hi ", "\ud83d", "", "\ude00", "\ud83d\ude00"), "Hi 😀😀"),
        (("Hi \ud83d", " there."), "Hi \ufffd there."),
        (("\ude00Hi \ud83d",), "\ufffdHi \ufffd"),
    ],
)
@pytest.mark.parametrize("size", [1, 10_000])
async def test_half_characters_are_joined_and_cost_nothing_else(
    contents: tuple[str, ...], text: str, size: int
) -> None:
    assert "".join(await read(pieces(half_written(*contents), size))) == text


async def test_half_characters_in_thoughts_and_calls() -> None:
    function = {"name": "look", "arguments": {"q": "\ud83d"}}
    deltas_ = [
        {"reasoning_content": "Hm \ud83d"},
        {"reasoning_content": "\ude00"},
        {"tool_calls": [{"index": 0, "id": "a", "function": function}]},
    ]
    frames = [json.dumps({"choices": [{"delta": delta}]}) for delta in deltas_]
    body = "".join(f"data: {frame}\n\n" for frame in frames).encode()
    *thoughts, call = [piece async for piece in deltas(pieces(body, 50))]
    assert "".join(piece.text for piece in thoughts if isinstance(piece, Thought)) == "Hm 😀"
    assert isinstance(call, ToolCall)
    assert call.arguments == '{"q":"\ufffd"}'


async def test_a_byte_order_mark_is_no_part_of_the_first_event() -> None:
    body = b'\xef\xbb\xbfdata: {"choices":[{"delta":{"content":"Hi."}}]}\n\n'
    assert await read(pieces(body, 5)) == ["Hi."]


async def test_an_event_after_the_report_of_another_kind_is_read() -> None:
    body = b'event: ping\ndata: {}\n\ndata: {"choices":[{"delta":{"content":"Hi."}}]}\n\n'
    assert await read(pieces(body, 5)) == ["Hi."]


@pytest.mark.parametrize("begin", [b"", b"data: "])
async def test_a_line_without_an_end_is_given_up(begin: bytes) -> None:
    taken = 0

    async def endless() -> AsyncGenerator[bytes, None]:
        nonlocal taken
        yield begin
        while True:
            taken += 1 << 16
            yield b"x" * (1 << 16)

    with pytest.raises(ReplyError, match="without an end"):
        await read(endless())
    assert taken < 8 << 20


@pytest.mark.parametrize("line", [b"\n", b": a sign of life\n", b'data: {"choices":[]}\n'])
async def test_many_lines_at_once_hold_nobody_up(line: bytes) -> None:
    others = 0

    async def other() -> None:
        nonlocal others
        while True:
            others += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    with pytest.raises(ReplyError):
        await read(pieces(line * 10_000, 1 << 20))
    task.cancel()
    assert others >= 100

"""Reading streamed replies, however the network cuts them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from open_llm_vtuber.llm.chat_completions import deltas
from open_llm_vtuber.llm.refusals import error_text
from open_llm_vtuber.llm.reply_frames import ReplyError

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

"""Server-sent events: what is read of them, and what is not waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import pytest

from open_llm_vtuber.engines.errors import EngineError
from open_llm_vtuber.engines.server_sent import MAX_EVENT_BYTES, server_sent

pytestmark = pytest.mark.anyio


async def pieces(data: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def test_events_come_in_pieces_of_any_size() -> None:
    stream = "event: a\r\ndata: één\r\n\r\n: nothing\n\ndata:1\ndata: 2\n\ndata: last".encode()
    cut = [stream[at : at + 3] for at in range(0, len(stream), 3)]
    found = [(name, data.decode()) async for name, data in server_sent(pieces(cut))]
    assert found == [("a", "één"), ("", "1\n2"), ("", "last")]


@pytest.mark.parametrize("piece", [b"x" * 2**16, b"data: x\n" * 2**13], ids=["a line", "lines"])
async def test_an_event_without_an_end_is_given_up(piece: bytes) -> None:
    sent = [b"data: ", *[piece] * (10 * MAX_EVENT_BYTES // len(piece))]
    with pytest.raises(EngineError, match="without an end"):
        _ = [one async for one in server_sent(pieces(sent))]

"""Server-sent events, as an answer that is a stream of them is read."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from ..faults import fault
from .errors import EngineError

MAX_EVENT_BYTES = 8 * 2**20
"""Of one event."""


async def server_sent(pieces: AsyncIterator[bytes]) -> AsyncGenerator[tuple[str, bytes], None]:
    """Yield name and data of each event in a stream of bytes (HTML, "Server-sent events").

    Raises EngineError where one has no end.
    """
    rest, name, data, size = b"", "", list[bytes](), 0
    async for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        if size + len(rest) > MAX_EVENT_BYTES:
            raise EngineError("A service sent an event without an end.", fault("service-failed"))
        for line in [one.rstrip(b"\r") for one in lines]:
            if not line and data:
                yield name, b"\n".join(data)
            if not line:
                name, data, size = "", [], 0
            field, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if field == b"event":
                name = value.decode("utf-8", "replace")
            elif field == b"data":
                data.append(value)
                size += len(value) + 1
    if rest.startswith(b"data:"):  # the last one may have no empty line after it
        data.append(rest[5:].strip())
    if data:
        yield name, b"\n".join(data)

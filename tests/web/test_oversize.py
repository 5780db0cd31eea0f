"""The frame filter: what is within the limit goes through untouched, what is over it is emptied."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from open_llm_vtuber.web.oversize import FrameFilter

LIMIT = 300


def frame(opcode: Opcode, size: int, *, fin: bool = True) -> bytes:
    return Frame(opcode, b"a" * size, fin).serialize(mask=True)


def feed(data: bytes, cuts: list[int]) -> list[tuple[bytes, int]]:
    one = FrameFilter(LIMIT)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [part for start, end in itertools.pairwise(edges) for part in one.feed(data[start:end])]


MESSAGES = st.lists(
    st.tuples(st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.PING]), st.integers(0, LIMIT)),
    max_size=6,
)


@given(MESSAGES, st.lists(st.integers(0, 3000), max_size=20))
def test_what_is_within_the_limit_goes_through_untouched(
    messages: list[tuple[Opcode, int]], cuts: list[int]
) -> None:
    data = b"".join(
        frame(kind, min(size, 125) if kind is Opcode.PING else size) for kind, size in messages
    )
    parts = feed(data, cuts)
    assert b"".join(part for part, _ in parts) == data
    assert not any(over for _, over in parts)


@given(st.integers(LIMIT + 1, 100_000), st.lists(st.integers(0, 100_000), max_size=20))
def test_a_frame_over_the_limit_leaves_an_empty_one(size: int, cuts: list[int]) -> None:
    parts = feed(frame(Opcode.TEXT, size) + frame(Opcode.TEXT, 5), cuts)
    flagged = [(part, over) for part, over in parts if over]
    assert flagged == [(b"\x81\x80\0\0\0\0", size)]
    rest = b"".join(part for part, over in parts if not over)
    assert len(rest) == 2 + 4 + 5


@pytest.mark.parametrize("sizes", [(200, 200), (100, 100, 101), (0, 301, 10)])
def test_fragments_are_added_up(sizes: tuple[int, ...]) -> None:
    data = b""
    for index, size in enumerate(sizes):
        data += frame(Opcode.CONT if index else Opcode.TEXT, size, fin=index == len(sizes) - 1)
        data += frame(Opcode.PING, 3)
    data += frame(Opcode.TEXT, LIMIT)
    parts = feed(data, [])
    assert parts[-1][1] == 0, "the next message starts afresh"
    assert len(parts[-1][0]) == LIMIT
    assert any(over for _, over in parts)
    assert sum(len(part) for part, _ in parts) < len(data)
    # By its length too: a payload masked at random may begin as the header of a ping does.
    pings = [part for part, over in parts if part[:2] == b"\x89\x83" and len(part) == 6]
    assert len(pings) == len(sizes)


@given(st.integers(LIMIT, 5000), st.booleans())
def test_a_message_of_too_many_frames_is_dropped(count: int, empty: bool) -> None:
    one = FrameFilter(10**6, most_frames=LIMIT)
    data = frame(Opcode.TEXT, 1, fin=False) + frame(Opcode.CONT, 0 if empty else 1, fin=False) * (
        count - 1
    )
    parts = [*one.feed(data), *one.feed(frame(Opcode.CONT, 0)), *one.feed(frame(Opcode.TEXT, 5))]
    assert any(over for _, over in parts)
    assert f"more than {LIMIT} frames" not in str(FrameFilter(5).refusal())
    assert parts[-1][1] == 0
    # What is passed on of it does not grow with it.
    assert len(b"".join(part for part, _ in parts)) < 2 * LIMIT * 6 + LIMIT + 20

"""What was sent is kept until it has come: within bounds, in order, and never twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.replay import Replay


def filled(count: int, most: int = 100, most_bytes: int = 10_000) -> Replay:
    replay = Replay(most, most_bytes)
    for number in range(1, count + 1):
        replay.add(str(number))
    return replay


def test_what_did_not_come_follows_in_order() -> None:
    replay = filled(5)
    assert replay.since(2) == ["3", "4", "5"]
    assert replay.sent == 5
    assert replay.since(5) == []


def test_what_has_come_is_forgotten() -> None:
    replay = filled(5)
    replay.received(4)
    assert replay.size_bytes == 1
    assert replay.since(4) == ["5"]


def test_what_can_not_have_come_says_nothing() -> None:
    replay = filled(5)
    replay.received(6)
    assert replay.since(0) == ["1", "2", "3", "4", "5"]
    with pytest.raises(ValueError, match="5 were"):
        replay.since(6)


@pytest.mark.parametrize(("most", "most_bytes"), [(3, 10_000), (100, 3)])
def test_the_oldest_makes_room_and_who_needs_it_is_told(most: int, most_bytes: int) -> None:
    replay = filled(5, most, most_bytes)
    assert replay.since(2) == ["3", "4", "5"]
    assert filled(5, most, most_bytes).since(1) is None


def test_after_too_much_was_missed_it_goes_on_from_here() -> None:
    replay = filled(5, most=2)
    assert replay.since(0) is None
    assert (replay.sent, replay.size_bytes) == (5, 0)
    replay.add("6")
    assert replay.since(5) == ["6"]


def test_one_may_be_larger_than_all_may_be() -> None:
    replay = Replay(10, 5)
    replay.add("x" * 50)
    assert replay.since(0) == ["x" * 50]
    replay.add("y" * 50)
    assert replay.size_bytes == 50
    assert replay.since(1) == ["y" * 50]
    assert replay.size_bytes == 50


def test_of_a_turn_that_was_stopped_nothing_is_sent_again() -> None:
    replay = Replay(10, 1000)
    for number, turn in enumerate(["", "a", "b", "a", ""], 1):
        replay.add(str(number), turn)
    replay.discard("a")
    assert replay.size_bytes == 3
    replay.received(1)
    assert replay.size_bytes == 2
    assert replay.since(1) == ["3", "5"]
    assert replay.sent == 3  # counted anew: what follows has the next number
    replay.add("6")
    assert replay.since(3) == ["6"]
    replay.discard("a")
    replay.received(4)
    assert replay.size_bytes == 0


def test_what_is_left_out_takes_no_room() -> None:
    replay = Replay(10, 1000)
    replay.add("stopped", "a")
    replay.discard("a")
    replay.received(1)
    assert replay.size_bytes == 0


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.sampled_from(["", "a", "b"])),
            st.tuples(st.just("discard"), st.sampled_from(["a", "b"])),
            st.tuples(st.just("lose"), st.integers(0, 5)),
            st.tuples(st.just("confirm"), st.integers(0, 5)),
        ),
        max_size=60,
    )
)
def test_nothing_comes_twice_or_out_of_order(steps: list[tuple[str, str | int]]) -> None:
    """A client that reads all but the last few frames when its connection is lost."""
    replay = Replay(8, 1000)
    made, counted = 0, 0
    stopped: set[int] = set()
    turns: dict[int, str] = {}
    on_the_way: list[int] = []
    come: list[int] = []
    for kind, value in steps:
        if kind == "add":
            made += 1
            turns[made] = str(value)
            replay.add(str(made), str(value))
            on_the_way.append(made)
        elif kind == "discard":
            replay.discard(str(value))
            stopped |= {one for one in on_the_way if turns[one] == value}
        else:
            read = max(len(on_the_way) - int(value), 0)
            come += on_the_way[:read]
            counted += read
            on_the_way = on_the_way[read:]
            if kind == "confirm":
                replay.received(counted)
                continue
            again = replay.since(counted)
            if again is None:
                come.append(0)
                on_the_way, counted = [], replay.sent
                continue
            assert [int(one) for one in again] == [x for x in on_the_way if x not in stopped]
            on_the_way = [int(one) for one in again]
    real = [one for one in come if one]
    assert real == sorted(set(real))

"""Whether somebody is being answered, by what the server says."""

from __future__ import annotations

import orjson
import pytest

from open_llm_vtuber.protocol.frames import kind_of
from open_llm_vtuber.proxy.shared_turn import SharedTurn


def frame(kind: str, **fields: str) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()


def state(turn: SharedTurn) -> str:
    return turn.state


START = frame("control", text="conversation-chain-start")
END = frame("control", text="conversation-chain-end")
ERROR = frame("error", message="no")


def asked() -> SharedTurn:
    turn = SharedTurn()
    turn.ask()
    turn.asked()
    return turn


def test_a_turn_begins_and_ends_when_the_server_says_so() -> None:
    turn = asked()
    assert state(turn) == "asked"
    assert turn.hear(START)
    assert state(turn) == "running"
    assert not turn.hear(ERROR)
    assert state(turn) == "running"
    turn.hear(END)
    assert state(turn) == "free"


def test_a_refused_text_is_no_turn() -> None:
    turn = asked()
    assert not turn.hear(ERROR)
    assert state(turn) == "free"


def test_an_error_before_the_server_has_come_to_the_text_is_not_its_refusal() -> None:
    turn = SharedTurn()
    turn.ask()
    turn.hear(ERROR)
    assert state(turn) == "asked"
    turn.asked()
    turn.hear(ERROR)
    assert state(turn) == "free"


def test_a_turn_that_was_interrupted_before_it_was_told_is_none() -> None:
    turn = asked()
    turn.interrupt()
    assert not turn.hear(START)
    assert state(turn) == "free"
    turn.interrupted()
    turn.ask()
    assert turn.hear(START)
    assert state(turn) == "running"


@pytest.mark.parametrize(
    "said",
    [
        frame("new-history-created", history_uid="x"),
        frame("history-data"),
        frame("history-deleted"),
        frame("config-switched", message="x"),
        frame("interrupt-signal", text="conversation-interrupted"),
        frame("control", text="interrupt"),
    ],
)
def test_what_stops_a_turn_without_telling_its_end(said: str) -> None:
    turn = asked()
    turn.hear(START)
    turn.hear(said)
    assert state(turn) == "free"


def test_words_that_look_like_a_message_are_none() -> None:
    turn = asked()
    turn.hear(START)
    turn.hear(frame("full-text", text='"control" conversation-chain-end ' + END))
    assert state(turn) == "running"


def test_the_type_is_read_as_other_servers_write_it_too() -> None:
    assert kind_of('{"type": "control", "text": "start-mic"}') == "control"
    assert kind_of('{"status": "x"}') == ""

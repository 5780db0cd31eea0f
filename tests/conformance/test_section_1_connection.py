"""Protocol section 1: what happens when a client connects, and the receive loop."""

from __future__ import annotations

import uuid

import pytest

from tests.conformance.support import WHOLE_TURN, echoing, quick, started
from tests.conftest import Serve
from tests.support.client import client, kinds, of_type

pytestmark = pytest.mark.anyio

GREETING = ["group-update", "full-text", "set-model-and-conf", "group-update", "start-mic"]
ANSWERS = ["background-files", "config-files", "history-list", "new-history-created"]


async def test_on_accept_five_messages_in_order(serve: Serve) -> None:
    async with client(serve(quick()).url, opened=False) as one:
        messages = await one.until(lambda m: m["type"] == "control")
    assert kinds(messages) == GREETING
    assert messages[0] == messages[3] == {"type": "group-update", "members": [], "is_owner": False}
    assert messages[1] == {"type": "full-text", "text": "Connection established"}
    assert set(messages[2]) == {"type", "model_info", "conf_name", "conf_uid", "client_uid"}
    assert str(uuid.UUID(messages[2]["client_uid"])) == messages[2]["client_uid"]


async def test_what_the_client_sends_on_open_is_answered_in_that_order(serve: Serve) -> None:
    async with client(serve(quick()).url, opened=False) as one:
        assert kinds(await one.open()) == GREETING + ANSWERS


async def test_a_reconnect_is_a_new_uid_and_a_new_history(serve: Serve) -> None:
    url = serve(quick()).url
    async with client(url) as first:
        await first.say("Hello.")
    async with client(url) as second:
        assert second.uid != first.uid
        assert second.history_uid != first.history_uid


async def test_the_loop_receives_while_a_turn_runs(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.05)).url) as one:
        await started(one, "One. Two. Three. Four. Five. Six. Seven. Eight.")
        assert "conversation-chain-end" not in kinds(await one.settled())
        assert kinds(await one.turn_end())[-1] == "conversation-chain-end"


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "",
        "null",
        "[]",
        "7",
        '"text-input"',
        "{}",
        '{"text": "no type"}',
        '{"type": null}',
        '{"type": 3}',
        '{"type": "unknown"}',
        '{"type": "text-input"}',
        '{"type": "text-input", "text": 3}',
        '{"type": "text-input", "text": "x", "images": [{"source": "moon"}]}',
    ],
)
async def test_a_frame_that_is_no_message_gets_one_error_and_the_connection_stays(
    serve: Serve, frame: str
) -> None:
    async with client(serve(quick()).url) as one:
        await one.socket.send(frame)
        (error,) = await one.settled()
        assert set(error) == {"type", "message"}
        assert error["type"] == "error"
        assert error["message"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_a_frame_up_to_16_mib_is_taken(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.socket.send('{"type":"heartbeat","padding":"' + "x" * (15 * 2**20) + '"}')
        assert await one.receive() == {"type": "heartbeat-ack"}


async def test_no_heartbeat_is_needed_and_none_is_sent(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        assert of_type(await one.say("Hello."), "heartbeat-ack") == []

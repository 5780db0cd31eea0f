"""The extension `resume`: who comes back in time goes on, and misses and repeats nothing."""

from __future__ import annotations

import asyncio
import struct
from typing import Any

import numpy as np
import orjson
import pytest

from tests.conftest import Serve
from tests.support.client import client, kinds, of_type, shown, socket_to
from tests.support.engines import EchoLLM, WordsASR
from tests.support.fault_proxy import fault_proxy
from tests.support.live import Live, conf
from tests.support.returning import Returning, returning
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

MANY = " ".join(f"This is sentence number {number}." for number in range(12))


def quick(**changes: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.2}}
    given = {"asr": "tests.support.engines:MuteASR", "vad": None, "sections": sections, **changes}
    return conf(**given)


async def until_waiting(server: Live, count: int = 1) -> None:
    await until(lambda: server.server.lasting.waiting == count)


def segments(one: Returning) -> list[int]:
    """Return the numbers of the segments whose end has come, in order."""
    heads = [struct.unpack("<BBHII", frame[:12]) for frame in one.sound]
    return [head[3] for head in heads if head[1] & 1]


async def test_who_comes_back_is_the_same_client_in_the_same_conversation(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        await one.say("Remember me.")
        uid = one.history_uid
        one.lose()
        await until_waiting(server)
        answer = await one.come_back()
        assert (answer["type"], answer["missed"]) == ("resumed", False)
        await one.send("request-init-config")
        await one.until_type("set-model-and-conf")
        again = await one.say("And now?")
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert kinds(again)[0] == "conversation-chain-start"
    assert [m["content"] for m in data["messages"] if m["role"] == "human"] == [
        "Remember me.",
        "And now?",
    ]
    await until(lambda: server.server.connections == 0)
    assert (server.server.lasting.waiting, server.server.lasting.known) == (0, 0)


async def test_a_running_answer_goes_on_where_it_stopped(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        await one.send("text-input", text=MANY)
        before = await one.until_type("audio")
        one.lose()
        await until_waiting(server)
        assert server.server.connections == 1
        assert (await one.come_back())["type"] == "resumed"
        rest = await one.turn_end()
    assert shown([*before, *rest]).split() == MANY.split()
    assert segments(one) == sorted(set(segments(one)))
    assert len(segments(one)) == len(of_type([*before, *rest], "audio"))
    assert len({m["turn"] for m in [*before, *rest] if "turn" in m}) == 1


async def test_an_answer_is_thought_of_meanwhile(serve: Serve) -> None:
    sections = {"echo_llm": {"delay_s": 0.02}, "tone_tts": {"seconds": 0.2}}
    server = serve(quick(sections=sections))
    async with returning(server.url) as one:
        await one.send("text-input", text=MANY)
        before = await one.until(lambda m: m.get("text") == "Thinking...")
        one.lose()
        await until_waiting(server)
        await until(lambda: all(not llm.active for llm in EchoLLM.loaded))  # it is read to its end
        assert (await one.come_back())["type"] == "resumed"
        rest = await one.turn_end()
    assert kinds(before).count("conversation-chain-start") == 1
    assert "conversation-chain-start" not in kinds(rest)
    assert shown(rest).split() == MANY.split()


async def test_nothing_gets_late_that_nobody_can_play(serve: Serve) -> None:
    server = serve(quick(playback_grace_s=0.4))
    async with returning(server.url) as one:
        await one.send("text-input", text="Hello.")
        await one.until_type("backend-synth-complete", play=False)
        one.lose()
        await until_waiting(server)
        await asyncio.sleep(1)
        assert (await one.come_back())["type"] == "resumed"
        assert "conversation-chain-end" not in kinds(await one.beat(play=False))
        await one.send("frontend-playback-complete")
        await one.turn_end()


async def test_what_was_sent_into_a_dead_connection_comes_once(serve: Serve) -> None:
    server = serve(quick())
    async with fault_proxy(server.url) as proxy, returning(proxy.of(server.url)) as one:
        await one.send("text-input", text=MANY)
        before = await one.until_type("audio", play=False)
        proxy.swallows = True  # neither end is told
        await one.send("frontend-playback-complete")
        proxy_free = await one.come_back(server.url)
        assert proxy_free["type"] == "resumed"
        rest = await one.turn_end()
        await one.send("heartbeat")
        assert kinds([await one.receive()]) == ["heartbeat-ack"]
        assert server.server.lasting.waiting == 0
    assert shown([*before, *rest]).split() == MANY.split()
    assert segments(one) == sorted(set(segments(one)))


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_the_client_said_is_heard_once(serve: Serve, *, arrives: bool) -> None:
    server = serve(quick())
    async with fault_proxy(server.url) as proxy, returning(proxy.of(server.url)) as one:
        uid = one.history_uid
        if not arrives:
            proxy.swallows = True
        await one.send("text-input", text="Only once.")
        if arrives:
            await one.until_type("audio")
        proxy.cut(reset=True)
        await until_waiting(server)
        proxy.mend()
        assert (await one.come_back())["type"] == "resumed"
        await one.turn_end()
        await one.send("heartbeat")
        assert "conversation-chain-start" not in kinds(await one.until_type("heartbeat-ack"))
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert [m["content"] for m in data["messages"] if m["role"] == "human"] == ["Only once."]


async def test_a_new_connection_takes_over_from_one_that_lives(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        before = one.socket
        assert (await one.come_back())["type"] == "resumed"
        await asyncio.wait_for(before.wait_closed(), 10)
        assert before.close_code == 4001
        assert "another connection" in (before.close_reason or "")
        assert shown(await one.say("Still here.")).strip() == "Still here."
        assert server.server.connections == 1


async def test_who_leaves_is_not_waited_for(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        token = one.token
        await one.socket.close()
        await until(lambda: server.server.connections == 0)
        assert (await one.come_back(token=token))["type"] == "resume-refused"


async def test_a_page_that_hangs_up_to_come_back_is_waited_for(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        await one.socket.close(4000)
        await until_waiting(server)
        assert (await one.come_back())["type"] == "resumed"


async def test_after_the_grace_it_is_over_and_the_answer_is_kept_as_interrupted(
    serve: Serve,
) -> None:
    server = serve(quick(resume_grace_s=0.2))
    async with returning(server.url) as one:
        uid = one.history_uid
        await one.send("text-input", text=MANY)
        await one.until_type("audio", play=False)
        one.lose()
        await until(lambda: server.server.connections == 0)
        assert (await one.come_back())["type"] == "resume-refused"
        await one.socket.send(orjson.dumps({"type": "hello", "history_uid": uid}).decode())
        one.token = ""
        (data,) = of_type(await one.until_type("history-data"), "history-data")
    human, ai = data["messages"][:2]
    assert human["content"] == MANY
    assert ai["role"] == "ai"
    assert MANY.startswith(ai["content"].strip())
    assert len(ai["content"]) < len(MANY)
    assert server.server.lasting.known == 0


async def test_without_grace_there_is_no_such_extension(serve: Serve) -> None:
    server = serve(quick(resume_grace_s=0))
    async with socket_to(f"{server.url}/client-ws?hello=1") as socket:
        await socket.send(orjson.dumps({"type": "hello", "extensions": ["resume"]}).decode())
        enabled = orjson.loads(await socket.recv())
        assert enabled == {"type": "extensions-enabled", "extensions": []}
        socket.transport.abort()
        await until(lambda: server.server.connections == 0)


async def test_who_has_not_asked_for_it_is_not_waited_for(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as one:
        messages = await one.say("Hello.")
        assert {"received", "resume-token"}.isdisjoint(kinds(messages))
        one.socket.transport.abort()
        await until(lambda: server.server.connections == 0)


@pytest.mark.parametrize("kind", ["unknown", "another's end", "too much"])
async def test_a_wrong_token_or_number_begins_another_session(serve: Serve, kind: str) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        one.lose()
        await until_waiting(server)
        right = one.token
        if kind == "too much":
            one.received += 1
        wrong = {"unknown": "x" * 43, "another's end": right[:-1] + "_", "too much": right}[kind]
        assert (await one.come_back(token=wrong))["type"] == "resume-refused"
        await one.socket.send(orjson.dumps({"type": "hello"}).decode())
        one.token = ""
        await one.until_type("new-history-created")
        assert shown(await one.say("Hello.")).strip() == "Hello."
        assert server.server.connections == 2


async def test_a_page_of_another_origin_does_not_go_on_with_it(serve: Serve) -> None:
    values = quick()
    values["system_config"]["allowed_origins"] = ["https://other.example"]
    server = serve(values)
    async with returning(server.url, origin=server.url) as one:
        one.lose()
        await until_waiting(server)
        refused = await one.come_back(origin="https://other.example")
        assert refused["type"] == "resume-refused"
        await one.socket.close()
        assert (await one.come_back(origin=server.url))["type"] == "resumed"


async def test_who_is_gone_before_there_is_an_answer_breaks_nothing(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(quick())
    port = int(server.url.rsplit(":", 1)[1])
    wish = orjson.dumps({"type": "resume", "token": "x" * 43, "received": 0})
    masked = bytes(4)
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /client-ws?resume=1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
            b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        goodbye = b"\x88\x82" + masked + (1000).to_bytes(2, "big")
        writer.write(bytes([0x81, 0x80 | len(wish)]) + masked + wish + goodbye)
        await asyncio.wait_for(reader.read(), 20)
        writer.close()
    async with client(server.url) as one:
        assert shown(await one.say("Hello.")).strip() == "Hello."
        assert server.server.connections == 1
    assert "Exception in ASGI application" not in caplog.text


async def test_who_missed_too_much_is_told_and_goes_on(serve: Serve) -> None:
    server = serve(quick(max_unreceived_messages=4))
    async with returning(server.url) as one:
        one.confirms = False
        uid = one.history_uid
        before = one.received
        await one.say(MANY)
        one.received = before
        one.lose()
        await until_waiting(server)
        answer = await one.come_back()
        assert (answer["type"], answer["missed"]) == ("resumed", True)
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert data["messages"][0]["content"] == MANY
        assert shown(await one.say("Go on.")).strip() == "Go on."
        one.lose()
        await until_waiting(server)
        assert (await one.come_back())["missed"] is False


async def test_only_so_many_are_waited_for(serve: Serve) -> None:
    server = serve(quick(max_waiting_clients=2))
    async with (
        returning(server.url) as first,
        returning(server.url) as second,
        returning(server.url) as third,
    ):
        for count, one in ((1, first), (2, second), (2, third)):
            one.lose()
            await until_waiting(server, count)
        await until(lambda: server.server.connections == 2)
        assert (await first.come_back())["type"] == "resume-refused"
        assert (await second.come_back())["type"] == "resumed"
        assert (await third.come_back())["type"] == "resumed"


async def test_who_is_waited_for_makes_room_for_who_is_here(serve: Serve) -> None:
    server = serve(quick(max_connections=1))
    async with returning(server.url) as one:
        one.lose()
        await until_waiting(server)
        async with client(server.url) as other:
            assert shown(await other.say("Hello.")).strip() == "Hello."
            assert server.server.connections == 1


async def test_it_stays_in_its_group(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one, client(server.url) as other:
        await one.send("request-init-config")
        await one.until_type("set-model-and-conf")
        result = await other.change_group("add-client-to-group", invitee_uid=one.uid)
        assert result["success"]
        await one.beat()
        one.lose()
        await until_waiting(server)
        await other.send("request-group-info")
        (group,) = of_type(await other.until_type("group-update"), "group-update")[-1:]
        assert set(group["members"]) == {one.uid, other.uid}
        assert (await one.come_back())["type"] == "resumed"
        await one.send("request-group-info")
        mine = (await one.until_type("group-update"))[-1]
        assert set(mine["members"]) == {one.uid, other.uid}


async def test_what_was_being_said_is_answered(serve: Serve) -> None:
    server = serve(quick(asr="tests.support.engines:WordsASR"))
    loud = (np.ones(512 * 20) * 16000).astype("<i2").tobytes()
    WordsASR.said[:] = ["Tell me of Rome."] * 5
    async with returning(server.url) as one:
        await one.send("mic-stream-start")
        await one.socket.send(loud)
        await one.until(lambda m: m.get("text") == "interrupt")
        one.lose()
        await until_waiting(server)
        assert (await one.come_back())["type"] == "resumed"
        (heard,) = of_type(await one.turn(), "user-input-transcription")
        assert heard["text"] == "Tell me of Rome."
        await one.send("mic-stream-start")
        await one.socket.send(loud)
        await one.until(lambda m: m.get("text") == "interrupt")


async def test_who_lets_too_much_lie_meanwhile_is_given_up(serve: Serve) -> None:
    server = serve(quick(max_waiting_messages=3))
    async with returning(server.url) as one, client(server.url) as other:
        await one.send("request-init-config")
        await one.until_type("set-model-and-conf")
        await other.change_group("add-client-to-group", invitee_uid=one.uid)
        await one.beat()
        one.lose()
        await until_waiting(server)
        for _ in range(3):
            await other.send("text-input", text="Hello, you.", images=[])
        await until(lambda: server.server.connections == 1)
        assert (await one.come_back())["type"] == "resume-refused"
        await other.until(lambda m: m["type"] == "group-update" and not m["members"])


async def test_the_token_is_not_in_the_log(serve: Serve, logged: list[str]) -> None:
    from loguru import logger

    lines: list[str] = []
    sink = logger.add(lines.append, level="TRACE", format="{message} {extra}")
    try:
        async with returning(serve(quick()).url) as one:
            token = one.token
            one.lose()
            assert (await one.come_back())["type"] == "resumed"
            await one.say("Hello.")
    finally:
        logger.remove(sink)
    assert lines
    assert not any(token in line for line in [*lines, *logged])


async def test_the_server_ends_with_clients_that_it_waits_for(serve: Serve) -> None:
    server = serve(quick(resume_grace_s=600))
    async with returning(server.url) as one:
        await one.send("text-input", text=MANY)
        await one.until_type("audio", play=False)
        one.lose()
        await until_waiting(server)
    # `serve` fails where the server does not stop


async def test_lost_again_and_again_it_misses_nothing(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        await one.send("text-input", text=MANY)
        messages = []
        for _ in range(6):
            messages += await one.until_type("audio")
            one.lose()
            assert (await one.come_back())["type"] == "resumed"
        messages += await one.turn_end()
    assert shown(messages).split() == MANY.split()
    assert segments(one) == sorted(set(segments(one)))

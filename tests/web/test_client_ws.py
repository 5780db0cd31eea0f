"""/client-ws over a real socket: greeting, typed turns, interrupts, and what may go wrong."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.conftest import Serve
from tests.support.absent import without
from tests.support.client import client, is_chain_end, kinds, of_type, shown, sound
from tests.support.engines import RATE, EchoLLM, ToneTTS
from tests.support.live import conf

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
AUDIO_KEYS = {
    "type",
    "audio",
    "volumes",
    "slice_length",
    "display_text",
    "actions",
    "forwarded",
}
"""Of an `audio` message as it is documented."""
WHOLE_TURN = [
    "conversation-chain-start",
    "full-text",
    "audio",
    "backend-synth-complete",
    "force-new-message",
    "conversation-chain-end",
]


def quick(**changes: Any) -> dict[str, Any]:
    """Return a configuration whose engines are there at once."""
    return conf(**{"asr": f"{ENGINES}MuteASR", "vad": None, **changes})


async def test_greeting_and_the_answers_to_what_every_client_sends(serve: Serve) -> None:
    async with client(serve(quick()).url, opened=False) as one:
        messages = await one.open()
    assert kinds(messages) == [
        "group-update",
        "full-text",
        "set-model-and-conf",
        "group-update",
        "start-mic",
        "background-files",
        "config-files",
        "history-list",
        "new-history-created",
    ]
    first, hello, model = messages[:3]
    assert first == messages[3] == {"type": "group-update", "members": [], "is_owner": False}
    assert hello["text"] == "Connection established"
    assert model["conf_name"] == "tester"
    assert model["conf_uid"] == "tester_001"
    assert model["model_info"]["url"].endswith(".model3.json")
    assert "attic-at-dusk.jpg" in messages[5]["files"]  # ours are there beside any conf.yaml
    assert messages[6]["configs"] == [{"filename": "conf.yaml", "name": "tester"}]
    assert messages[7]["histories"] == []
    date, clock, random = messages[8]["history_uid"].split("_")
    assert (len(date), len(clock), len(random)) == (10, 8, 32)


async def test_a_typed_turn_has_the_documented_order_and_shape(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("Hello.")
    assert kinds(messages) == WHOLE_TURN
    assert messages[1]["text"] == "Thinking..."
    audio = messages[2]
    assert set(audio) == AUDIO_KEYS
    pcm, rate = sound(audio)
    assert (rate, len(pcm)) == (RATE, 2 * RATE)
    assert audio["slice_length"] == 20
    assert len(audio["volumes"]) == 100
    assert 0.9 <= max(audio["volumes"]) <= 1
    text = audio["display_text"]
    assert (text["name"], text["avatar"]) == ("Tester", "tester.png")
    assert text["text"].strip() == "Hello."
    assert audio["actions"] == {}
    assert audio["forwarded"] is False


async def test_sentences_come_in_order_and_keep_their_spaces(serve: Serve) -> None:
    text = "One is first. Two comes second! Is three third? Pi is 3.14 or so. Done."
    async with client(serve(quick()).url) as one:
        messages = await one.say(text)
    assert shown(messages).strip() == text
    assert len(of_type(messages, "audio")) == 5


async def test_a_reply_without_words_is_shown_silently(serve: Serve) -> None:
    """Protocol section 10: a reply of only emoji never reached the client."""
    async with client(serve(quick()).url) as one:
        messages = await one.say("😊 !!!")
    (audio,) = of_type(messages, "audio")
    assert audio["audio"] is None
    assert audio["volumes"] == []
    assert "backend-synth-complete" not in kinds(messages)
    assert kinds(messages)[-2:] == WHOLE_TURN[-2:]


async def test_thoughts_are_shown_but_not_spoken(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("<think>Hm, who is it?</think>Hello.")
    texts = [m["display_text"]["text"].strip() for m in of_type(messages, "audio")]
    spoken = [m["audio"] is not None for m in of_type(messages, "audio")]
    assert texts == ["(", "Hm, who is it?", ")", "Hello."]
    assert spoken == [False, False, False, True]


async def test_a_second_message_waits_for_the_first_turn(serve: Serve) -> None:
    """Protocol section 10: two turns interleaved on one socket."""
    slow = {"echo_llm": {"delay_s": 0.02}}
    async with client(serve(quick(sections=slow)).url) as one:
        await one.send("text-input", text="One two three four.", images=[])
        await one.send("text-input", text="Five six seven eight.", images=[])
        first, second = await one.turn(), await one.turn()
    assert kinds(first) == kinds(second) == WHOLE_TURN
    assert (shown(first).strip(), shown(second).strip()) == (
        "One two three four.",
        "Five six seven eight.",
    )


async def test_too_many_waiting_messages_are_refused_and_told(serve: Serve) -> None:
    slow = {"echo_llm": {"delay_s": 0.05}}
    async with client(serve(quick(sections=slow, max_queued_turns=2)).url) as one:
        await one.send("text-input", text="Number zero.", images=[])
        await one.until(lambda m: m["type"] == "full-text")
        for number in range(5):
            await one.send("text-input", text=f"Number {number}.", images=[])
        messages = [m for _ in range(3) for m in await one.until(is_chain_end)]
    errors = of_type(messages, "error")
    assert len(errors) == 3
    assert "max_queued_turns" in errors[0]["message"]


async def test_an_early_playback_complete_is_not_kept_for_later(serve: Serve) -> None:
    values = quick(sections={"tone_tts": {"seconds": 0.1}}, playback_grace_s=0.5)
    async with client(serve(values).url) as one:
        await one.send("frontend-playback-complete")
        started = time.monotonic()
        await one.send("text-input", text="Hello.", images=[])
        await one.until(is_chain_end, play=False)
    assert time.monotonic() - started >= 0.5


async def test_a_client_that_never_reports_playback_is_not_waited_for_longer_than_it_sounds(
    serve: Serve,
) -> None:
    """Protocol section 10: the server waited without a time limit."""
    values = quick(sections={"tone_tts": {"seconds": 0.1}}, playback_grace_s=0.2)
    async with client(serve(values).url) as one:
        await one.send("text-input", text="Hello.", images=[])
        messages = await one.until(is_chain_end, play=False, timeout_s=10)
    assert kinds(messages) == WHOLE_TURN


# Interrupts


async def test_nothing_of_a_turn_arrives_after_its_interrupt(serve: Serve) -> None:
    slow = {"echo_llm": {"delay_s": 0.01}, "tone_tts": {"delay_s": 0.05}}
    live = serve(quick(sections=slow))
    async with client(live.url) as one:
        for round_ in range(5):
            words = f"Round {round_}. " + "And one more sentence here. " * 20
            await one.send("text-input", text=words, images=[])
            before = await one.until(lambda m: m["type"] == "audio")
            await one.send("interrupt-signal", text=shown(before))
            await one.send("heartbeat")
            await one.until_type("heartbeat-ack")
            await asyncio.sleep(0.2)
            assert active() == (0, 0)
            await one.send("heartbeat")
            assert kinds([await one.receive()]) == ["heartbeat-ack"]


async def test_what_was_heard_is_remembered_and_no_more(serve: Serve) -> None:
    values = quick(llm=f"{ENGINES}MemoryLLM", tts=f"{ENGINES}ToneTTS", playback_grace_s=30)
    async with client(serve(values).url) as one:
        await one.send("text-input", text="First question.", images=[])
        await one.until(lambda m: m["type"] == "backend-synth-complete", play=False)
        await one.send("interrupt-signal", text="user: First")
        messages = await one.say("Second question.")
    remembered = (
        "user: First question. assistant: user: First... "
        "user: [Interrupted by user] Second question."
    )
    assert shown(messages).split() == remembered.split()


async def test_an_interrupt_after_the_end_changes_nothing(serve: Serve) -> None:
    """Protocol section 10: it appended a second answer and the mark of an interrupt."""
    values = quick(llm=f"{ENGINES}MemoryLLM")
    async with client(serve(values).url) as one:
        await one.say("First.")
        await one.send("interrupt-signal", text="something else")
        messages = await one.say("Second.")
    assert shown(messages).split() == [
        "user:",
        "First.",
        "assistant:",
        "user:",
        "First.",
        "user:",
        "Second.",
    ]


async def test_an_interrupt_before_any_turn_is_ignored(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("interrupt-signal", text="")
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_a_new_conversation_stops_the_turn_and_forgets(serve: Serve) -> None:
    values = quick(llm=f"{ENGINES}MemoryLLM", playback_grace_s=30)
    async with client(serve(values).url) as one:
        await one.send("text-input", text="First.", images=[])
        await one.until(lambda m: m["type"] == "backend-synth-complete", play=False)
        await one.send("create-new-history")
        await one.until_type("new-history-created")
        messages = await one.say("Second.")
    assert shown(messages).split() == ["user:", "Second."]


async def test_the_history_list_shows_conversations_that_hold_something(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        await one.send("create-new-history")
        await one.send("fetch-history-list")
        (answer,) = of_type(await one.until_type("history-list"), "history-list")
    (conversation,) = answer["histories"]
    latest = conversation["latest_message"]
    assert (latest["role"], latest["content"], latest["name"]) == ("ai", "Hello.", "Tester")
    assert conversation["timestamp"] == latest["timestamp"]


# Two clients


async def test_two_clients_have_separate_memories_and_histories(serve: Serve) -> None:
    """Protocol section 10: one memory for all connections."""
    live = serve(quick(llm=f"{ENGINES}MemoryLLM"))
    async with client(live.url) as one, client(live.url) as two:
        assert one.uid != two.uid
        await asyncio.gather(one.say("I am Ada."), two.say("I am Bob."))
        await two.send("create-new-history")
        await two.until_type("new-history-created")
        mine, theirs = await asyncio.gather(one.say("Who?"), two.say("Who?"))
        await one.send("fetch-history-list")
        (answer,) = of_type(await one.until_type("history-list"), "history-list")
    assert "Ada" in shown(mine)
    assert "Bob" not in shown(mine)
    assert shown(theirs).split() == ["user:", "Who?"]
    assert len(answer["histories"]) == 3  # stored conversations belong to the character


async def test_a_closed_socket_leaves_nothing_behind(serve: Serve) -> None:
    live = serve(quick(sections={"echo_llm": {"delay_s": 0.05}}))
    for _ in range(3):
        async with client(live.url) as one:
            await one.send("text-input", text="A long answer that is cut off.", images=[])
            await one.until(lambda m: m["type"] == "full-text")
    deadline = time.monotonic() + 5
    while live.server.connections or active() != (0, 0):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_one_connection_too_many_is_told_to_come_later(serve: Serve) -> None:
    live = serve(quick(max_connections=1))
    async with client(live.url):
        with pytest.raises(ConnectionClosed) as closed:
            async with connect(live.url.replace("http", "ws") + "/client-ws") as second:
                await second.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        assert "max_connections" in closed.value.rcvd.reason


# What may go wrong


@pytest.mark.parametrize(
    "frame",
    [
        "{bad",
        "[]",
        '{"type":"sing"}',
        '{"type":"text-input"}',
        '{"type":"mic-audio-data","audio":[0,NaN]}',
        '{"type":"mic-audio-data","audio":[0,null]}',
        '{"type":"raw-audio-data","audio":[9e9]}',
        '{"type":"text-input","text":"x","images":"none"}',
    ],
)
async def test_a_bad_frame_gets_one_error_and_the_connection_lives(
    serve: Serve, frame: str
) -> None:
    async with client(serve(quick()).url) as one:
        await one.socket.send(frame)
        assert kinds([await one.receive()]) == ["error"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_a_message_of_100_mb_gets_one_error_and_nobody_else_notices(serve: Serve) -> None:
    live = serve(quick())
    async with client(live.url) as one, client(live.url) as other:
        await one.socket.send('{"type":"text-input","text":"' + "x" * 100_000_000 + '"}')
        assert kinds(await other.say("Hello.")) == WHOLE_TURN
        error = await one.receive()
        assert error["type"] == "error"
        assert "max_message_bytes" in error["message"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_fragments_that_add_up_to_too_much_get_one_error(serve: Serve) -> None:
    async with client(serve(quick(max_message_bytes=10_000)).url) as one:
        await one.socket.send("x" * 900 for _ in range(100))
        assert kinds([await one.receive()]) == ["error"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_an_empty_recording_ends_its_turn_with_an_error(serve: Serve) -> None:
    """Protocol section 10: no chain-end came, and the client thought for ever."""
    async with client(serve(quick()).url) as one:
        await one.send("mic-audio-end", images=[])
        messages = await one.turn()
        assert kinds(messages).count("error") == 1
        assert "no mic-audio-data" in of_type(messages, "error")[0]["message"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_a_recording_without_words_ends_its_turn_with_an_error(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("mic-audio-data", audio=[0.0] * 4096)
        await one.send("mic-audio-end")
        messages = await one.turn()
    assert kinds(messages).count("error") == 1
    assert "user-input-transcription" not in kinds(messages)


async def test_a_recording_that_is_too_long_is_told_once(serve: Serve) -> None:
    async with client(serve(quick(max_utterance_s=0.5)).url) as one:
        for _ in range(5):
            await one.send("mic-audio-data", audio=[0.1] * 4096)
        await one.send("heartbeat")
        messages = await one.until_type("heartbeat-ack")
    assert kinds(messages) == ["error", "heartbeat-ack"]


async def test_a_text_that_is_too_long_ends_its_turn_with_an_error(serve: Serve) -> None:
    async with client(serve(quick(max_text_chars=10)).url) as one:
        messages = await one.say("This is longer than ten.")
        assert "max_text_chars" in of_type(messages, "error")[0]["message"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_a_voice_that_fails_is_told_once_and_the_words_are_shown(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("Fine so far. Now BREAK it. And BREAK again. Fine at the end.")
    assert kinds(messages).count("error") == 1
    assert [m["audio"] is not None for m in of_type(messages, "audio")] == [
        True,
        False,
        False,
        True,
    ]
    assert kinds(messages)[-3:] == WHOLE_TURN[-3:]


async def test_a_voice_that_hangs_is_given_up(serve: Serve) -> None:
    values = quick(sections={"tone_tts": {"delay_s": 60}}, tts_timeout_s=0.2)
    async with client(serve(values).url) as one:
        messages = await one.say("Hello.")
    assert "tts_timeout_s" in of_type(messages, "error")[0]["message"]
    assert of_type(messages, "audio")[0]["audio"] is None
    assert kinds(messages)[-1] == "conversation-chain-end"


async def test_an_engine_of_the_original_that_we_lack_is_named_to_the_client(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "bark_tts")
    async with client(serve(quick(tts="bark_tts")).url) as one:
        messages = await one.say("Hello.")
    assert "bark_tts" in of_type(messages, "error")[0]["message"]
    assert shown(messages).strip() == "Hello."


async def test_raw_audio_without_a_vad_is_told_once(serve: Serve) -> None:
    async with client(serve(quick(vad="tests.web.failing:FailingVAD")).url) as one:
        for _ in range(3):
            await one.send("raw-audio-data", audio=[0.0] * 512)
        await one.send("heartbeat")
        messages = await one.until_type("heartbeat-ack")
    assert kinds(messages) == ["error", "heartbeat-ack"]
    assert "failing_vad" in messages[0]["message"]


async def test_a_binary_frame_needs_an_open_stream_and_whole_samples(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.socket.send(b"\0\0")
        assert "mic-stream-start" in (await one.receive())["message"]
        await one.send("mic-stream-start")
        await one.socket.send(b"\0")
        assert "16-bit" in (await one.receive())["message"]


def active() -> tuple[int, int]:
    """Return how many LLM requests and syntheses are running."""
    return (
        sum(engine.active for engine in EchoLLM.loaded),
        sum(engine.active for engine in ToneTTS.loaded),
    )

"""The extension barge-in over a real socket: lowered, held up, gone on with, or interrupted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from open_llm_vtuber.conversation.listening import recognizer as asking
from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, is_chain_start, of_type
from tests.support.levels import HeldLevelASR, LevelASR, speak
from tests.support.live import conf

pytestmark = pytest.mark.anyio

HERS = "The old lighthouse keeper climbed the stairs every evening."
ASIDE, ECHO, REAL, NOTHING = 1, 3, 5, 7
PAUSE_S, END_S = 0.5, 1.5


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {ASIDE: "Mm-hmm.", REAL: "Tell me something else.", ECHO: "climbed the stairs every"}
    monkeypatch.setattr(LevelASR, "words", said)
    monkeypatch.setattr(asking, "PAUSE_S", 0.0)  # it is said faster than anybody speaks
    monkeypatch.setattr(asking, "REST", 0.0)


def values(asr: str = "LevelASR") -> dict[str, object]:
    return conf(
        asr=f"tests.support.levels:{asr}",
        vad=None,
        sections={"echo_llm": {"reply": HERS}, "tone_tts": {"seconds": 30.0}},
    )


@pytest.fixture
async def one(serve: Serve) -> AsyncIterator[Client]:
    """A client to whom she speaks, and whose microphone is open."""
    async with client(serve(values()).url) as one:
        await listens(one)
        yield one


async def listens(one: Client, *extensions: str, **stream: object) -> None:
    await one.new_conversation()
    await one.send("enable-extensions", extensions=["turn-ids", *(extensions or ["barge-in"])])
    await one.send("mic-stream-start", **stream)
    await one.send("text-input", text="Tell me a story.")
    await one.until(is_all_sent, play=False)


def is_all_sent(message: Message) -> bool:
    return bool(message["type"] == "backend-synth-complete")


def is_interrupt(message: Message) -> bool:
    return message.get("text") == "interrupt"


def actions(messages: list[Message]) -> list[str]:
    """What became of her sound."""
    told = []
    for message in messages:
        if message["type"] == "playback-control":
            told.append(message["action"])
        elif is_interrupt(message):
            told.append("interrupt")
    return told


def is_resume(message: Message) -> bool:
    return message.get("action") == "resume"


async def after(one: Client, told: list[Message], stop: Callable[[Message], bool]) -> list[str]:
    """Return what became of her sound, up to something that was told or comes yet."""
    if not any(map(stop, told)):
        told = [*told, *await one.until(stop, play=False)]
    return actions(told)


async def ended(one: Client) -> list[Message]:
    """Return what came until what was said is answered."""
    messages = await speak(one, 0, END_S, play=True)
    if not any(map(is_chain_end, messages)):
        messages += await one.turn_end()
    return messages


async def stored(one: Client) -> list[tuple[str, str]]:
    await one.send("fetch-and-set-history", history_uid=one.history_uid)
    (told,) = (await one.until_type("history-data"))[-1:]
    return [(message["role"], message["content"]) for message in told["messages"]]


@pytest.mark.parametrize("said", [ASIDE, NOTHING])
async def test_she_goes_on_after_what_is_no_interruption(one: Client, said: int) -> None:
    told = [*await speak(one, said, 0.4), *await speak(one, 0, END_S)]
    assert await after(one, told, is_resume) == ["duck", "pause", "resume"]
    assert len({message["turn"] for message in of_type(told, "playback-control")}) == 1
    await one.send("frontend-playback-complete")
    rest = [*await one.turn_end(), *await one.settled()]
    assert actions(rest) == []
    assert not any(is_chain_start(message) for message in rest)
    assert not of_type(rest, "user-input-transcription")
    assert await stored(one) == [("human", "Tell me a story."), ("ai", HERS)]


async def test_real_words_interrupt_her_while_they_are_said_and_are_answered(one: Client) -> None:
    told = await speak(one, REAL, 1.5)
    assert await after(one, told, is_interrupt) == ["duck", "pause", "interrupt"]
    (turn,) = {message["turn"] for message in told if "turn" in message}
    await one.send("interrupt-signal", text="The old", turn=turn)
    messages = await ended(one)
    assert of_type(messages, "user-input-transcription")[0]["text"] == "Tell me something else."
    assert actions(messages) == []
    assert await stored(one) == [
        ("human", "Tell me a story."),
        ("ai", "The old"),
        ("human", "Tell me something else."),
        ("ai", HERS),
    ]


async def test_a_short_word_that_is_real_is_known_at_the_pause(one: Client) -> None:
    LevelASR.words[REAL] = "Stop."
    told = [*await speak(one, REAL, 0.3), *await speak(one, 0, PAUSE_S)]
    assert await after(one, told, is_interrupt) == ["duck", "pause", "interrupt"]


async def test_her_own_voice_lowers_her_once_and_then_no_more(one: Client) -> None:
    told = [*await speak(one, ECHO, 0.4), *await speak(one, 0, END_S)]
    assert await after(one, told, is_resume) == ["duck", "pause", "resume"]
    told = [*await speak(one, ECHO, 4), *await speak(one, 0, END_S), *await one.settled()]
    assert actions(told) == []
    told = [*await speak(one, ECHO, 2), *await speak(one, REAL, 2)]
    assert await after(one, told, is_interrupt) == ["interrupt"]


async def test_words_behind_an_aside_interrupt_her_and_are_answered(one: Client) -> None:
    told = [*await speak(one, ASIDE, 0.4), *await speak(one, 0, PAUSE_S)]
    assert (await after(one, told, is_resume))[-1] == "resume"
    told = await speak(one, REAL, 1.5)
    assert (await after(one, told, is_interrupt))[-1] == "interrupt"
    messages = await ended(one)
    assert of_type(messages, "user-input-transcription")


async def test_what_is_said_when_all_of_her_was_heard_is_an_answer(one: Client) -> None:
    told = [*await speak(one, ASIDE, 0.4), *await speak(one, 0, PAUSE_S)]
    await after(one, told, is_resume)
    await one.send("frontend-playback-complete")
    await one.until(is_chain_end)
    messages = await ended(one)
    assert of_type(messages, "user-input-transcription")[0]["text"] == "Mm-hmm."


async def test_a_word_of_hers_at_her_end_is_an_answer(one: Client) -> None:
    LevelASR.words[ASIDE] = "Evening."
    told = [*await speak(one, ASIDE, 0.4), *await speak(one, 0, PAUSE_S)]
    await after(one, told, is_resume)
    await one.send("frontend-playback-complete")
    await one.until(is_chain_end)
    assert of_type(await ended(one), "user-input-transcription")[0]["text"] == "Evening."


async def test_no_partial_transcript_is_shown_of_what_is_no_interruption(serve: Serve) -> None:
    async with client(serve(values()).url) as one:
        await listens(one, "barge-in", "partial-transcripts")
        told = [*await speak(one, ASIDE, 0.9), *await speak(one, 0, END_S), *await one.settled()]
        assert "resume" in actions(told)
        assert of_type(told, "partial-transcript") == []
        told = await speak(one, REAL, 3)
        assert "interrupt" in actions(told)
        assert of_type(told, "partial-transcript")[0]["text"] == "Tell me something else."


async def test_where_words_are_not_known_early_the_length_of_the_voice_decides(
    serve: Serve,
) -> None:
    async with client(serve(values("SlowLevelASR")).url) as one:
        await listens(one)
        told = [*await speak(one, ASIDE, 0.4), *await speak(one, 0, END_S)]
        assert await after(one, told, is_resume) == ["duck", "pause", "resume"]
        told = await speak(one, REAL, 1)
        assert await after(one, told, is_interrupt) == ["duck", "pause", "interrupt"]


@pytest.mark.parametrize("stream", [{"held": True}, {}])
async def test_a_held_key_and_a_client_without_the_extension_interrupt_at_once(
    serve: Serve, stream: dict[str, object]
) -> None:
    async with client(serve(values()).url) as one:
        await listens(one, "barge-in" if stream else "groups", **stream)
        assert await after(one, await speak(one, ASIDE, 0.2), is_interrupt) == ["interrupt"]


async def test_a_microphone_that_is_closed_amid_a_voice_leaves_her_to_its_words(
    one: Client,
) -> None:
    told = await speak(one, ASIDE, 0.4)
    assert actions(told) == ["duck", "pause"]
    await one.send("mic-stream-stop")
    assert await after(one, [], is_resume) == ["resume"]


async def test_a_microphone_that_falls_silent_amid_a_voice_does_not_hold_her_up(
    one: Client,
) -> None:
    assert actions(await speak(one, ASIDE, 0.4)) == ["duck", "pause"]
    assert await after(one, [], is_resume) == ["resume"]
    told = await speak(one, REAL, 1.5)
    assert await after(one, told, is_interrupt) == ["interrupt"]


async def test_what_was_meant_is_answered_also_where_an_echo_follows_before_it_is_understood(
    serve: Serve,
) -> None:
    async with client(serve(values("HeldLevelASR")).url) as one:
        await listens(one)
        told = [*await speak(one, ECHO, 0.4), *await speak(one, 0, END_S)]
        await after(one, told, is_resume)
        HeldLevelASR.written.clear()
        HeldLevelASR.held.set()
        await speak(one, REAL, 0.4)
        await speak(one, 0, END_S)
        await speak(one, ECHO, 0.4)
        await one.send("frontend-playback-complete")
        await one.until(is_chain_end)
        HeldLevelASR.held.clear()
        while not HeldLevelASR.written:
            await one.beat()
        await one.settled()
        messages = await ended(one)
        heard = of_type(messages, "user-input-transcription")
        assert [message["text"] for message in heard] == ["Tell me something else."]

"""She asks aloud whether a tool may be used: heard, answered, and not by her own voice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE, Pcm
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.client import Client, Message, client, kinds, of_type, resampled
from tests.support.client import sound as sound_of
from tests.support.engines import WordsASR
from tests.support.live import Live
from tests.support.tooling import asking, numbers, servers_settled, with_tools

from .test_asking import EXTENSIONS, SUM, sound, statuses, until_asked

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def listening(running: Live, *, aloud: bool = True) -> AsyncIterator[Client]:
    """Connect as a client that is asked, `aloud` or not, with an open microphone."""
    async with client(running.url) as one:
        extensions = [*EXTENSIONS, *(["spoken-questions"] if aloud else [])]
        await one.ask("enable-extensions", "extensions-enabled", extensions=extensions)
        await one.send("mic-stream-start")
        yield one


async def heard_question(one: Client) -> tuple[Message, list[Message]]:
    """Wait until a question is asked aloud; return it, and what came of it."""
    await until_asked(one)
    messages = await one.until_type("tool-question-asked")
    return messages[-1], messages


async def speak_to(one: Client, said: str) -> None:
    """Say something through the microphone; it is understood by the time this returns."""
    WordsASR.said[:] = [said]
    await one.socket.send(sound(0.8, 1.5))
    transcription = (await one.until_type("user-input-transcription"))[-1]
    assert transcription["text"] == said


async def test_she_asks_aloud_and_her_own_voice_is_no_consent(
    running: Live, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=("Let me see.",), calls=(SUM,)),
        Reply(tokens=("It is two.",)),
    ]
    async with listening(running) as one:
        await one.type("Add.")
        asked, messages = await heard_question(one)
        (aloud,) = of_type(messages, "audio")
        assert aloud["audio"]  # it sounds, and is no part of what she answers
        assert aloud["display_text"]["text"] == ""
        # What loudspeakers give back while she asks: the question, a "yes" in what she said.
        for echo in ("May I use the add tool from numbers?", "Yes.", "add tool from numbers"):
            await speak_to(one, echo)
            assert not {"tool-permission-closed", "interrupt"} & set(kinds(await one.beat()))
        await one.send("tool-question-played", id=asked["id"])
        await one.beat()
        WordsASR.said[:] = ["Yes."]
        await one.socket.send(sound(0.8, 1.5))
        turn = await one.turn_end()
        assert statuses(turn) == [("completed", "2")]
        (closed,) = of_type(turn, "tool-permission-closed")
        assert closed["outcome"] == "allowed"
        history = await one.ask(
            "fetch-and-set-history", "history-data", history_uid=one.history_uid
        )
    assert "May I use" not in str(history["messages"])
    assert "May I use" not in str(model.requests[-1].body["messages"])


async def test_while_she_asks_one_can_break_in_or_refuse(
    running: Live, model: OpenAIServer
) -> None:
    async with listening(running) as one:
        for said, outcome in (("No, thanks!", "refused"), ("Tell me a story.", "withdrawn")):
            model.next = [Reply(tokens=(), calls=(SUM,)), Reply(tokens=("Fine.",))]
            await one.type("Add.")
            await heard_question(one)
            WordsASR.said[:] = [said]
            await one.socket.send(sound(0.8, 1.5))
            turn = await one.turn_end()
            (closed,) = of_type(turn, "tool-permission-closed")
            assert closed["outcome"] == outcome
            assert ("interrupt" in kinds(turn)) == (outcome == "withdrawn")


def through_loudspeakers(pcm: Pcm, rate: int) -> bytes:
    """Return what a microphone hears of a sound that is played in its room."""
    quiet = np.zeros(MIC_RATE, np.float32)
    heard = np.concatenate([quiet, resampled(pcm, rate) * 0.6, quiet, quiet[: MIC_RATE // 2]])
    return (heard * 32767).astype("<i2").tobytes()


def with_real_voices(model: OpenAIServer) -> dict[str, Any]:
    """Return a conf.yaml with real ears and a real voice; a server's name sounds like consent."""
    values = asking(
        model.base_url,
        "numbers",
        permissions={},
        asr="moonshine_asr",
        vad="silero_vad",
        tts="hibari_tts",
        sections={"openai_compatible_llm": {"base_url": model.base_url, "model": "small"}},
    )
    values["character_config"]["agent_config"]["agent_settings"]["basic_memory_agent"][
        "mcp_enabled_servers"
    ] = ["yes please"]
    return values


async def test_her_real_voice_in_real_ears_neither_allows_nor_withdraws(
    tmp_path: Path, model: OpenAIServer
) -> None:
    """A server gives its tool the name of consent, and she says it aloud."""
    values = with_real_voices(model)
    model.next = [Reply(tokens=("Yes. ",), calls=(SUM,)), Reply(tokens=("Two.",))]
    with with_tools(tmp_path, values, **{"yes please": numbers()}) as server:
        await asyncio.wrap_future(servers_settled(server))
        async with listening(server) as one:
            await one.type("Add.")
            before, _ = await until_asked(one)
            messages = await one.until_type("tool-question-asked")
            sounds = [sound_of(audio) for audio in of_type([*before, *messages], "audio")]
            assert len(sounds) == 2  # "Yes.", and the question
            for pcm, rate in sounds:
                await one.socket.send(through_loudspeakers(pcm, rate))
                heard = await one.until_type("user-input-transcription", timeout_s=120)
                assert heard[-1]["text"].strip()
                assert not {"tool-permission-closed", "interrupt"} & set(kinds(await one.beat()))
            await one.send("tool-question-played", id=messages[-1]["id"])
            await one.send("text-input", text="No.", images=[])
            turn = await one.turn_end()
    assert [status for status, _ in statuses(turn)] == ["error"]


async def test_what_she_said_before_she_asks_is_no_consent_where_she_does_not_ask_aloud(
    tmp_path: Path, model: OpenAIServer
) -> None:
    """Her "Yes." is still in the room when the page of an older version shows the question."""
    later = "Now I am going to add both of the numbers for you, which will only take a moment. "
    model.next = [Reply(tokens=("Yes. ", later), calls=(SUM,)), Reply(tokens=("Two.",))]
    with with_tools(tmp_path, with_real_voices(model), **{"yes please": numbers()}) as server:
        await asyncio.wrap_future(servers_settled(server))
        async with listening(server, aloud=False) as one:
            await one.type("Add.")
            before, _ = await until_asked(one)
            yes, _ = of_type(before, "audio")
            await one.socket.send(through_loudspeakers(*sound_of(yes)))
            heard = await one.until_type("user-input-transcription", timeout_s=120)
            assert "yes" in heard[-1]["text"].lower()
            assert not {"tool-permission-closed", "interrupt"} & set(kinds(await one.beat()))
            await one.send("text-input", text="Yes.", images=[])
            turn = await one.turn_end()
    assert [status for status, _ in statuses(turn)] == ["completed"]

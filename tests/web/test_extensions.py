"""What a client gets that asks for an extension, and what stays away from everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, ClassVar

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.tts.base import TTSEngine
from open_llm_vtuber.protocol.extensions import KNOWN
from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, kinds, of_type
from tests.support.live import conf
from tests.web.test_client_ws import WHOLE_TURN, quick
from tests.web.test_switching import write

pytestmark = pytest.mark.anyio

OWN = "tests.web.test_extensions:"
EXTENSIONS = {
    "extensions-enabled",
    "partial-transcript",
    "turn-metrics",
    "loading-progress",
    "capabilities",
}
STAGES = ("endpointing_ms", "asr_ms", "first_token_ms", "first_audio_ms")


class SlowConfig(EngineConfig):
    load_s: float = 0.0
    failure: str = ""


class SlowASR(ASREngine[SlowConfig]):
    """Hears "Hello.", once it is loaded, or cannot be."""

    name: ClassVar[str] = "slow_asr"
    Config = SlowConfig

    async def load(self, resources: Resources) -> None:
        await asyncio.sleep(self.config.load_s)
        if self.config.failure:
            raise EngineError(self.config.failure)

    async def transcribe(self, pcm: Pcm) -> str:
        return "Hello."


class DumbTTS(TTSEngine[EngineConfig]):
    """Fails at every sentence."""

    name: ClassVar[str] = "dumb_tts"
    Config = EngineConfig
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        raise EngineError("dumb_tts: no voice.")
        yield np.zeros(0, np.float32)


def slow(**changes: Any) -> dict[str, Any]:
    return conf(asr=f"{OWN}SlowASR", vad=None, sections={"slow_asr": changes})


async def enable(one: Client, *names: str) -> Message:
    return await one.ask("enable-extensions", "extensions-enabled", extensions=list(names))


async def test_the_server_says_which_it_knows(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        assert (await enable(one, "teleport", *reversed(KNOWN)))["extensions"] == list(KNOWN)
        assert (await enable(one))["extensions"] == []
        await one.send("enable-extensions", extensions="all")
        (error,) = of_type(await one.settled(), "error")
        assert "'extensions' is wrong" in error["message"]


# Turn metrics


def measured(messages: list[Message]) -> Message:
    (metrics,) = of_type(messages, "turn-metrics")
    assert sum(metrics[stage] or 0 for stage in STAGES) == metrics["total_ms"]
    return metrics


async def test_a_typed_turn_is_measured_up_to_its_first_sound(serve: Serve) -> None:
    values = quick(sections={"echo_llm": {"delay_s": 0.02}, "tone_tts": {"delay_s": 0.05}})
    async with client(serve(values).url) as one:
        await enable(one, "turn-metrics")
        messages = await one.say("One is first. Two is second.")
        again = await one.say("Three.")
    at = kinds(messages).index("audio") + 1
    assert kinds(messages) == [*WHOLE_TURN[:3], "turn-metrics", "audio", *WHOLE_TURN[3:]]
    metrics = measured(messages[: at + 1])
    assert metrics["endpointing_ms"] is metrics["asr_ms"] is None
    assert metrics["first_token_ms"] >= 20
    assert metrics["first_audio_ms"] >= 50
    assert measured(again)["turn"] != metrics["turn"]


async def test_a_spoken_turn_has_the_time_of_the_ears(serve: Serve) -> None:
    async with client(serve(slow()).url) as one:
        await enable(one, "turn-metrics")
        await one.record(np.full(16_000, 0.1, np.float32))
        metrics = measured(await one.turn())
    assert metrics["endpointing_ms"] is None  # the client cut the utterance out
    assert metrics["asr_ms"] is not None


async def test_a_turn_without_sound_is_measured_before_it_ends(serve: Serve) -> None:
    values = quick(tts=f"{OWN}DumbTTS")
    async with client(serve(values).url) as one:
        await enable(one, "turn-metrics")
        spoken = await one.say("Hello.")
        silent = await one.say("😊")
        await one.send("text-input", text="", images=[])
        nothing = await one.until(is_chain_end)
    for messages in (spoken, silent):
        metrics = measured(messages)
        assert metrics["first_audio_ms"] is None
        assert metrics["first_token_ms"] is not None
    assert measured(nothing)["total_ms"] == 0


async def test_a_forwarded_copy_is_not_measured(serve: Serve) -> None:
    async with (
        client(
            serve(
                quick(),
            ).url
        ) as one,
        client(one_url(one)) as two,
    ):
        for each in (one, two):
            await enable(each, "turn-metrics")
        await one.change_group("add-client-to-group", invitee_uid=two.uid)
        await one.type("Hello.")
        turns = [await each.until(is_chain_end) for each in (one, two)]
    assert sorted(len(of_type(messages, "turn-metrics")) for messages in turns) == [0, 1]
    speaker = next(messages for messages in turns if of_type(messages, "turn-metrics"))
    assert of_type(speaker, "backend-synth-complete")


def one_url(one: Client) -> str:
    host, port = one.socket.remote_address[:2]
    return f"http://{host}:{port}"


# Loading progress


async def progress_until(one: Client, *states: str) -> list[dict[str, Any]]:
    """Return what was reported up to the first time that every engine has one of the states."""
    seen = []
    while True:
        (message,) = (await one.until_type("loading-progress"))[-1:]
        seen.append({engine["kind"]: engine for engine in message["engines"]})
        if all(engine["state"] in states for engine in message["engines"]):
            return seen


async def test_engines_are_followed_until_they_are_ready(serve: Serve) -> None:
    async with client(serve(slow(load_s=1.2)).url) as one:
        await enable(one, "loading-progress")
        seen = await progress_until(one, "ready")
        assert seen[0]["asr"] == {
            "kind": "asr",
            "name": f"{OWN}SlowASR",
            "state": "loading",
            "done_bytes": None,
            "total_bytes": None,
            "message": "",
        }
        assert set(seen[0]) == {"vad", "llm", "asr", "tts", "agent"}
        assert len(seen) == 2  # what has not changed is not said again
        await enable(one, "loading-progress")
        assert of_type(await one.settled(), "loading-progress") == []


async def test_ready_engines_are_told_at_once(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        await enable(one, "loading-progress")
        (seen,) = await progress_until(one, "ready")
        assert [engine["state"] for engine in seen.values()] == ["ready"] * 5


async def test_an_engine_that_fails_says_why(serve: Serve) -> None:
    async with client(serve(slow(failure="The ears are shut.")).url) as one:
        await enable(one, "loading-progress")
        seen = await progress_until(one, "ready", "failed")
    assert seen[-1]["asr"]["state"] == "failed"
    assert seen[-1]["asr"]["message"] == "The ears are shut."


async def test_who_leaves_while_engines_are_loading_leaves_nothing(serve: Serve) -> None:
    server = serve(slow(load_s=3))
    async with client(server.url) as one:
        await enable(one, "loading-progress")
        await one.until_type("loading-progress")
    while server.server.connections:
        await asyncio.sleep(0.01)
    async with client(server.url) as two:  # the server is as before, and so is the loading
        await enable(two, "loading-progress")
        assert (await progress_until(two, "ready"))[-1]["asr"]["state"] == "ready"


@pytest.mark.parametrize("failure", ["", "The ears are shut."])
async def test_the_engines_of_another_character_are_followed(serve: Serve, failure: str) -> None:
    server = serve(slow())
    engines = {"asr_model": f"{OWN}SlowASR", "slow_asr": {"load_s": 0.6, "failure": failure}}
    write(server, "other.yaml", conf_name="other", asr_config=engines)
    async with client(server.url) as one:
        await one.say("Hello.")
        await enable(one, "loading-progress")
        await progress_until(one, "ready")
        await one.send("switch-config", file="other.yaml")
        await one.until_type("config-switched")
        seen = await progress_until(one, "ready", "failed")
    states = [engines["asr"]["state"] for engines in seen]
    assert states[0] in ("waiting", "loading")
    assert "ready" not in states[:-1]
    assert states[-1] == ("failed" if failure else "ready")
    assert seen[-1]["asr"]["message"] == failure


# Without having asked


async def test_who_does_not_ask_is_sent_nothing_of_it(serve: Serve) -> None:
    async with client(serve(slow(load_s=0.3)).url) as one:
        messages = await one.say("Hello.")
        await one.record(np.full(16_000, 0.1, np.float32))
        messages += await one.turn()
    assert EXTENSIONS.isdisjoint(kinds(messages))

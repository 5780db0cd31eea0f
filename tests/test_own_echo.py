"""Her own voice in the microphone, by the real VAD, recogniser and voice: it interrupts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from open_llm_vtuber.audio import Pcm
from tests.support.client import Client, client
from tests.support.live import Live, conf, live
from tests.support.room import Room

pytestmark = pytest.mark.anyio

STORY = (
    "The old lighthouse keeper climbed the stairs every evening. "
    "One night a small boat came out of the fog."
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    values = conf(tts="hibari_tts", sections={"echo_llm": {"reply": STORY}})
    with live(tmp_path_factory.mktemp("server"), values) as server:
        yield server


@pytest.fixture
def question(speech: Path) -> Pcm:
    pcm: Pcm = soundfile.read(speech / "synth_flite_slt.wav", dtype="float32")[0]
    return pcm


def room(one: Client, level_db: float) -> Room:
    return Room(one.socket, 10 ** (level_db / 20))


@pytest.mark.parametrize("level_db", [-6, -12, -20])
async def test_she_says_all_of_it(server: Live, level_db: float) -> None:
    async with client(server.url) as one, room(one, level_db) as here:
        await here.ask("Tell me a story.")
        await here.until(lambda: here.has("conversation-chain-end"))
        actions = [action for _, action in here.actions]
        assert "interrupt" not in actions
        assert not actions or actions[-1] == "resume"


@pytest.mark.parametrize("level_db", [-6, -20])
async def test_a_person_over_it_interrupts_her_and_is_answered(
    server: Live, question: Pcm, level_db: float
) -> None:
    async with client(server.url) as one, room(one, level_db) as here:
        await here.ask("Tell me a story.")
        await here.until(lambda: here.heard_s > 1.5)
        here.say(question)
        await here.until(lambda: here.has("user-input-transcription"))
        told = [one["text"] for _, one in here.messages if one["type"].startswith("user-input")]
        assert "interrupt" in [action for _, action in here.actions]
        assert "weather" in told[0]

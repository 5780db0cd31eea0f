"""Whoever brings the conf.yaml of the original is heard and answered aloud, whichever it is.

The ears are the documented default, fetched from a hub that has a small model in place of the
SenseVoice that cannot be had here; the mind is a server that speaks as Ollama does, the voice one
that speaks as Edge's does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import orjson
import pytest
import soundfile

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.engines.tts.edge_server import EdgeService, edge_service
from tests.support.client import client, kinds, of_type, sound
from tests.support.live import free_port, live
from tests.support.stock import LANGUAGES, VERSIONS, stock
from tests.support.stock_weights import stock_weights

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The weights of all these servers."""
    folder = tmp_path_factory.mktemp("models")
    with stock_weights(folder, tmp_path_factory.mktemp("hub")):
        yield folder


@pytest.fixture
async def ollama() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as server:
        pulled = {"models": [{"name": "qwen2.5:latest", "model": "qwen2.5:latest"}]}
        server.models = Reply(body=orjson.dumps(pulled))
        server.reply = Reply(tokens=("It is a clear night. ", "I can see the ships."))
        yield server


@pytest.fixture
async def edge(speech: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EdgeService]:
    pcm = soundfile.read(speech / "synth_flite_slt.wav", dtype="float32")[0]
    async with edge_service(pcm) as service:
        monkeypatch.setenv("https_proxy", service.proxy)
        yield service


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_spoken_turn(
    version: str,
    language: str,
    models: Path,
    ollama: OpenAIServer,
    edge: EdgeService,
    speech: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "models").symlink_to(models, target_is_directory=True)
    values = stock(version, language)  # but for the ports
    values["system_config"]["port"] = free_port()
    llms = values["character_config"]["agent_config"]["llm_configs"]
    llms["ollama_llm"]["base_url"] = ollama.base_url
    said = soundfile.read(speech / "human_goforward.wav", dtype="float32")[0]
    with ExitStack() as stack:  # in a thread: the stand-ins answer while it starts and ends
        server = await asyncio.to_thread(stack.enter_context, live(tmp_path, values, pages=False))
        async with client(server.url) as one:
            await one.record(said)
            messages = await one.turn(timeout_s=120)
        await asyncio.to_thread(stack.close)
    (heard,) = of_type(messages, "user-input-transcription")
    assert heard["text"], kinds(messages)
    assert of_type(messages, "error") == []
    asked = [one.body["messages"] for one in ollama.requests if one.body.get("stream")]
    assert heard["text"] in str(asked[-1])
    voiced = [sound(message)[0] for message in of_type(messages, "audio") if message["audio"]]
    assert len(voiced) == 2
    assert all(np.abs(pcm).max() > 0.05 for pcm in voiced)
    voice = values["character_config"]["tts_config"]["edge_tts"]["voice"]
    speaker = voice.rpartition("-")[2]  # as in "(zh-CN, XiaoxiaoNeural)"
    assert len(edge.requests) == 2
    assert all(f", {speaker})" in request for request in edge.requests)

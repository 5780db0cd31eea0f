"""A voice that stands in, in real turns: the chosen one is a service that refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.client import connect

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.cli.check import check, look_over
from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.weights.store import WeightStore
from tests.cli.test_main import write
from tests.conftest import Serve
from tests.engines.tts.vendor_server import VendorServer, vendor_server
from tests.engines.tts.vendors import ELEVENLABS, OPENAI
from tests.support.absent import without
from tests.support.client import client, of_type, sound
from tests.support.live import conf

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
SPEECH: Pcm = np.full(24_000, 0.25, np.float32)


def values(server: VendorServer, **section: Any) -> dict[str, Any]:
    """Return a configuration whose chosen voice is a service, and whose other is a tone."""
    sections = {
        server.vendor.engine: {**server.section, **section},
        "tone_tts": {"seconds": 0.05},
        "echo_llm": {"reply": "One. Two. Three."},
    }
    made = conf(asr=f"{ENGINES}MuteASR", tts=server.vendor.engine, vad=None, sections=sections)
    made["character_config"]["tts_config"]["fallback"] = f"{ENGINES}ToneTTS"
    return made


async def test_a_turn_is_heard_although_the_service_refuses(serve: Serve) -> None:
    async with vendor_server(OPENAI, SPEECH) as service:
        service.fault = "key"
        async with client(serve(values(service)).url) as one:
            messages = await one.say("Hello.")
            (error,) = of_type(messages, "error")
            assert "tts_config.openai_tts.api_key" in error["message"]
            assert error["message"].endswith(f"Until it works again, {ENGINES}ToneTTS speaks.")
            spoken = [sound(message) for message in of_type(messages, "audio")]
            assert [len(pcm) / rate for pcm, rate in spoken] == [0.05] * 3
            again = await one.say("And now?")
            assert of_type(again, "error") == []
            assert all(message["audio"] for message in of_type(again, "audio"))
        assert 1 <= len(service.asked) <= 3  # those that were on their way when the first failed


async def test_a_turn_is_heard_although_a_key_is_missing(serve: Serve) -> None:
    async with (
        vendor_server(ELEVENLABS, SPEECH) as service,
        client(serve(values(service, api_key="")).url) as one,
    ):
        messages = await one.say("Hello.")
        assert all(message["audio"] for message in of_type(messages, "audio"))
        assert service.asked == []


async def test_a_fallback_is_tried_by_check_and_its_keys_are_looked_over(tmp_path: Path) -> None:
    async with vendor_server(OPENAI, SPEECH) as service:
        made = values(service)
        made["character_config"]["tts_config"]["fallback"] = "elevenlabs_tts"
        made["character_config"]["tts_config"]["elevenlabs_tts"] = {"voiceid": "x"}
        write(tmp_path, made)
        loaded = load_config(tmp_path / "conf.yaml")
        (line,) = [one for one in look_over(loaded, tmp_path / "conf.yaml") if "voiceid" in one]
        assert 'did you mean "voice_id"?' in line
        findings = await check(loaded.config, WeightStore(tmp_path / "models"), tmp_path)
        found = {one.name: one for one in findings if one.label == "TTS"}
        assert found["openai_tts"].ok
        assert "tts_config.elevenlabs_tts.api_key" in found["elevenlabs_tts"].text


@pytest.mark.parametrize(
    ("named", "told"), [("hibary_tts", "did you mean hibari_tts"), ("tone", "no TTS engine")]
)
def test_a_fallback_that_there_is_not_is_a_mistake(tmp_path: Path, named: str, told: str) -> None:
    made = conf()
    made["character_config"]["tts_config"]["fallback"] = named
    write(tmp_path, made)
    with pytest.raises(ConfigError, match=told):
        load_config(tmp_path / "conf.yaml")


def test_a_voice_is_no_fallback_of_its_own(tmp_path: Path) -> None:
    made = conf(tts="hibari_tts")
    made["character_config"]["tts_config"]["fallback"] = "hibari_tts"
    write(tmp_path, made)
    with pytest.raises(ConfigError, match="it is the chosen engine itself"):
        load_config(tmp_path / "conf.yaml")


def test_a_documented_fallback_that_this_version_lacks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "bark_tts")
    made = conf(tts="hibari_tts")
    made["character_config"]["tts_config"]["fallback"] = "bark_tts"
    write(tmp_path, made)
    warnings = load_config(tmp_path / "conf.yaml").warnings
    assert any("fallback" in one and '"bark_tts" is not part' in one for one in warnings)


async def test_what_is_spoken_by_tts_ws_is_heard_although_the_service_refuses(
    serve: Serve,
) -> None:
    async with vendor_server(OPENAI, SPEECH) as service:
        service.fault = "key"
        address = serve(values(service)).url.replace("http", "ws") + "/tts-ws"
        for _ in range(2):
            async with connect(address) as socket:
                await socket.send(json.dumps({"text": "One. Two."}))
                told = [json.loads(await socket.recv()) for _ in range(3)]
                assert [one["status"] for one in told] == ["partial", "partial", "complete"]
                await socket.send(json.dumps({"text": "And now?"}))
                told = [json.loads(await socket.recv()) for _ in range(2)]
                assert [one["status"] for one in told] == ["partial", "complete"]
        # For each client it is tried anew, and then no more for a while.
        assert 2 <= len(service.asked) <= 4


async def test_tts_ws_tells_of_a_stand_in_that_fails_too(serve: Serve) -> None:
    async with vendor_server(OPENAI, SPEECH) as service:
        service.fault = "key"
        address = serve(values(service)).url.replace("http", "ws") + "/tts-ws"
        async with connect(address) as socket:
            await socket.send(json.dumps({"text": "BREAK it."}))
            told = json.loads(await socket.recv())
            assert told["status"] == "error"
            assert "breaks the voice" in told["message"]

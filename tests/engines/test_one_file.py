"""One file is an engine: dropped on Python's path, or installed as a package, it takes its turn."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from open_llm_vtuber.audio import MIC_RATE
from tests.conftest import Serve
from tests.engines.llm.openai_server import openai_server
from tests.support.client import client, of_type, shown, sound
from tests.support.live import PROJECT, conf, free_port

pytestmark = pytest.mark.anyio

EXAMPLE = PROJECT / "docs" / "example-plugin"
MUTE = "tests.support.engines:MuteASR"
UV = shutil.which("uv")

Drop = Callable[[str, str], None]
Sections = dict[str, dict[str, Any]]

ASR = '''
"""Scales: hears how many seconds it was."""

from typing import ClassVar

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, Resources


class ScalesConfig(EngineConfig):
    unit: str = "seconds"


class ScalesASR(ASREngine[ScalesConfig]):
    name: ClassVar[str] = "scales_asr"
    Config = ScalesConfig

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        return f"{round(len(pcm) / MIC_RATE)} {self.config.unit}"
'''

FOLLOWING_ASR = '''
"""Ruler: says how long it was, while it is said."""

from collections.abc import AsyncGenerator
from typing import ClassVar

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, Resources


class RulerASR(ASREngine[EngineConfig]):
    name: ClassVar[str] = "ruler_asr"
    Config = EngineConfig
    streams = True

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        return f"{len(pcm) / MIC_RATE:.0f} s at once"

    async def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
        samples = 0
        async for piece in sound:
            samples += len(piece)
            yield f"{samples / MIC_RATE:.0f} s so far"
        yield f"{samples / MIC_RATE:.0f} s in all"
'''

LLM = '''
"""Parrot: a service with OpenAI's API, and where it is."""

from typing import ClassVar

from pydantic import Field

from open_llm_vtuber.engines.llm.openai_service import ChatCompletionsLLM, OpenAICompatibleConfig


class ParrotConfig(OpenAICompatibleConfig):
    base_url: str = "{base_url}"
    llm_api_key: str = Field(repr=False)
    model: str = "parrot-1"


class ParrotLLM(ChatCompletionsLLM[ParrotConfig]):
    name: ClassVar[str] = "parrot_llm"
    Config = ParrotConfig
'''

TRANSLATOR = '''
"""Shout: the language of those who shout."""

from typing import ClassVar

from open_llm_vtuber.engines.base import EngineConfig, Resources, per_call
from open_llm_vtuber.engines.translate.base import TranslateEngine


class ShoutConfig(EngineConfig):
    mark: str = per_call("!")


class Shout(TranslateEngine[ShoutConfig]):
    name: ClassVar[str] = "shout"
    Config = ShoutConfig
    target = "loud"

    async def load(self, resources: Resources) -> None:
        return

    async def translate(self, text: str, *, target: str) -> str:
        return text.upper() + self.config.mark
'''


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """Put one file into a folder on Python's path."""
    folder = tmp_path / "dropped"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))

    def one(name: str, source: str) -> None:
        monkeypatch.delitem(sys.modules, name, raising=False)
        (folder / f"{name}.py").write_text(source, "utf-8")

    return one


def pitch_hz(pcm: np.ndarray[tuple[int], np.dtype[np.float32]], rate: int) -> float:
    strongest = int(np.argmax(np.abs(np.fft.rfft(pcm))))
    return strongest * rate / len(pcm)


def test_the_example_is_what_the_docs_say() -> None:
    page = (PROJECT / "docs" / "engines.md").read_text("utf-8")
    shown_code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert shown_code
    assert shown_code[1] == (EXAMPLE / "chirp_tts.py").read_text("utf-8")


async def test_a_voice_of_one_file_speaks(serve: Serve, drop: Drop) -> None:
    drop("dropped_chirp", (EXAMPLE / "chirp_tts.py").read_text("utf-8"))
    sections: Sections = {"chirp_tts": {"hertz": 600}, "echo_llm": {"reply": "Chirp."}}
    server = serve(conf(asr=MUTE, tts="dropped_chirp:ChirpTTS", sections=sections))
    async with client(server.url) as one:
        (audio,) = of_type(await one.say("Sing."), "audio")
    assert pitch_hz(*sound(audio)) == pytest.approx(600, abs=20)


async def test_ears_of_one_file_hear_a_spoken_turn(serve: Serve, drop: Drop) -> None:
    drop("dropped_scales", ASR)
    values = conf(
        asr="dropped_scales:ScalesASR",
        vad=None,
        sections={"tone_tts": {"seconds": 0.05}, "scales_asr": {"unit": "seconds of it"}},
    )
    server = serve(values)
    async with client(server.url) as one:
        loud = 0.5 * np.sin(np.arange(2 * MIC_RATE, dtype=np.float32) / 5)
        await one.record(loud.astype(np.float32))
        messages = await one.turn()
    (heard,) = of_type(messages, "user-input-transcription")
    assert heard["text"] == "2 seconds of it"
    assert shown(messages).strip() == "2 seconds of it"


async def test_ears_of_one_file_follow_who_speaks(serve: Serve, drop: Drop) -> None:
    drop("dropped_ruler", FOLLOWING_ASR)
    values = conf(asr="dropped_ruler:RulerASR", vad=None, sections={"tone_tts": {"seconds": 0.05}})
    server = serve(values)
    second = (np.ones(MIC_RATE) * 8000).astype("<i2").tobytes()
    async with client(server.url) as one:
        await one.send("enable-extensions", extensions=["partial-transcripts"])
        await one.send("mic-stream-start")
        for said in range(1, 4):
            await one.socket.send(second)
            (*_, shown_so_far) = await one.until_type("partial-transcript")
            assert shown_so_far["text"] == f"{said} s so far"
        await one.send("mic-stream-stop")
        (heard,) = of_type(await one.turn(), "user-input-transcription")
        assert heard["text"] == "3 s in all"
        await one.record(np.ones(2 * MIC_RATE, np.float32))
        (heard,) = of_type(await one.turn(), "user-input-transcription")
        assert heard["text"] == "2 s at once"


async def test_a_service_of_one_file_answers(serve: Serve, drop: Drop) -> None:
    async with openai_server() as service:
        drop("dropped_parrot", LLM.replace("{base_url}", service.base_url))
        sections: Sections = {
            "tone_tts": {"seconds": 0.05},
            "parrot_llm": {"llm_api_key": "sk-parrot"},
        }
        server = serve(conf(asr=MUTE, llm="dropped_parrot:ParrotLLM", sections=sections))
        async with client(server.url) as one:
            assert shown(await one.say("Hello!")).strip() == "Hello, you."
        asked = service.requests[-1]
    assert asked.body["model"] == "parrot-1"
    assert asked.headers["authorization"] == "Bearer sk-parrot"


async def test_a_translator_of_one_file_changes_what_is_said_not_what_is_shown(
    serve: Serve, drop: Drop
) -> None:
    drop("dropped_shout", TRANSLATOR)
    drop("dropped_chirp", (EXAMPLE / "chirp_tts.py").read_text("utf-8"))
    reply: Sections = {"echo_llm": {"reply": "Come here."}}
    values = conf(asr=MUTE, tts="dropped_chirp:ChirpTTS", sections=reply)
    lengths = {}
    for wanted in (False, True):
        values["character_config"]["tts_preprocessor_config"] = {
            "translator_config": {
                "translate_audio": wanted,
                "translate_provider": "dropped_shout:Shout",
                "shout": {"mark": "!" * 20},
            }
        }
        values["system_config"]["port"] = free_port()
        server = serve(values)
        async with client(server.url) as one:
            messages = await one.say("Where?")
        assert shown(messages).strip() == "Come here."
        (audio,) = of_type(messages, "audio")
        lengths[wanted] = len(sound(audio)[0])
    assert lengths[True] - lengths[False] == 20 * 800  # the voice says so much for a letter


@pytest.mark.skipif(UV is None, reason="uv builds and installs the package")
async def test_the_example_package_is_installed_and_speaks(tmp_path: Path) -> None:
    site = tmp_path / "site"
    await asyncio.to_thread(
        subprocess.run,
        [str(UV), "pip", "install", "-q", "--no-deps", "--target", str(site), str(EXAMPLE)],
        check=True,
        timeout=200,
    )
    values = conf(
        asr=MUTE,
        tts="chirp_tts",
        sections={"chirp_tts": {"hertz": 880}, "echo_llm": {"reply": "Chirp."}},
    )
    path = tmp_path / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    url = f"http://127.0.0.1:{values['system_config']['port']}"
    server = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "run_server.py", "--config", str(path)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(site)},
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            assert server.poll() is None, "the server did not start"
            try:
                async with client(url) as one:
                    (audio,) = of_type(await one.say("Sing."), "audio")
                    break
            except OSError:
                await asyncio.sleep(0.1)
    finally:
        server.terminate()
        await asyncio.to_thread(server.wait)
    assert pitch_hz(*sound(audio)) == pytest.approx(880, abs=20)

"""Speech in chunks over a real socket: a voice of one file, Hibari, and who did not ask for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Serve
from tests.proxy.relay import relay_to
from tests.support.chunks import joined
from tests.support.client import Client, client, of_type, sound
from tests.support.live import conf
from tests.web.listener import Listener

pytestmark = pytest.mark.anyio

RIVER = '''
"""River: flows until it is let, whatever it says."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import ClassVar

import numpy as np

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.tts.base import TTSEngine


class RiverConfig(EngineConfig):
    sea: str


class RiverTTS(TTSEngine[RiverConfig]):
    """A tone that begins at once, and ends when there is a file `sea`."""

    name: ClassVar[str] = "river_tts"
    Config = RiverConfig
    streams = True
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        drop = np.full(1600, 0.5, np.float32)
        yield drop
        while not Path(self.config.sea).exists():
            await asyncio.sleep(0.005)
            yield drop
'''


async def listening(plain: Client) -> Listener:
    """Ask for chunks."""
    asked = {"extensions": ["speech-chunks"]}
    answer = await plain.ask("enable-extensions", "extensions-enabled", **asked)
    assert answer["extensions"] == ["speech-chunks"]
    return Listener(plain)


@pytest.fixture
def river(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], Path]:
    """Return a configuration with a voice that is one file, and the file at which it ends."""
    folder, sea = tmp_path / "dropped", tmp_path / "sea"
    folder.mkdir()
    (folder / "river_tts.py").write_text(RIVER, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "river_tts", raising=False)
    sections = {"echo_llm": {"reply": "Hello there."}, "river_tts": {"sea": str(sea)}}
    mute = "tests.support.engines:MuteASR"
    return conf(asr=mute, tts="river_tts:RiverTTS", vad=None, sections=sections), sea


async def test_a_voice_of_one_file_is_heard_while_it_speaks(
    serve: Serve, river: tuple[dict[str, Any], Path]
) -> None:
    values, sea = river
    async with client(serve(values).url) as plain:
        heard = await listening(plain)
        await plain.type("Hi.")
        await heard.until_frames(5)
        assert not sea.exists()
        sea.touch()
        await heard.until_end()
    (said,) = of_type(heard.messages, "audio")
    assert (said["audio"], said["volumes"]) == (None, [])
    assert said["display_text"]["text"].strip() == "Hello there."
    pcm = joined(heard.segment(said["segment"]))
    assert len(pcm) >= 5 * 1600
    assert np.allclose(pcm, 0.5, atol=1e-4)
    assert {frame.rate for frame in heard.frames} == {16_000}


async def test_after_an_interrupt_not_one_frame_of_a_segment_comes(
    serve: Serve, river: tuple[dict[str, Any], Path]
) -> None:
    values, sea = river
    async with client(serve(values).url) as plain:
        heard = await listening(plain)
        await plain.type("Hi.")
        await heard.until_frames(3)
        await plain.interrupt()
        await plain.send("heartbeat")
        while (await heard.take()) != {"type": "heartbeat-ack"}:
            pass
        frames = len(heard.frames)
        assert not any(frame.last for frame in heard.frames)
        sea.touch()
        await plain.type("Again.")
        await heard.until_end()
    first, second = (said["segment"] for said in of_type(heard.messages, "audio"))
    assert first != second
    assert {frame.segment for frame in heard.frames[frames:]} == {second}
    assert joined(heard.segment(second)).any()


async def test_a_slow_line_carries_little_of_what_was_cut_off_and_then_no_more(
    serve: Serve,
) -> None:
    """An engine that makes a long sound at once: what of it was not on its way is taken back."""
    mute = "tests.support.engines:MuteASR"
    server = serve(conf(asr=mute, vad=None, sections={"tone_tts": {"seconds": 60}}))
    port = server.server.config.system_config.port
    async with (
        relay_to(port, pace_s=0.05) as relay,
        client(f"http://127.0.0.1:{relay.port}") as plain,
    ):
        heard = await listening(plain)
        await plain.type("Hi.")
        while not heard.frames:
            await heard.take()
        await plain.interrupt()
        for expected in (40, 0):  # of 120: in the kernel, in the relay, and one in the server
            before = len(heard.frames)
            await plain.send("fetch-backgrounds")
            while not isinstance(one := await heard.take(), dict) or "files" not in one:
                pass
            assert len(heard.frames) - before <= expected
        assert not any(frame.last for frame in heard.frames)


async def test_hibari_is_the_same_in_chunks_and_whole(serve: Serve) -> None:
    text = "The weather has been fine all day. It will rain."
    mute = "tests.support.engines:MuteASR"
    server = serve(conf(asr=mute, tts="hibari_tts", vad=None))
    async with client(server.url) as documented, client(server.url) as plain:
        whole = of_type(await documented.say(text), "audio")
        assert all("segment" not in said for said in whole)
        heard = await listening(plain)
        await plain.type(text)
        await heard.until_end()
    chunked = of_type(heard.messages, "audio")
    assert [said["display_text"] for said in chunked] == [said["display_text"] for said in whole]
    for said, given in zip(whole, chunked, strict=True):
        pcm, rate = sound(said)
        frames = heard.segment(given["segment"])
        assert frames[0].rate == rate
        # Hibari never says a thing in exactly the same way.
        assert np.corrcoef(joined(frames), pcm)[0, 1] > 0.99

"""Settings that change while a person speaks: what they say is heard to its end all the same."""

from __future__ import annotations

import httpx
import numpy as np
import pytest

from tests.conftest import Serve
from tests.support.client import client, of_type
from tests.support.live import conf

pytestmark = pytest.mark.anyio

LOUD = (np.ones(512 * 20) * 16000).astype("<i2").tobytes()
SILENCE = bytes(2 * 512 * 60)


async def test_who_speaks_while_a_setting_changes_is_answered(serve: Serve) -> None:
    sections = {"tone_tts": {"seconds": 0.05}}
    server = serve(conf(asr="tests.support.engines:LoudnessASR", vad=None, sections=sections))
    async with client(server.url) as one, httpx.AsyncClient(base_url=server.url) as web:
        await one.send("mic-stream-start")
        for name in ("Anne", "Beth"):
            await one.socket.send(LOUD)
            await one.until(lambda m: m.get("text") == "interrupt")
            etag = (await web.get("/api/config")).json()["etag"]
            edit = {"path": ["character_config", "character_name"], "value": name}
            answer = await web.patch("/api/config", json={"etag": etag, "edits": [edit]})
            assert answer.status_code == 200, answer.text
            for _ in range(3):  # whatever was to be done at once has been done
                await one.settled()
            await one.socket.send(SILENCE)
            (heard,) = of_type(await one.turn(), "user-input-transcription")
            assert heard["text"] == "Loud for 0.6 s."
            # Then it holds.
            while True:
                audio = of_type(await one.say("And who are you?"), "audio")
                if audio[0]["display_text"]["name"] == name:
                    break

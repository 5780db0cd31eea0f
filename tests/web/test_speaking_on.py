"""Who speaks on before an utterance is understood is answered for all of it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import Serve
from tests.support.client import client, is_chain_start, of_type
from tests.support.engines import LoudnessASR
from tests.support.live import conf

pytestmark = pytest.mark.anyio


LOUD = np.full(16_000, 16_000, "<i2").tobytes()
QUIET = np.zeros(32_000, "<i2").tobytes()


@pytest.mark.parametrize("with_images", [False, True])
async def test_what_was_not_understood_yet_comes_before_what_is_said_then(
    serve: Serve, *, with_images: bool
) -> None:
    server = serve(
        conf(asr="tests.support.engines:LoudnessASR", vad="tests.support.scarce:LoudVAD")
    )
    async with client(server.url) as one:
        await one.send("mic-stream-start", with_images=with_images)
        LoudnessASR.held.set()
        try:
            for _ in range(2):
                await one.socket.send(LOUD)
                await one.socket.send(QUIET)
                if with_images:
                    await one.until(lambda message: message.get("text") == "mic-audio-end")
                    await one.send("mic-audio-end", images=[])
                await one.until(is_chain_start)
        finally:
            LoudnessASR.held.clear()
        messages = await one.turn_end()
    (heard,) = of_type(messages, "user-input-transcription")
    assert heard["text"] == "Loud for 2.0 s."

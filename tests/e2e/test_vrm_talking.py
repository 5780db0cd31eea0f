"""A character who looks as a VRM and talks: her mouth follows her voice, her face a feeling."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from statistics import median
from typing import Any, ClassVar

import httpx
import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from tests.support.engines import RATE, ToneTTS
from tests.support.live import conf, live
from tests.support.vrm import SKIN, Version, vrm

from .browser import Browsers, Watched, opened
from .instruments import EARS

pytestmark = pytest.mark.browser

SECONDS = 1.5
AUDIBLE = 0.01
"""Of 1; silence is exactly 0."""


class PausingTTS(ToneTTS):
    """Says everything as a tone, a pause and the tone again, each of a length."""

    name: ClassVar[str] = "pausing_tts"

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        async for tone in super().synthesize(text):
            yield np.concatenate([tone, np.zeros(int(RATE * SECONDS), np.float32), tone])


LOOK = f"""{{
    const skin = [{", ".join(map(str, SKIN))}];
    const {{ getContext }} = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (kind, attributes) {{
        // What was drawn for a frame can then be read after it.
        return getContext.call(this, kind, {{ ...attributes, preserveDrawingBuffer: true }});
    }};
    const look = (window.look = {{
        face: null, // left, top, width, height
        seen: null, // for each frame since it was made a list: loudness, mouth, eyes
        part(left, top, width, height) {{
            const copy = new OffscreenCanvas(width, height).getContext("2d");
            const canvas = document.querySelector(".stage canvas");
            copy.drawImage(canvas, left, top, width, height, 0, 0, width, height);
            return copy.getImageData(0, 0, width, height).data;
        }},
        find() {{ // her face, without what is beside it
            const {{ width, height: whole }} = document.querySelector(".stage canvas");
            const height = Math.floor(whole / 2); // her hands hang lower
            const data = look.part(0, 0, width, height);
            const [xs, ys] = [[], []];
            for (let i = 0; i < data.length / 4; i++) {{
                const off = skin.map((value, at) => Math.abs(data[4 * i + at] - value));
                if (data[4 * i + 3] < 200 || Math.max(...off) > 40) continue;
                xs.push(i % width);
                ys.push(Math.floor(i / width));
            }}
            if (xs.length < 400) return 0;
            xs.sort((one, other) => one - other);
            const [left, right] = [xs[0], xs[xs.length - 1]];
            const [top, bottom] = [ys[0], ys[ys.length - 1]];
            const margin = Math.round((right - left) * 0.08);
            look.face = [left + margin, top, right - left - 2 * margin, bottom - top];
            return xs.length;
        }},
        now() {{
            const data = look.part(...look.face);
            let [mouth, eyes] = [0, 0];
            for (let i = 0; i < data.length; i += 4) {{
                const [red, green, blue] = data.subarray(i, i + 3);
                if (red > 120 && green < 60 && blue < 60) mouth += 1;
                else if (red < 90 && green < 90 && blue < 90) eyes += 1;
            }}
            return [instruments.loudness(), mouth, eyes];
        }},
    }});
    const watch = () => {{
        if (look.seen) look.seen.push(look.now());
        requestAnimationFrame(watch);
    }};
    requestAnimationFrame(watch);
}}"""
"""To be run before the page: `look` then sees each frame of the face of a person of boxes."""


def dressed(url: str, version: Version) -> None:
    """Give the character a VRM, which winks for joy: that moves no mouth."""
    with httpx.Client(base_url=url, timeout=60) as http:
        draft = http.post("/looks", params={"name": "boxy.vrm"}, content=vrm(version)).json()
        (model,) = draft["models"]
        wink = next(one["value"] for one in model["expressions"] if one["name"].lower() == "wink")
        emotions = {**model["emotions"], "joy": wink}
        wanted = {"file": model["file"], "name": "Boxy", "emotions": emotions}
        http.post(f"/look-drafts/{draft['id']}", json=wanted).raise_for_status()
        worn = {"fields": {"live2d_model_name": "Boxy"}}
        http.patch("/characters/conf.yaml", json=worn).raise_for_status()


def now(page: Watched) -> tuple[float, int, int]:
    """Return how loud she is, and how large her mouth and her eyes are."""
    loud, mouth, eyes = page.page.evaluate("look.now()")
    return loud, mouth, eyes


def calm(page: Watched) -> tuple[int, int]:
    """Return how large mouth and eyes are while nothing is said; she may blink meanwhile."""
    page.page.evaluate("look.seen = []")
    page.until(lambda: page.page.evaluate("look.seen.length") > 9, "frames of her face")
    frames = page.page.evaluate("look.seen")
    return max(mouth for _, mouth, _ in frames), int(median(eyes for *_, eyes in frames))


@pytest.mark.parametrize("version", ["0", "1"])
def test_her_mouth_moves_with_her_voice_and_her_face_follows_a_tag(
    tmp_path: Path, browsers: Browsers, version: Version
) -> None:
    values: dict[str, Any] = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        tts="tests.e2e.test_vrm_talking:PausingTTS",
        sections={
            "echo_llm": {"reply": "[joy] I am so glad to see you here again."},
            "pausing_tts": {"seconds": SECONDS},
        },
    )
    with live(tmp_path, values) as server:
        dressed(server.url, version)
        with opened(
            browsers, server.url, draws=True, script=EARS + LOOK, reduced_motion="reduce"
        ) as page:
            page.wait_for_avatar("vrm")
            page.wait_for_status("Ready")
            page.until(lambda: page.page.evaluate("look.find()") > 0, "her face")
            shut, awake = calm(page)
            assert shut > 10
            assert awake > 10
            page.page.evaluate("look.seen = []")
            page.write("How are you?")
            page.wait_for("conversation-chain-end")
            frames = [tuple(one) for one in page.page.evaluate("look.seen")]
            assert page.received("audio")[0]["actions"]["expressions"][0].lower() == "wink"
            loud = [at for at, one in enumerate(frames) if one[0] > AUDIBLE]
            quiet = [at for at in range(loud[0], loud[-1]) if frames[at][0] == 0]
            assert quiet, "she pauses"
            spoken = [frames[at][1] for at in loud]
            assert median(spoken) > 2 * shut, (shut, frames)
            assert min(frames[at][1] for at in quiet) < 1.5 * shut, (shut, frames)
            # The face lasts as long as she talks, also while she is silent for a moment.
            feeling = [frames[at][2] for at in range(loud[len(loud) // 4], loud[-1])]
            assert median(feeling) < 0.6 * awake, (awake, frames)
            page.until(lambda: now(page)[1] < 1.5 * shut, "her mouth to shut")
            page.until(lambda: now(page)[2] > 0.8 * awake, "her face to be at rest")
            assert now(page)[0] == 0

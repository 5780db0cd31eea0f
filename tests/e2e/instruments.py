"""What a test measures inside the page: its sound, its frames, and what her face looks like."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator

from .browser import Watched

EARS = """{
    const instruments = (window.instruments = {
        frame: 0,
        analyser: null,
        loudest: 0, // of all that was looked at since it was last set to 0
        interrupts: [], // the frames in which the server said that the person speaks
        silenced: [], // the frames in which a sound was cut off
        afterwards: [], // how loud it still was a moment after each interrupt
        loudness() {
            if (!this.analyser) return 0;
            const samples = new Float32Array(this.analyser.fftSize);
            this.analyser.getFloatTimeDomainData(samples);
            return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        },
    });
    const count = () => {
        instruments.frame += 1;
        requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    setInterval(() => {
        instruments.loudest = Math.max(instruments.loudest, instruments.loudness());
    }, 20);
    const { connect } = AudioNode.prototype;
    const { stop } = AudioBufferSourceNode.prototype;
    const over = new WeakSet();
    AudioNode.prototype.connect = function (target, ...more) {
        if (this instanceof AudioBufferSourceNode) {
            this.addEventListener("ended", () => over.add(this));
        }
        if (target instanceof AudioDestinationNode) {
            instruments.analyser = new AnalyserNode(this.context, { fftSize: 2048 });
            connect.call(this, instruments.analyser);
        }
        return connect.call(this, target, ...more);
    };
    AudioBufferSourceNode.prototype.stop = function (...when) {
        if (!over.has(this)) instruments.silenced.push(instruments.frame);
        return stop.apply(this, when);
    };
    window.WebSocket = class extends WebSocket {
        constructor(...address) {
            super(...address);
            this.addEventListener("message", ({ data }) => {
                if (typeof data !== "string") return;
                const { type, text } = JSON.parse(data);
                if (type !== "control" || text !== "interrupt") return;
                instruments.interrupts.push(instruments.frame);
                setTimeout(() => instruments.afterwards.push(instruments.loudness()), 250);
            });
        }
    };
}"""
"""To be run before the page: `instruments` then listens to what leaves for the loudspeaker."""

# In her drawing, as shares of its width and height: left, top, right, bottom.
MOUTH = (0.43, 0.41, 0.57, 0.455)
FACE = (0.34, 0.28, 0.66, 0.47)
SHAPE = 1600 / 1200
"""Of her drawing: height to width."""
SKIN = 170
"""What is darker in the mean of red, green and blue, of 255, is none; near her mouth."""

EYES = f"""{{
    const part = {{ left: {MOUTH[0]}, top: {MOUTH[1]}, right: {MOUTH[2]}, bottom: {MOUTH[3]} }};
    const {{ getContext }} = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (kind, attributes) {{
        // What was drawn for a frame can then be read after it.
        return getContext.call(this, kind, {{ ...attributes, preserveDrawingBuffer: true }});
    }};
    const eyes = (window.eyes = {{
        seen: null, // for each frame since it was made a list, how open her mouth was
        openness() {{
            const canvas = document.querySelector(".stage canvas");
            const [height, width] = [canvas.height, canvas.height / {SHAPE}];
            const box = [
                (canvas.width - width) / 2 + part.left * width,
                part.top * height,
                (part.right - part.left) * width,
                (part.bottom - part.top) * height,
            ];
            const size = [Math.round(box[2]), Math.round(box[3])];
            const copy = new OffscreenCanvas(...size).getContext("2d");
            copy.drawImage(canvas, ...box, 0, 0, ...size);
            const {{ data }} = copy.getImageData(0, 0, ...size);
            let dark = 0;
            for (let i = 0; i < data.length; i += 4) {{
                if (data[i] + data[i + 1] + data[i + 2] < 3 * {SKIN}) dark += 1;
            }}
            return dark;
        }},
    }});
    const look = () => {{
        if (eyes.seen) eyes.seen.push(eyes.openness());
        requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
}}"""
"""To be run before the page: `eyes` then sees each frame of her mouth, however slow they come."""

Pixels = NDArray[np.float32]


def loudness(page: Watched) -> float:
    """Return the largest sample that leaves the page now, 0 to 1."""
    level: float = page.page.evaluate("instruments.loudness()")
    return level


def stage(page: Watched) -> Locator:
    return page.page.locator(".stage")


def seen(page: Watched, part: tuple[float, float, float, float]) -> Pixels:
    """Return a part of her as it is on the screen: height x width x 3, 0 to 255.

    She stands in the middle of the stage at its full height, as `fit` of avatar/placing.ts has it
    for a stage that is wide enough.
    """
    box = stage(page).bounding_box()
    assert box is not None
    height, width = box["height"], box["height"] / SHAPE
    left, top = box["x"] + (box["width"] - width) / 2, box["y"]
    clip = {
        "x": left + part[0] * width,
        "y": top + part[1] * height,
        "width": (part[2] - part[0]) * width,
        "height": (part[3] - part[1]) * height,
    }
    png = page.page.screenshot(clip=clip)  # type: ignore[arg-type]
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"), np.float32)


def openness(page: Watched) -> int:
    """Return how many pixels around her mouth are not skin: more of them the more it is open.

    Needs EYES.
    """
    dark: int = page.page.evaluate("eyes.openness()")
    return dark


def difference(one: Pixels, other: Pixels) -> float:
    """Return by how much two pictures differ in the mean, 0 to 255."""
    return float(np.abs(one - other).mean())

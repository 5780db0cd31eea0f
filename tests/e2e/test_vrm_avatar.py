"""VRMs of both versions in a real browser: drawn, moved, heard, touched, lost and let go of."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.browser import Browsers
from tests.support.avatar_page import NO_GL, load, png_of, served, stage, until
from tests.support.vrm import SKIN, glb, vrm

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 600, 800
FILES = {
    "/old.vrm": vrm("0"),
    "/new.vrm": vrm("1"),
    "/plain.vrm": glb({"asset": {"version": "2.0"}, "scenes": [{}], "scene": 0}),
    "/broken.vrm": b"glTF and nothing else",
}


@pytest.fixture(scope="module")
def url(avatar_page: Path) -> Iterator[str]:
    """The page with nothing but an avatar."""
    with served(avatar_page, FILES) as address:
        yield address


def show(page: Page, file: str, **entry: Any) -> str:
    return load(page, {"name": "boxy", "url": file, "vrm": file, **entry}, still=True)


def pixels(page: Page) -> NDArray[np.int16]:
    """Return what is drawn: rows of red, green, blue, alpha."""
    picture = Image.open(io.BytesIO(png_of(page.evaluate("avatarPage.picture()"))))
    return np.asarray(picture.convert("RGBA"), np.int16)


def near(found: NDArray[np.int16], colour: tuple[int, int, int], off: int = 40) -> NDArray[Any]:
    """Return which pixels are about of a colour."""
    alike = np.abs(found[..., :3] - np.array(colour)).max(axis=-1) < off
    shown: NDArray[Any] = alike & (found[..., 3] > 200)
    return shown


def red(page: Page) -> int:
    """Return how large the mouth is: nothing else is red."""
    found = pixels(page)
    alike = (found[..., 0] > 120) & (found[..., 1] < 60) & (found[..., 2] < 60)
    return int((alike & (found[..., 3] > 200)).sum())


@pytest.mark.parametrize("file", ["/old.vrm", "/new.vrm"])
def test_head_and_chest_are_seen_and_the_arms_hang(url: str, browsers: Browsers, file: str) -> None:
    with stage(browsers, url, width=WIDTH, height=HEIGHT) as page:
        assert show(page, file) == "vrm"
        found = pixels(page)
        face = near(found, SKIN)
        rows, columns = np.nonzero(face[: found.shape[0] // 2])
        assert len(rows) > 4000, "her face is drawn with the picture in the file"
        assert abs(columns.mean() / found.shape[1] - 0.5) < 0.05
        assert rows.min() > 0, "there is air above her head"
        assert red(page) > 50, "she faces us"
        drawn = found[..., 3] > 200
        height = found.shape[0]
        shoulders = drawn[int(height * 0.5) : int(height * 0.75)].any(axis=0).mean()
        assert shoulders < 0.9, "arms that are spread would reach from side to side"
        assert drawn[-1].any(), "she stands on the lower edge"
        assert not drawn[: height // 40].any()


@pytest.mark.parametrize("file", ["/old.vrm", "/new.vrm"])
def test_the_mouth_follows_the_voice(url: str, browsers: Browsers, file: str) -> None:
    with stage(browsers, url, width=WIDTH, height=HEIGHT) as page:
        show(page, file)
        shut = red(page)
        for mouth in ("{open: 1, wide: 0, round: 0}", "{open: 1, wide: 0, round: 1}"):
            page.evaluate(f"avatarPage.avatar.setMouth(() => ({mouth}))")
            until(page, "avatarPage.value('ParamMouthOpenY') > 0.9")
            assert red(page) > 3 * shut
        page.evaluate("avatarPage.avatar.setMouth(null)")
        until(page, "avatarPage.value('ParamMouthOpenY') < 0.01")
        assert red(page) < 1.5 * shut


@pytest.mark.parametrize(("file", "wink"), [("/old.vrm", "Wink"), ("/new.vrm", "wink")])
def test_faces_come_and_go(url: str, browsers: Browsers, file: str, wink: str) -> None:
    with stage(browsers, url, width=WIDTH, height=HEIGHT) as page:
        show(page, file)
        names = page.evaluate("avatarPage.avatar.expressions")
        assert names[0] == "neutral"
        assert {"happy", "sad", "angry", wink} <= set(names)
        assert not {"aa", "blink"} & set(names)
        shut = red(page)
        page.evaluate("avatarPage.avatar.express('happy')")
        until(page, "avatarPage.value('face happy') === 1")
        assert red(page) > 2 * shut
        page.evaluate("avatarPage.avatar.express(null)")
        until(page, "avatarPage.value('face happy') === 0")
        assert red(page) < 1.5 * shut


@pytest.mark.parametrize("file", ["/old.vrm", "/new.vrm"])
def test_she_looks_where_the_pointer_is(url: str, browsers: Browsers, file: str) -> None:
    def middle_of_mouth(page: Page) -> float:
        found = pixels(page)
        alike = (found[..., 0] > 120) & (found[..., 1] < 60) & (found[..., 3] > 200)
        return float(np.nonzero(alike)[1].mean() / found.shape[1])

    with stage(browsers, url, width=WIDTH, height=HEIGHT) as page:
        model = {"name": "boxy", "url": file, "vrm": file}
        assert load(page, model) == "vrm"
        page.evaluate("avatarPage.avatar.lookAt(6000, 300)")
        until(page, "avatarPage.value('ParamAngleX') > 12")
        right = middle_of_mouth(page)
        page.evaluate("avatarPage.avatar.lookAt(-6000, 300)")
        until(page, "avatarPage.value('ParamAngleX') < -12")
        assert middle_of_mouth(page) < right - 0.03


def test_a_touch_is_answered(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, width=WIDTH, height=HEIGHT) as page:
        file = "/new.vrm"
        assert load(page, {"name": "boxy", "url": file, "vrm": file}) == "vrm"
        assert page.evaluate("avatarPage.avatar.tap(...avatarPage.eyes())") == ["Head"]
        until(page, "avatarPage.value('ParamAngleZ') > 5")
        x, y = page.evaluate("avatarPage.eyes()")
        assert page.evaluate(f"avatarPage.avatar.tap({x}, {y + 350})") == ["Body"]
        assert page.evaluate("avatarPage.avatar.tap(2, 2)") == []


def test_she_is_moved_and_scaled(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, width=WIDTH, height=HEIGHT) as page:
        show(page, "/new.vrm")
        x, y = page.evaluate("avatarPage.eyes()")
        face = int(near(pixels(page), SKIN)[: HEIGHT // 2].sum())
        page.evaluate("avatarPage.avatar.place({scale: 1, x: 0.1, y: 0.1})")
        moved = page.evaluate("avatarPage.eyes()")
        assert moved == pytest.approx([x + WIDTH * 0.1, y + HEIGHT * 0.1], abs=8)
        page.evaluate("avatarPage.avatar.place({scale: 2, x: 0, y: 0.3})")
        assert int(near(pixels(page), SKIN).sum()) > 2 * face


def test_a_lost_context_comes_back_with_all_that_was_drawn(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, may_complain=("CONTEXT_LOST_WEBGL", "Context Lost")) as page:
        show(page, "/new.vrm")
        before = int(near(pixels(page), SKIN).sum())
        page.evaluate(
            """async () => {
                const canvas = document.querySelector("canvas");
                const happens = (name) => new Promise((done) => {
                    canvas.addEventListener(name, done, { once: true });
                });
                const loss = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
                const lost = happens("webglcontextlost");
                loss.loseContext();
                await lost;
                await new Promise((done) => setTimeout(done, 50));
                const restored = happens("webglcontextrestored");
                loss.restoreContext();
                await restored;
            }"""
        )
        after = int(near(pixels(page), SKIN).sum())
        assert before > 4000
        assert abs(after - before) < before / 10


def test_many_come_and_go_and_leave_nothing(url: str, browsers: Browsers) -> None:
    """A browser keeps some 16 contexts: were they not let go of, the first would be lost."""
    with stage(browsers, url, may_complain=("Context Lost",)) as page:
        for _ in range(20):
            assert show(page, "/new.vrm") == "vrm"
        assert page.evaluate("document.querySelectorAll('canvas').length") == 1
        assert red(page) > 50


def test_what_cannot_be_drawn_says_why(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, may_complain=("404", "Failed to load")) as page:
        assert "is no VRM" in show(page, "/plain.vrm")
        assert "could not be read" in show(page, "/broken.vrm")
        assert "404" in show(page, "/absent.vrm")
        assert page.evaluate("document.querySelectorAll('canvas').length") == 0


def test_without_webgl_there_is_a_picture(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, arguments=NO_GL) as page:
        assert show(page, "/new.vrm", picture="/avatars/wren.png") == "picture"


def test_the_mood_moves_her(url: str, browsers: Browsers) -> None:
    with stage(browsers, url) as page:
        file = "/new.vrm"
        assert load(page, {"name": "boxy", "url": file, "vrm": file}) == "vrm"
        page.evaluate("avatarPage.avatar.feel('thinking')")
        until(page, "avatarPage.value('ParamAngleX') > 3 && avatarPage.value('ParamAngleY') > 2")
        assert json.loads(page.evaluate("JSON.stringify(avatarPage.avatar.motions)")) == [
            "Greeting",
            "TapHead",
            "TapBody",
        ]

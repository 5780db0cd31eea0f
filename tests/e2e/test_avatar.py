"""The avatar in a real browser: drawn as the references show, touched, moved, without WebGL."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import Browsers
from tests.support.avatar_page import (
    MODEL,
    NO_GL,
    RIG,
    data_url,
    load,
    png_of,
    served,
    stage,
    until,
)
from tests.support.live import PROJECT

pytestmark = pytest.mark.browser

REFERENCES = Path(__file__).parent / "references"
MEAN = 0.8
"""Of 255: how far a picture may be off in the mean. Drivers smooth edges each in their own way."""
MOST = 24
"""Of 255: what 99 % of the picture's channels must be within."""

RESTED = """new Promise((done) => {
    const before = asked;
    setTimeout(() => done(asked === before), 300);
})"""
"""Whether the page asks for no frame for a while."""

FILES = {"/broken.rig.json": '{"version": 2}', "/text.rig.json": "This is no rig."}


@pytest.fixture(scope="module")
def url(avatar_page: Path) -> Iterator[str]:
    """The page with nothing but an avatar."""
    with served(avatar_page, FILES) as address:
        yield address


def difference(page: Page, name: str, reference: bytes) -> dict[str, Any]:
    given = [name, RIG, data_url(reference)]
    found: dict[str, Any] = page.evaluate("given => avatarPage.difference(...given)", given)
    return found


@pytest.mark.parametrize("name", ["poses", "expressions", "life"])
def test_it_is_drawn_as_the_references_show(url: str, browsers: Browsers, name: str) -> None:
    """`python -m tools.references` writes them anew; OLV_DIFFERENCES says where failures go."""
    with stage(browsers, url) as page:
        found = difference(page, name, (REFERENCES / f"{name}.png").read_bytes())
        wrong = [cell for cell in found["cells"] if cell["mean"] > MEAN or cell["most"] > MOST]
        if wrong:
            folder = Path(os.environ.get("OLV_DIFFERENCES", PROJECT / "build" / "differences"))
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}-difference.png").write_bytes(png_of(found["picture"]))
            drawn = page.evaluate("given => avatarPage.sheet(...given)", [name, RIG])
            (folder / f"{name}-drawn.png").write_bytes(png_of(drawn))
        assert wrong == [], f"see {folder}"


def test_every_pose_differs_from_its_neighbour_by_more_than_is_tolerated(
    url: str, browsers: Browsers
) -> None:
    """Otherwise the comparison would pass whatever is drawn."""
    with stage(browsers, url) as page:
        sheet = png_of(page.evaluate("given => avatarPage.sheet(...given)", ["expressions", RIG]))
        shifted = page.evaluate(
            """async ([png, columns]) => {
                const image = new Image();
                image.src = png;
                await image.decode();
                const canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [image.width, image.height];
                canvas.getContext("2d").drawImage(image, image.width / columns, 0);
                return canvas.toDataURL();
            }""",
            [data_url(sheet), 5],
        )
        cells = difference(page, "expressions", png_of(shifted))["cells"]
        assert [cell for cell in cells if cell["mean"] <= MEAN or cell["most"] <= MOST] == []


def test_a_lost_context_comes_back_with_all_that_was_drawn(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, may_complain=("CONTEXT_LOST_WEBGL",)) as page:
        assert load(page, MODEL, still=True) == "rig"
        before, blank, after = page.evaluate(
            """async () => {
                const canvas = document.querySelector("canvas");
                const happens = (name) => new Promise((done) => {
                    canvas.addEventListener(name, done, { once: true });
                });
                const gl = canvas.getContext("webgl2");
                const loss = gl.getExtension("WEBGL_lose_context");
                const before = avatarPage.picture();
                loss.loseContext();
                await happens("webglcontextlost");
                const blank = avatarPage.picture();
                await new Promise((done) => setTimeout(done, 50));
                loss.restoreContext();
                await happens("webglcontextrestored");
                return [before, blank, avatarPage.picture()];
            }"""
        )
        # Between the two, she has breathed and looked about a little.
        sizes = [len(png_of(picture)) for picture in (before, blank, after)]
        assert sizes[1] < sizes[0] / 10
        assert abs(sizes[2] - sizes[0]) < sizes[0] / 10


def test_a_touch_is_answered(url: str, browsers: Browsers) -> None:
    with stage(browsers, url) as page:
        assert load(page, MODEL) == "rig"
        assert page.evaluate("avatarPage.avatar.tap(...avatarPage.middleOf(0))") == ["Head"]
        until(page, "avatarPage.value('ParamEyeLSmile') > 0.3")  # TapHead
        assert page.evaluate("avatarPage.avatar.tap(2, 2)") == []


def test_it_looks_at_the_pointer_and_speaks(url: str, browsers: Browsers) -> None:
    with stage(browsers, url) as page:
        assert load(page, MODEL) == "rig"
        page.evaluate("avatarPage.avatar.lookAt(5000, 300)")
        until(page, "avatarPage.value('ParamEyeBallX') > 0.6")
        page.evaluate("avatarPage.avatar.lookAt(-5000, 300)")
        until(page, "avatarPage.value('ParamEyeBallX') < -0.6")
        page.evaluate("avatarPage.avatar.setMouth(() => ({open: 1, wide: 0, round: 0}))")
        until(page, "avatarPage.value('ParamMouthOpenY') > 0.8")
        page.evaluate("avatarPage.avatar.setMouth(null)")
        until(page, "avatarPage.value('ParamMouthOpenY') < 0.1")
        expressions, motions = page.evaluate(
            "[avatarPage.avatar.expressions, avatarPage.avatar.motions]"
        )
        assert expressions[:3] == ["neutral", "joy", "laughter"]
        assert {"Idle", "Greeting", "TapHead"} <= set(motions)


def test_it_rests_while_it_is_out_of_sight(url: str, browsers: Browsers) -> None:
    with stage(browsers, url) as page:
        assert load(page, MODEL) == "rig"
        page.evaluate(
            """() => {
                window.asked = 0;
                avatarPage.avatar.setMouth(() => (asked++, {open: 0, wide: 0, round: 0}));
            }"""
        )
        until(page, "asked > 3")
        page.evaluate("document.getElementById('stage').style.transform = 'translateX(-3000px)'")
        until(page, RESTED)
        before = page.evaluate("asked")
        page.evaluate("document.getElementById('stage').style.transform = 'none'")
        until(page, f"asked > {before} + 3")


def test_it_is_dragged_scaled_and_moved_by_keys(url: str, browsers: Browsers) -> None:
    def placement(page: Page) -> dict[str, float]:
        found: dict[str, float] = json.loads(
            page.evaluate("document.getElementById('stage').dataset.placement ?? '{}'")
        )
        return found

    with stage(browsers, url, width=600, height=800) as page:
        assert load(page, MODEL, still=True) == "rig"
        page.evaluate("avatarPage.gestures()")
        at_rest = page.evaluate("avatarPage.middleOf(0)")
        page.mouse.move(300, 400)
        page.mouse.down()
        page.mouse.move(302, 401)  # no more than a tap trembles
        assert placement(page) == {}
        page.mouse.move(302, 401)
        page.mouse.move(360, 480, steps=4)
        page.mouse.up()
        dragged = placement(page)
        assert dragged == pytest.approx({"scale": 1, "x": 0.1, "y": 0.1}, abs=0.02)
        moved = page.evaluate("avatarPage.middleOf(0)")
        assert moved == pytest.approx([at_rest[0] + 60, at_rest[1] + 80], abs=12)
        page.mouse.wheel(0, -400)
        until(page, "JSON.parse(document.getElementById('stage').dataset.placement).scale > 1.5")
        page.locator("#stage").press("0")
        assert placement(page) == {"scale": 1, "x": 0, "y": 0}
        page.locator("#stage").press("ArrowLeft")
        page.locator("#stage").press("+")
        assert placement(page) == pytest.approx({"scale": 1.1, "x": -0.044, "y": 0})


def test_two_fingers_scale_around_where_they_are(url: str, browsers: Browsers) -> None:
    with stage(browsers, url) as page:
        assert load(page, MODEL, still=True) == "rig"
        page.evaluate("avatarPage.gestures()")
        session = page.context.new_cdp_session(page)

        def touch(kind: str, *places: tuple[int, int]) -> None:
            points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
            given = {"type": f"touch{kind}", "touchPoints": points}
            session.send("Input.dispatchTouchEvent", given)

        touch("Start", (250, 400), (350, 400))
        for reach in (70, 90, 100):
            touch("Move", (300 - reach, 400), (300 + reach, 400))
        touch("End")
        placed = json.loads(page.evaluate("document.getElementById('stage').dataset.placement"))
        assert placed["scale"] == pytest.approx(2, abs=0.25)  # from 100 px to 200 px
        assert [placed["x"], placed["y"]] == pytest.approx([0, 0], abs=0.05)


def test_without_webgl_there_is_a_still_picture(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, arguments=NO_GL) as page:
        assert load(page, MODEL) == "picture"
        drawn = page.locator("#stage > svg")  # a silhouette, as the model names no picture
        box = drawn.bounding_box()
        assert box is not None
        assert box == pytest.approx({"x": 0, "y": 0, "width": 600, "height": 800}, abs=1)
        page.evaluate("avatarPage.avatar.setMouth(() => ({open: 1, wide: 0, round: 0}))")
        until(page, "document.querySelector('#stage > svg').getBoundingClientRect().width > 605")
        page.evaluate("avatarPage.avatar.place({scale: 0.5, x: 0, y: 0})")
        until(page, "document.querySelector('#stage > svg').getBoundingClientRect().width < 320")
        assert page.evaluate("avatarPage.avatar.tap(300, 400)") == []
        # Without WebGL, Live2D's Core would be of no use.
        assert load(page, {"url": "/nothing.model3.json"}) == "picture"
        picture = {**MODEL, "picture": "/live2d-models/wren/wren.texture.png"}
        assert load(page, picture) == "picture"
        assert page.locator("#stage > img").get_attribute("alt") == "wren"


def test_a_rig_that_cannot_be_shown_says_why(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, may_complain=("404",)) as page:
        missing = load(page, {"url": "", "rig": "/live2d-models/nobody.rig.json"})
        assert missing == "AvatarError: nobody.rig.json could not be fetched: 404."
        broken = load(page, {"url": "", "rig": "/broken.rig.json"})
        assert broken == "AvatarError: broken.rig.json: version is 2, but only version 1 is known."
        nothing = load(page, {"url": "", "rig": "/text.rig.json"})
        assert nothing.startswith("AvatarError: text.rig.json is no JSON")
        assert page.locator("canvas").count() == 0

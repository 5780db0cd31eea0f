"""Live2D's models in a real browser, up to what only Live2D's own Cubism Core can do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.browser import Browsers
from tests.support.avatar_page import MODEL, load, served, stage

pytestmark = pytest.mark.browser

EMPTY_CORE = """
// Stands in for Live2D's Cubism Core, which cannot be had here: it knows an empty model, and enough
// of the rest for the loading path. What a real model looks like cannot be tested with it.
{
  const ids = () => ({ count: 0, ids: [] });
  const parts = { ...ids(), opacities: new Float32Array(0), parentIndices: new Int32Array(0) };
  const parameters = { ...ids(), minimumValues: [], maximumValues: [], defaultValues: [],
    values: new Float32Array(0), keyCounts: [], keyValues: [], types: [], repeats: [] };
  const drawables = { ...ids(), ORDER constantFlags: [], dynamicFlags: new Uint8Array(0),
    textureIndices: [], drawOrders: [], opacities: new Float32Array(0), masks: [], maskCounts: [],
    vertexCounts: [], vertexPositions: [], vertexUvs: [], indexCounts: [], indices: [],
    multiplyColors: new Float32Array(0), screenColors: new Float32Array(0), parentPartIndices: [],
    blendModes: [], resetDynamicFlags() {} };
  const canvasinfo = { CanvasWidth: 1200, CanvasHeight: 1600, CanvasOriginX: 600,
    CanvasOriginY: 800, PixelsPerUnit: 1200 };
  class Moc { static fromArrayBuffer() { return new Moc(); } _release() {} }
  class Model { static fromMoc() { return new Model(); }
    parts = parts; parameters = parameters; drawables = drawables; canvasinfo = canvasinfo;
    update() {} release() {} }
  const no = () => false;
  window.Live2DCubismCore = { Moc, Model,
    Version: { csmGetVersion: () => 0x05000000, csmGetMocVersion: () => 1,
      csmGetLatestMocVersion: () => 5 },
    Memory: { initializeAmountOfMemory() {} },
    Logging: { csmSetLogFunction() {}, csmGetLogFunction: () => () => {} },
    Utils: new Proxy({}, { get: () => no }) };
}
"""

STAND_INS = {
    "/nothing.js": "// A script that is no Core.",
    "/core.js": EMPTY_CORE.replace("ORDER", "renderOrders: new Int32Array(0),"),
    "/newer-core.js": EMPTY_CORE.replace("ORDER", ""),
    "/empty.model3.json": json.dumps(
        {
            "Version": 3,
            "FileReferences": {
                "Moc": "live2d-models/wren/wren.moc3",
                "Textures": ["live2d-models/wren/wren.texture.png"],
                "Expressions": [
                    {"Name": name, "File": f"live2d-models/wren/expressions/{name}.exp3.json"}
                    for name in ("neutral", "joy")
                ],
                "Motions": {
                    "Greeting": [{"File": "live2d-models/wren/motions/greeting_1.motion3.json"}]
                },
            },
            "Groups": [{"Target": "Parameter", "Name": "LipSync", "Ids": ["ParamMouthOpenY"]}],
        }
    ),
    "/unnamed.model3.json": json.dumps(
        {
            "FileReferences": {
                "Moc": "live2d-models/wren/wren.moc3",
                "Textures": ["live2d-models/wren/wren.texture.png"],
                "Expressions": [
                    {"File": "live2d-models/wren/expressions/neutral.exp3.json"},
                    {"Name": "joy", "File": "live2d-models/wren/expressions/joy.exp3.json"},
                ],
                "Physics": None,
                "Motions": {
                    "": [{"File": "live2d-models/wren/motions/greeting_1.motion3.json"}],
                    "Broken": None,
                },
            },
        }
    ),
    "/old.model.json": json.dumps({"model": "cat.moc", "textures": ["cat.png"]}),
}


LIVE2D_MODEL = {**MODEL, "rig": None}


@pytest.fixture(scope="module")
def url(avatar_page: Path) -> Iterator[str]:
    """The page with nothing but an avatar."""
    with served(avatar_page, STAND_INS) as address:
        yield address


@pytest.mark.parametrize(
    ("core", "answer"),
    [
        (None, "CoreMissingError!: This model needs Live2D's Cubism Core, which is not installed."),
        (
            "/none.js",
            "AvatarError: Live2D's Cubism Core could not be loaded from this server.",
        ),
        (
            "/nothing.js",
            "AvatarError: The file that is installed as Live2D's Cubism Core is something "
            "else. Install it anew.",
        ),
        (
            "/newer-core.js",
            "AvatarError: The installed version of Live2D's Cubism Core is too new for this "
            "program. Install one of the versions 4.2 to 5.0, and load this page again.",
        ),
    ],
)
def test_it_says_what_is_wrong_with_the_core(
    url: str, browsers: Browsers, core: str | None, answer: str
) -> None:
    with stage(browsers, url, may_complain=("404",)) as page:
        assert load(page, LIVE2D_MODEL, core) == answer
        assert page.locator("canvas").count() == 0


@pytest.mark.parametrize("core", ["/core.js", None])
def test_a_model_that_is_not_there_is_an_error(
    url: str, browsers: Browsers, core: str | None
) -> None:
    """Also where Live2D's Core is missing: then nobody is asked to accept its licence for it."""
    with stage(browsers, url, may_complain=("404",)) as page:
        answer = load(page, {"url": "/live2d-models/none.model3.json"}, core)
        assert answer.startswith("AvatarError: The Live2D model could not be shown: ")


@pytest.mark.parametrize(
    ("reduced", "named", "played"), [(False, "", ""), (False, None, "Idle"), (True, "", None)]
)
def test_idle_plays_a_group_without_a_name_and_nothing_where_less_motion_is_asked(
    url: str, browsers: Browsers, reduced: bool, named: str | None, played: str | None
) -> None:
    with stage(browsers, url, may_complain=("Failed to load motion",)) as page:
        info = {"url": "/unnamed.model3.json", "idleMotionGroupName": named}
        assert load(page, info, "/core.js", still=reduced) == "live2d"
        group = page.evaluate("avatarPage.avatar.model.internalModel.motionManager.groups.idle")
        assert group == (played if played is not None else "\0")
        assert page.evaluate("avatarPage.avatar.motions") == ["", "Broken"]


def test_what_is_wrong_in_a_model_costs_only_itself(url: str, browsers: Browsers) -> None:
    with stage(browsers, url, may_complain=("Failed to load motion",)) as page:
        assert load(page, {"url": "/unnamed.model3.json"}, "/core.js") == "live2d"
        assert page.evaluate("avatarPage.avatar.expressions") == ["expression 0", "joy"]


def test_a_model_of_cubism_2_is_named(url: str, browsers: Browsers) -> None:
    with stage(browsers, url) as page:
        answer = load(page, {"url": "/old.model.json"}, "/core.js")
        assert "Cubism 2" in answer


def test_an_empty_model_is_shown_under_the_pages_policy(url: str, browsers: Browsers) -> None:
    # What it was still fetching when it goes away is cut off, and the renderer says so.
    with stage(browsers, url, may_complain=("Failed to load",)) as page:
        assert load(page, {"url": "/empty.model3.json"}, "/core.js") == "live2d"
        assert page.locator("#stage > canvas").count() == 1
        assert page.evaluate("avatarPage.avatar.expressions") == ["neutral", "joy"]
        assert page.evaluate("avatarPage.avatar.motions") == ["Greeting"]
        page.evaluate(
            """async () => {
                const { avatar } = avatarPage;
                let asked = 0;
                avatar.setMouth(() => (asked++, {open: 1, wide: 1, round: 0}));
                avatar.express("joy");
                avatar.move("Greeting");
                avatar.feel("thinking");
                avatar.lookAt(10, 10);
                avatar.place({scale: 2, x: 0.1, y: 0});
                while (asked < 5) await new Promise(requestAnimationFrame);
                avatar.destroy();
            }"""
        )
        assert page.locator("#stage > canvas").count() == 0

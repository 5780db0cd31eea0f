"""How much is fetched before she is seen: a slow link shows the page at once."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from tests.support.live import live
from tests.support.product import as_wren

from .browser import DRAWS, QUIET, Browsers
from .test_page import configured

pytestmark = pytest.mark.browser

MOST_BYTES = 250_000
"""As they are sent: what can be compressed, is."""
LOOKS = ("/live2d-models/", "/avatars/", "/bg/")
LATER = ("three", "vrm", "cubism", "Settings", "Characters", "Looks")
"""What is in the names of files that only some people need, and then later."""


def test_the_page_is_light_before_her_looks(
    tmp_path_factory: pytest.TempPathFactory, browsers: Browsers
) -> None:
    folder = tmp_path_factory.mktemp("weight")
    answers: list[Response] = []
    with (
        live(folder, as_wren(folder, configured())) as server,
        browsers.tab(*QUIET, *DRAWS, viewport={"width": 1280, "height": 800}) as tab,
    ):
        tab.on("response", lambda answer: answers.append(answer))
        with tab.expect_response(lambda answer: answer.url.endswith(".texture.webp")):
            tab.goto(server.url)
        tab.wait_for_load_state("networkidle")
        weights = {
            urlsplit(answer.url).path: answer.request.sizes()["responseBodySize"]
            for answer in answers
        }
    code = {path: size for path, size in weights.items() if not path.startswith(LOOKS)}
    assert any(path.endswith(".rig.json") for path in weights)
    assert sum(code.values()) > 50_000, "sizes are not told"
    assert sum(code.values()) <= MOST_BYTES, sorted(code.items(), key=lambda one: -one[1])
    assert [path for path in code if any(part in path for part in LATER)] == []

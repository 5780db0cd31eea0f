"""The packaged catalogue is whole, and a wrong name or a wrong catalogue is told."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights.catalogue import Entry, RegistrySource, packaged_catalogue
from open_llm_vtuber.weights.registry import LOCKS


def test_every_lock_list_pins_every_package_by_hash() -> None:
    lists = {
        source.lock
        for entry in packaged_catalogue().entries
        for source in entry.sources
        if isinstance(source, RegistrySource)
    }
    assert lists == {path.name for path in LOCKS.iterdir()}
    for name in lists:
        for line in (LOCKS / name).read_text(encoding="utf-8").splitlines():
            assert re.fullmatch(r"[\w.-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", line)


def test_the_default_model_is_the_best_that_can_be_had() -> None:
    names = [entry.name for entry in packaged_catalogue().alternatives("default-llm")]
    assert names == [
        "qwen3-8b",
        "qwen3-4b-instruct-2507",
        "smollm3-3b",
        "qwen3-1.7b",
        "qwen2.5-1.5b-instruct",
        "qwen3-0.6b",
        "qwen2.5-coder-1.5b-instruct",
    ]


def test_nobody_is_given_a_model_unasked_that_is_not_free_to_use() -> None:
    entries = packaged_catalogue().alternatives("default-llm")
    assert {entry.licence for entry in entries} <= {"Apache-2.0", "MIT"}
    assert all(entry.context_bytes for entry in entries)


def test_every_entry_has_a_source_and_a_licence() -> None:
    for entry in packaged_catalogue().entries:
        assert entry.sources
        assert entry.licence


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(EngineError, match="'whisper-bse'; did you mean 'whisper-base'"):
        packaged_catalogue().alternatives("whisper-bse")
    with pytest.raises(EngineError, match=r"known are default-llm, .*silero-vad-16k"):
        packaged_catalogue().alternatives("?")


@pytest.mark.parametrize("name", ["../elsewhere", ".hidden", "a/b", ""])
def test_no_file_can_leave_its_folder(name: str) -> None:
    file = {"name": name, "bytes": 1, "sha256": "0" * 64}
    with pytest.raises(ValidationError, match="String should match pattern"):
        Entry.model_validate({"name": "a", "licence": "MIT", "files": [file], "sources": []})


def test_a_registry_source_must_say_where_each_file_is() -> None:
    file = {"name": "a.bin", "bytes": 1, "sha256": "0" * 64}
    source = {"kind": "registry", "lock": "a.txt", "members": {"b.bin": "*"}}
    with pytest.raises(ValidationError, match=r"must name each file of a"):
        Entry.model_validate({"name": "a", "licence": "MIT", "files": [file], "sources": [source]})

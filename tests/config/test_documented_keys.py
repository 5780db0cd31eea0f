"""Each key of an engine is read by that engine, or told to do nothing; documented ones alike."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from open_llm_vtuber.agent.basic_memory_agent import LLMAgentConfig
from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.asr.sherpa_onnx_asr import FAMILIES
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.values import NO_EFFECT
from tests.support.live import PROJECT
from tests.support.stock import LANGUAGES, VERSIONS, stock

SOURCES = PROJECT / "src" / "open_llm_vtuber"
ENGINES = [(kind, name) for kind in KINDS for name in registry.engines(kind)]
CONFIGS = {"config", "_config", "own", "setup"}
"""What an engine calls its settings."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(Path(inspect.getfile(importlib.import_module(module))).read_text("utf-8"))


def read_by(engine: Any) -> set[str]:
    """Return the keys that an engine reads: of its settings, in its own modules and its bases'."""
    bases, settings = engine.__mro__, {one.__name__ for one in engine.Config.__mro__}
    found: set[str] = set()
    for module in {one.__module__ for one in (*bases, *engine.Config.__mro__)}:
        if not module.startswith("open_llm_vtuber."):
            continue
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Attribute):
                if ast.unparse(node.value).rpartition(".")[2] in CONFIGS:
                    found.add(node.attr)
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                if ast.unparse(node.value) in CONFIGS:  # handed to a child, as a dictionary
                    found.add(str(node.slice.value))
            elif isinstance(node, ast.ClassDef) and node.name in settings:
                found |= {
                    one.attr
                    for one in ast.walk(node)
                    if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self"
                }
    return found | set(engine.uses) | read_for(engine)


def read_for(engine: Any) -> set[str]:
    """Return the keys that somebody else reads for an engine."""
    keys: set[str] = set()
    if engine.name == "sherpa_onnx_asr":  # the files of a model, through a table
        for family in FAMILIES.values():
            keys |= {*family.files.values(), *(family.streaming_files or {}).values()}
    if engine in registry.engines("agent").values():
        keys |= {"faster_first_response"}  # conversation/context.py
        if issubclass(engine.Config, LLMAgentConfig):
            keys |= {"use_mcpp", "mcp_enabled_servers", "tool_permissions"}  # mcp/servers.py
    return keys


def fields(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield the name and the path of every key, and whether it is said to do nothing."""
    for name, field in model.model_fields.items():
        extra, kind = field.json_schema_extra, field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from fields(kind, f"{path}{name}.")
        else:
            yield name, path + name, isinstance(extra, dict) and NO_EFFECT in extra


@pytest.mark.parametrize(("kind", "name"), ENGINES)
def test_an_engine_reads_all_of_its_keys_but_those_that_it_says_do_nothing(
    kind: str, name: str
) -> None:
    engine = registry.engines(kind)[name]
    read = read_by(engine)
    assert [path for key, path, idle in fields(engine.Config) if not idle and key not in read] == []
    assert [path for key, path, idle in fields(engine.Config) if idle and key in read] == []


def at(values: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return the section at `path`, made where there is none."""
    for key in path:
        if not isinstance(values.get(key), dict):
            values[key] = {}
        values = values[key]
    return values


GIVEN = {"sherpa_onnx_asr": {"model_type": "paraformer", "paraformer": "model.onnx"}}
"""What only goes together."""
OTHERS = (
    *("http://127.0.0.1:9/x", ["x"], "x", "2", {"provider": "x"}),
    *("LLAMA3", "pcm_24000", '["a/b"]'),  # a template, a format, how a word is read
)
"""Values, one of which each key may have that has a default."""


def moved(config: type[BaseModel], section: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a section with another value of a key than its default."""
    default = config.model_fields[key].get_default(call_default_factory=True)
    before = section[key]
    tries = [before, *flat(config.model_fields[key].annotation), *OTHERS]
    if isinstance(before, (bool, int, float)):
        tries = [before, not before, before + 1, before / 2, before * 1.1, *OTHERS]
    for one in tries:
        try:
            changed = config.model_validate(section | {key: one})
        except ValidationError:
            continue
        if getattr(changed, key) != default:
            return section | {key: one}
    raise AssertionError(f"{key} can have no other value than {default!r}")


def flat(annotation: Any) -> Iterator[Any]:
    """Yield what is listed in a type, however deep."""
    for one in get_args(annotation):
        yield one
        yield from flat(one)


@pytest.mark.parametrize(("kind", "name"), ENGINES)
def test_documented_keys_with_values_of_their_own_are_told_if_nothing_reads_them(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("OPENAI_API_KEY", "MEM0_KEY", "TENCENT_SECRET_ID"):  # named in the file
        monkeypatch.setenv(variable, "secret")
    record, engine, values = KINDS[kind], registry.engines(kind)[name], stock()
    section = at(values, record.sections).get(name)
    if section is None:
        assert name not in record.documented or name == "pyttsx3_tts"  # by its name alone
        return
    section = section | GIVEN.get(name, {})
    known = [key for key in section if key in engine.Config.model_fields]
    for key in known:
        section = moved(engine.Config, section, key)
    at(values, record.sections)[name] = section | {"colour": "red"}
    at(values, record.selector[:-1])[record.selector[-1]] = name
    if record.switch:
        at(values, record.switch[:-1])[record.switch[-1]] = True
    path = tmp_path / "conf.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    place = ".".join((*record.sections, name, ""))
    told = [line.partition(place)[2] for line in load_config(path).warnings if place in line]
    idle = {key for key, _, does_nothing in fields(engine.Config) if does_nothing}
    absent = set(section) - set(known)
    assert {line.partition(":")[0] for line in told} == (idle & set(section)) | absent | {"colour"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_of_a_stock_file_nothing_is_told_that_is_honoured(
    version: str, language: str, tmp_path: Path
) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(yaml.safe_dump(stock(version, language), allow_unicode=True), "utf-8")
    lines = [line.partition(": ")[2] for line in load_config(path).warnings]
    told = "system_config.conf_version: has no effect: files of every version are read"
    assert told in lines
    # The newest files have a room of Bilibili that is an example.
    others = [line.partition(":")[0] for line in lines if line != told]
    assert others == (["live_config.bilibili_live.room_ids"] if version >= "1.2.0" else [])

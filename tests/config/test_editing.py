"""A value of a YAML file is changed in its text, and whatever else is written there stays."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from open_llm_vtuber.config import ConfigError
from open_llm_vtuber.config.editing import REMOVED, Change, Value, Variable, edited
from open_llm_vtuber.config.source import Location, parse
from tests.support.live import PROJECT

LANGUAGE = ("character_config", "language")
PROVIDER = (
    "character_config",
    "agent_config",
    "agent_settings",
    "basic_memory_agent",
    "llm_provider",
)
OLLAMA = ("character_config", "agent_config", "llm_configs", "ollama_llm")
MODEL = {PROVIDER: "ollama_llm", (*OLLAMA, "base_url"): "http://x/v1", (*OLLAMA, "model"): "a:b"}
SHIPPED = [PROJECT / "conf.yaml", *sorted((PROJECT / "characters").glob("*.yaml"))]
STOCK = PROJECT / "tests" / "config" / "data" / "full.yaml"
TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" '\"#:{}[]"))


def at(values: Any, location: Location) -> Any:
    for key in location:
        values = values[key]
    return values


def kept(before: str, after: str, changed: int) -> None:
    """All lines but so many are there as they were, in their order."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    gone = [line for line in lines if line.startswith("- ")]
    assert len(gone) <= changed, gone


@pytest.mark.parametrize("path", [*SHIPPED, STOCK], ids=lambda path: path.name)
@pytest.mark.parametrize("changes", [{LANGUAGE: "no"}, MODEL], ids=["language", "model"])
def test_files_of_ours_keep_every_comment(path: Path, changes: Mapping[Location, str]) -> None:
    text = path.read_text("utf-8")
    after = edited(path.name, text, changes)
    assert [line.partition("#")[1:] for line in text.splitlines() if "#" in line] == [
        line.partition("#")[1:] for line in after.splitlines() if "#" in line
    ]
    same = [line for line in text.splitlines() if line in after.splitlines()]
    assert len(text.splitlines()) - len(same) <= len(changes)
    values = yaml.safe_load(after)
    for location, value in changes.items():
        assert at(values, location) == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1 # one\n", "a: new # one\n"),
        ("a:   'x'   # one\r\nb: 2\r\n", "a:   new   # one\r\nb: 2\r\n"),
        ("a: # nothing\nb: 2", "a: new # nothing\nb: 2"),
        ("b: 2", "b: 2\na: new\n"),
        ("b:\n  - 1\n  - 2 # two\n\n# end\n", "b:\n  - 1\n  - 2 # two\na: new\n\n# end\n"),
        ("b: |\n  text\n\n# end\n", "b: |\n  text\na: new\n\n# end\n"),
        ("b: |+\n  text\n\n", "b: |+\n  text\n\na: new\n"),
        ("{b: 2, c: 3}\n", "{b: 2, c: 3, a: new}\n"),
        ('{"b": 2, "a": 1}\n', '{"b": 2, "a": new}\n'),
        ("\ufeffa: 1\n", "\ufeffa: new\n"),
        ("b: &x 1\nc: *x # see b\n", "b: &x 1\nc: *x # see b\na: new\n"),
        ("--- # begin\nb: 2\n", "--- # begin\nb: 2\na: new\n"),
        ("a: >-  # text\n  b\n\n# end\n", "# text\na: new\n\n# end\n"),
        ("a: [1]\n", "a: new\n"),
        ("a: # here\n  - 1 # one\n  - 2\nb: 1\n", "# here\n# one\na: new\nb: 1\n"),
        ("a: [1, # one\n  2]\n", None),
        ("b: &x old\na: *x\n", None),
        ("b: [*x, &x 1]\na: 1", None),
        ("a: &x old\nb: *x\n", None),
        ("? a\n: 1\n", "? a\n: new\n"),
    ],
)
def test_one_value_is_written_and_nothing_else(before: str, after: str | None) -> None:
    if after is not None:
        assert edited("conf.yaml", before, {("a",): "new"}) == after
        return
    with pytest.raises(ConfigError, match=r"conf\.yaml"):
        edited("conf.yaml", before, {("a",): "new"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("s:\n", "s:\n  t:\n    a: new\n"),
        ("s: # here\n  # or there\nb: 1\n", "s: # here\n  t:\n    a: new\n  # or there\nb: 1\n"),
        ("s:\n    b: 1\n", "s:\n    b: 1\n    t:\n      a: new\n"),
        ("s: {}\n", "s: {t: {a: new}}\n"),
        ("s: {b: 1}\n", "s: {b: 1, t: {a: new}}\n"),
        ("s:\n  t:\n    # none\nb: 1\n", "s:\n  t:\n    a: new\n    # none\nb: 1\n"),
        ("s: text\n", None),
        ("x: &x {b: 1}\ns: *x\n", None),
        ("{s: }\n", None),
    ],
)
def test_missing_sections_are_added(before: str, after: str | None) -> None:
    if after is not None:
        assert edited("conf.yaml", before, {("s", "t", "a"): "new"}) == after
        return
    with pytest.raises(ConfigError, match=r"s\.t\.a.*by hand to new"):
        edited("conf.yaml", before, {("s", "t", "a"): "new"})


@pytest.mark.parametrize(
    "value", ["no", "1e3", "null", "it's", "a: b", "# x", " ", "", "模型", "~"]
)
def test_a_text_stays_a_text(value: str) -> None:
    after = edited("conf.yaml", "a: 1 # one\nb: 2\n", {("a",): value})
    assert yaml.safe_load(after) == {"a": value, "b": 2}
    assert after.count("# one") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: true # one\n", "a: false # one\n"),
        ("a: 'yes' # one\n", "a: false # one\n"),
        ("b: 2\n", "b: 2\na: false\n"),
        ("{b: 2}\n", "{b: 2, a: false}\n"),
    ],
)
def test_yes_and_no_are_written_without_quotes(before: str, after: str) -> None:
    assert edited("conf.yaml", before, {("a",): False}) == after


def test_what_is_set_by_hand_is_told_as_it_is_written() -> None:
    with pytest.raises(ConfigError, match="by hand to false"):
        edited("conf.yaml", "b: &x 1\na: *x\n", {("a",): False})


@pytest.mark.parametrize("value", ["${A}", ["${A}"], {"a": "${A}"}, {"${A}": 1}, "\ud83d"])
def test_what_would_be_more_than_a_text_is_refused(value: Value) -> None:
    with pytest.raises(ConfigError, match="by hand only"):
        edited("conf.yaml", "a: 1\n", {("a",): value})


def test_a_variable_is_named() -> None:
    assert edited("conf.yaml", "a: 1 # one\n", {("a",): Variable("HOME")}) == "a: ${HOME} # one\n"


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: 1 # one\n", 2.5, "a: 2.5 # one\n"),
        ("a: x # one\nb: 1\n", "1\n2", "# one\na: |-\n  1\n  2\nb: 1\n"),
        ("a: |\n  1\n\nb: 1\n", "1\n\n 2\n", "a: |\n  1\n\n   2\n\nb: 1\n"),
        ("a: x\r\nb: 1\r\n", "1\n2\n", "a: |\r\n  1\r\n  2\r\nb: 1\r\n"),
        ("{a: x}\n", "1\n2", '{a: "1\\n2"}\n'),
        ("b: 1\n", ["x", "y: z"], "b: 1\na:\n  - x\n  - 'y: z'\n"),
        ("a: [x, 'y'] # one\n", ["x", "z"], "a: [x, z] # one\n"),
        ("a: [x, 'y'] # one\n", ["w", "x", "y", "z"], "a: [w, x, 'y', z] # one\n"),
        ("a: [x, 'y', z] # one\n", ["x"], "a: [x] # one\n"),
        ("a: [x, 'y', z] # one\n", ["y"], "a: ['y'] # one\n"),
        ("a:\n- x # one\n\n- y\n# end\n", ["y"], "a:\n# one\n\n- y\n# end\n"),
        ("a:\n- x # one\n- y\n", ["x", "w", "y", "z"], "a:\n- x # one\n- w\n- y\n- z\n"),
        ("a:\n  - h: 1 # one\n    c: 2\n", [{"h": 1, "c": 3}], "a:\n  - h: 1 # one\n    c: 3\n"),
        ("a:\n  - h: 1 # one\n    c: 2\n", [{"c": 2}], None),
        ("a:\n  - h: 1\n    c: 2\n", [{"c": 2}], "a:\n  - c: 2\n"),
        (
            "a:\n  - h: 1\n    c: 2 # two\n",
            [{"h": 1, "c": 2}, {"h": 3, "c": "4\n5"}],
            "a:\n  - h: 1\n    c: 2 # two\n  - h: 3\n    c: |-\n      4\n      5\n",
        ),
        ("a: {x: 1, 'y': 2} # one\n", {"y": 2, "z": [1]}, "a: {'y': 2, z: [1]} # one\n"),
        ("a:\n  x: 1 # one\n  y: 2\n", {"y": 3}, "a:\n  # one\n  y: 3\n"),
        ("a:\n  x: 1 # one\nb: 2\n", {}, "# one\na: {}\nb: 2\n"),
        ("a: {}\n", {"x": {"no": True}}, "a:\n  x:\n    'no': true\n"),
        ("a: [] # none\n", ["x"], "# none\na:\n  - x\n"),
        ("a: 1\n", True, "a: true\n"),
        ("", 1, "a: 1\n"),
        ("# nothing yet", "x", "# nothing yet\na: x\n"),
    ],
)
def test_a_value_of_any_kind_is_written(before: str, value: Value, after: str | None) -> None:
    if after is not None:
        assert edited("conf.yaml", before, {("a",): value}) == after
        return
    with pytest.raises(ConfigError, match="by hand to"):
        edited("conf.yaml", before, {("a",): value})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1 # one\nb: 2\n", "# one\nb: 2\n"),
        ("b: 2\na: 1", "b: 2\n"),
        (
            "b: 2\n# below\na: # here\n  - 1 # one\n\n# end\n",
            "b: 2\n# below\n# here\n# one\n\n# end\n",
        ),
        ("a: |\n  # no comment\n\nb: 2\n", "\nb: 2\n"),
        ("{b: 2, a: 1}\n", "{b: 2}\n"),
        ("{a: 1, b: 2}\n", "{b: 2}\n"),
        ("b: 2\n", "b: 2\n"),
        ("a: &x 1\nb: *x\n", None),
        ("x: &x {a: 1}\n<<: *x\n", None),
    ],
)
def test_a_key_is_taken_out_and_its_comment_stays(before: str, after: str | None) -> None:
    if after is not None:
        assert edited("conf.yaml", before, {("a",): REMOVED}) == after
        return
    with pytest.raises(ConfigError, match="take it out by hand"):
        edited("conf.yaml", before, {("a",): REMOVED})


def test_the_last_key_of_a_section_is_taken_out() -> None:
    text = "s:\n  a: 1\nb: 2\n"
    assert edited("conf.yaml", text, {("s", "a"): REMOVED}) == "s:\nb: 2\n"
    assert edited("conf.yaml", text, {("t", "a"): REMOVED}) == text


MULTILINE = st.lists(TEXTS, min_size=2, max_size=4).map("\n".join)
values = st.recursive(
    st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from("abc"), values, min_size=1),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
    values | MULTILINE | st.just(REMOVED),
    st.booleans(),
    st.sampled_from([2, 4]),
    st.randoms(use_true_random=False),
)
def test_whatever_is_written_is_changed_rightly_or_refused(
    content: dict[str, Any], keys: list[str], value: Change, flow: bool, indent: int, random: Any
) -> None:
    dumped = yaml.safe_dump(
        content, allow_unicode=True, default_flow_style=flow or None, indent=indent
    )
    lines = [line + random.choice(["", "", "  # said"]) for line in dumped.splitlines()]
    text = "\n".join([*lines, "# the end", ""])
    try:
        before = parse("conf.yaml", text).values
    except ConfigError:
        return  # a comment amid a text of several lines
    try:
        after = edited("conf.yaml", text, {tuple(keys): value})
    except ConfigError:
        return
    found = parse("conf.yaml", after).values
    if value is not REMOVED:
        # As JSON, as true is not 1; the order of keys stays the file's.
        written = json.dumps(at(found, tuple(keys)), sort_keys=True)
        assert written == json.dumps(value, sort_keys=True)
    assert after.count("# said") == text.count("# said")
    assert after.count("# the end") == 1

    def without(values: Any, location: list[str]) -> Any:
        """Return them without what is at the location, nor sections that are empty then."""
        if not isinstance(values, dict):
            return {}
        others = {key: one for key, one in values.items() if key != location[0]}
        inner = without(values.get(location[0]), location[1:]) if len(location) > 1 else {}
        return {**others, location[0]: inner} if inner else others

    assert without(found, keys) == without(before, keys)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from([LANGUAGE, *MODEL]), TEXTS), max_size=6))
def test_many_changes_leave_the_shipped_file_as_it_is(changes: list[tuple[Location, str]]) -> None:
    text = before = SHIPPED[0].read_text("utf-8")
    latest: dict[Location, str] = {}
    for location, value in changes:
        try:
            text = edited("conf.yaml", text, {location: value})
        except ConfigError:
            continue
        latest[location] = value
    values = yaml.safe_load(text)
    assert all(at(values, location) == value for location, value in latest.items())
    kept(before, text, len(latest))

"""Whatever a file holds, it is a configuration or a ConfigError, and never another exception."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from open_llm_vtuber.config import Config, ConfigError, load_config

FULL = (Path(__file__).parent / "data" / "full.yaml").read_bytes()


def keys_of(value: object) -> set[str]:
    if not isinstance(value, dict):
        return set()
    return set(value).union(*map(keys_of, value.values()))


DOCUMENT = yaml.safe_load(FULL)
KEYS = st.sampled_from(sorted(keys_of(DOCUMENT))) | st.text(max_size=5)
MARKS = "-?:[]{}&*!|>'\"%@`#<, \t\nab1~."
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.binary(max_size=5)
    | st.dates()
    | st.sampled_from(["${A}", "${B}", "a:b", ".:x", "os:path", "edge_tts", "x_tts", "silero_vad"])
)
JUNK = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


def check(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "conf.yaml")
        path.write_bytes(content)
        try:
            loaded = load_config(path, environ={"A": "1"})
        except ConfigError as error:
            problems = error.problems
        else:
            assert isinstance(loaded.config, Config)
            return
    assert problems
    assert all(line.startswith("conf.yaml:") for line in problems)


def replace(value: object, path: list[int], junk: object) -> object:
    """Return `value` with what the numbers of `path` lead to replaced by `junk`."""
    if not path or not isinstance(value, dict) or not value:
        return junk
    key = list(value)[path[0] % len(value)]
    return {**value, key: replace(value[key], path[1:], junk)}


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(KEYS, JUNK, max_size=4))
def test_any_mapping(values: dict[str, object]) -> None:
    check(yaml.safe_dump(values, allow_unicode=True).encode())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), JUNK)
def test_junk_at_any_place_of_a_whole_file(path: list[int], junk: object) -> None:
    check(yaml.safe_dump(replace(DOCUMENT, path, junk), allow_unicode=True).encode())


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200) | st.text(MARKS, max_size=40).map(str.encode))
def test_any_bytes(content: bytes) -> None:
    check(content)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(FULL) - 1), st.binary(max_size=4))
def test_a_file_damaged_anywhere(at: int, inserted: bytes) -> None:
    check(FULL[:at] + inserted + FULL[at + len(inserted) :])

"""What is checked out, fetched and written has names that every system takes, and lengths."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import PureWindowsPath

from open_llm_vtuber.file_names import is_plain
from open_llm_vtuber.history.exporter import kept_apart
from open_llm_vtuber.weights.catalogue import packaged_catalogue
from tests.support.live import PROJECT

HOME_CHARS = 120
"""Of a user's folder, with which no path may come to the 260 that Windows allows."""


def odd(names: Iterable[str]) -> list[str]:
    """Return the names that Windows does not take, or takes for those of others, or too long."""
    known = list(names)
    often = Counter(name.casefold() for name in known)
    return [
        name
        for name in known
        if not is_plain(name, PureWindowsPath)
        or often[name.casefold()] > 1
        or len(name) > 260 - HOME_CHARS
    ]


def test_a_checkout() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    names = listed.rstrip("\0").split("\0")
    assert "src/open_llm_vtuber/file_names.py" in names
    assert odd(names) == []


def test_weights_also_while_they_arrive() -> None:
    names = [
        f"models/{entry.name}/{file.name}.partial"
        for entry in packaged_catalogue().entries
        for file in entry.files
    ]
    assert len(names) > 20
    assert odd(names) == []


def test_what_is_odd_is_noticed() -> None:
    assert odd(["a.txt", "A.txt"]) == ["a.txt", "A.txt"]
    assert odd(["docs/aux.md", "x" * 150, "b.txt"]) == ["docs/aux.md", "x" * 150]


def test_two_characters_whose_names_differ_in_capitals_are_exported_apart() -> None:
    assert kept_apart("mao", ["Mao", "mao"]) == "mao"  # where capitals are told apart
    assert kept_apart("mao", ["mao", "wren"]) == "mao"
    apart = kept_apart("mao", ["Mao", "wren"])
    assert apart != kept_apart("MAO", ["Mao", "wren"])
    assert odd(["Mao", apart]) == []
    assert len(kept_apart("鹤" * 200, ["x"])) == 200  # as a system writes it that composes letters

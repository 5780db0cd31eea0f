"""Mutants: what is changed, and that those which no test notices are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.live import PROJECT
from tools.mutants import mutants

CODE = """
def count(upto: int) -> int:
    number = 0
    while number < upto:
        number += 1
    return number


def untested(one: int) -> bool:
    return not one
"""
TEST = """
from open_llm_vtuber.counting import count


def test_count() -> None:
    assert (count(0), count(3)) == (0, 3)
"""


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a > b", ["a >= b"]),
        ("a >= b", ["a > b"]),
        ("a == b", ["a != b"]),
        ("a is not b", ["a is b"]),
        ("a in b", ["a not in b"]),
        ("a and b and c", ["a or b or c"]),
        ("a or b", ["a and b"]),
        ("not a", ["not not a"]),
        ("f(True)", ["f(False)"]),
        ("f(0.5, 'text')", ["f(1.5, 'text')", "f(-0.5, 'text')"]),
        ("a + b", ["a - b"]),
        ("a -= b", ["a += b"]),
        ("a * b", []),
        ("a: Literal[1] = b", []),
    ],
)
def test_what_is_changed(code: str, changed: list[str]) -> None:
    assert [mutant.source for mutant in mutants(code)] == changed


def test_those_that_no_test_notices_are_told(tmp_path: Path) -> None:
    """One that runs for ever is noticed. The project itself is left as it was."""
    files = {
        "src/open_llm_vtuber/__init__.py": "",
        "src/open_llm_vtuber/counting.py": CODE,
        "tests/test_counting.py": TEST,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    command = [sys.executable, "-m", "tools.mutants", "counting", "--project", str(tmp_path)]
    done = subprocess.run(
        [*command, "--limit", "1", "--at-least", "72"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "src/open_llm_vtuber/counting.py:3: 0 → -1    in: number = 0",
        "src/open_llm_vtuber/counting.py:10: not one → not not one    in: return not one",
        "counting: 5 of 7 noticed",
        "5 of 7 noticed",
    ]
    assert done.returncode == 1
    assert (tmp_path / "src/open_llm_vtuber/counting.py").read_text("utf-8") == CODE

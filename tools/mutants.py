"""Change the code in small ways and see whether its tests notice: `python -m tools.mutants`.

A mutant is a module with one comparison, `and`, `or`, `not`, `True`, `False`, number, plus or minus
changed. `python -m tools.mutants conversation/outbox --sample 20 --seed 1` makes some of them, in a
copy of the project, and runs against each the tests that mirror the module, and those of ALSO. It
prints those that no test notices. Without a module it takes all of MODULES. Needs fork().
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = "open_llm_vtuber"
MODULES = (
    "agent/memory",
    "conversation/groups/audience",
    "conversation/groups/group_names",
    "conversation/groups/group_talk",
    "conversation/groups/groups",
    "conversation/groups/members",
    "conversation/listening/endpointing",
    "conversation/outbox",
    "conversation/turn",
    "conversation/turn_queue",
    "web/doorkeeper",
    "web/origins",
    "web/security",
)
"""The parts that hold state or keep the door: of each the tests notice nine mutants of ten."""
ALSO: dict[str, tuple[str, ...]] = {
    "conversation/groups/group_talk": ("tests/conversation/groups/test_group_talk_unread.py",),
    "web/security": ("tests/web/test_access_rules.py",),
}
"""Tests of a module that do not stand where the module does; they come first."""
PLAINLY = ("-q", "-p", "no:cacheprovider", "--import-mode=importlib")
MOST_SLOWER = 5
"""A mutant whose tests take so many times as long as they do without it is noticed, too."""

Change = tuple[Callable[[], None], Callable[[], None]]
"""Make it, and undo it."""

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed."""

    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return all mutants of a module, in its order."""
    tree = ast.parse(source)
    found: list[Mutant] = []
    for node in _nodes(tree):
        for change, undo in _changes(node):
            before = ast.unparse(node)
            change()
            found.append(Mutant(node.lineno, before, ast.unparse(node), ast.unparse(tree)))
            undo()
    return sorted(found, key=lambda mutant: mutant.line)


def _nodes(tree: ast.AST) -> Iterator[Any]:
    """Yield what runs: annotations do not."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST):
                yield node
                yield from _nodes(node)


def _changes(node: Any) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            yield _set(node.ops, at, _SWAPPED[type(operator)]())
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in _SWAPPED:
        yield _set(vars(node), "op", _SWAPPED[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _set(vars(node), "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _set(vars(node), "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield _set(vars(node), "value", node.value + 1)
        yield _set(vars(node), "value", node.value - 1)


def _set(where: Any, key: Any, value: object) -> Change:
    before = where[key]
    return (lambda: where.__setitem__(key, value)), (lambda: where.__setitem__(key, before))


def tests_of(module: str) -> list[str]:
    """Return the files of tests that are run against a module's mutants."""
    folder, _, name = module.rpartition("/")
    mirror = Path("tests", folder, f"test_{name}.py")
    return [*ALSO.get(module, ()), *([str(mirror)] if mirror.exists() else [])]


class Copy:
    """A copy of src/ and tests/, beside links to the rest of the project.

    The tests run in children of this process, which has imported all that they need: anew they
    import only what is ours, from the copy.
    """

    def __init__(self, project: Path, folder: Path) -> None:
        for path in project.iterdir():
            if path.name in ("src", "tests"):
                shutil.copytree(path, folder / path.name)
            else:
                (folder / path.name).symlink_to(path)
        os.chdir(folder)
        src = str(folder / "src")
        os.environ |= {"PYTHONPATH": src, "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
        sys.dont_write_bytecode = True
        sys.path.insert(0, src)

    def passes(self, path: Path, source: str, tests: list[str], limit_s: float | None) -> bool:
        """Return whether the tests pass, within the limit, where a file reads so."""
        before = path.read_text("utf-8")
        path.write_text(source, "utf-8")
        child = multiprocessing.get_context("fork").Process(target=_test, args=(tests,))
        child.start()
        child.join(limit_s)
        if child.is_alive() and child.pid:
            os.killpg(child.pid, signal.SIGKILL)
            child.join()
        path.write_text(before, "utf-8")
        return child.exitcode == 0


def _load(tests: list[str]) -> None:
    """Import what the tests import."""
    with open(os.devnull, "w", encoding="utf-8") as nothing:  # noqa: PTH123 - no file is meant
        out, sys.stdout = sys.stdout, nothing
        pytest.main(["--collect-only", *PLAINLY, *tests])
        sys.stdout = out


def _test(tests: list[str]) -> None:
    """Run the tests in a child of its own group, quietly, until one fails."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    for name in [*sys.modules]:
        if name.partition(".")[0] in (PACKAGE, "tests"):
            del sys.modules[name]
    os._exit(pytest.main(["-x", *PLAINLY, *tests]))


def attempt(copy: Copy, module: str, options: argparse.Namespace) -> tuple[int, int]:
    """Print the mutants of a module that no test notices; return how many of how many were."""
    tests = tests_of(module)
    path = Path("src", PACKAGE, f"{module}.py")
    source = path.read_text("utf-8")
    found = mutants(source)
    if 0 < options.sample < len(found):
        found = random.Random(options.seed).sample(found, options.sample)
        found.sort(key=lambda mutant: mutant.line)
    if not tests or not found:
        print(f"{module}: {'no tests' if found else 'nothing to change'}")
        return 0, len(found)
    _load(tests)
    start = time.monotonic()
    if not copy.passes(path, source, tests, None):
        sys.exit(f"{' '.join(tests)}: the tests fail without a mutant, too")
    limit_s = max(options.limit, MOST_SLOWER * (time.monotonic() - start))
    noticed = 0
    for mutant in found:
        if copy.passes(path, mutant.source, tests, limit_s):
            line = source.splitlines()[mutant.line - 1].strip()
            print(
                f"{path}:{mutant.line}: {mutant.before} → {mutant.after}    in: {line}", flush=True
            )
        else:
            noticed += 1
    print(f"{module}: {noticed} of {len(found)} noticed", flush=True)
    return noticed, len(found)


def main() -> None:
    """Read the command line, try the mutants, tell how many were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES, help="as in conversation/outbox")
    parser.add_argument("--sample", type=int, default=0, help="so many of each; all without it")
    parser.add_argument("--seed", type=int, default=1, help="another one, another sample")
    parser.add_argument("--at-least", type=float, default=0, help="%% of each that must be noticed")
    parser.add_argument("--limit", type=float, default=20, help="seconds that tests always have")
    parser.add_argument("--project", type=Path, default=PROJECT, help="another project than this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(options.project.resolve(), Path(folder))
        counts = [attempt(copy, module, options) for module in options.modules]
    print(f"{sum(one for one, _ in counts)} of {sum(many for _, many in counts)} noticed")
    if any(one < options.at_least / 100 * many for one, many in counts):
        sys.exit(1)


if __name__ == "__main__":
    main()

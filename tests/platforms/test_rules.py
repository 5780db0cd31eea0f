"""Nothing in the sources asks the system for what Windows does not have, or leaves to it.

What mypy can tell, the names that its library lacks, is checked with `mypy --platform win32`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from tests.support.live import PROJECT

Rule: TypeAlias = Callable[[ast.AST], Iterator[tuple[int, str]]]

USERS = [
    *(PROJECT / "src").rglob("*.py"),
    *(PROJECT / "tools").glob("*.py"),
    *(PROJECT / "wren").glob("*.py"),
    PROJECT / "hatch_build.py",
    PROJECT / "run_server.py",
]
NOT_OF_WINDOWS = {
    # of an event loop: its ProactorEventLoop raises NotImplementedError
    *("add_signal_handler", "remove_signal_handler", "create_unix_server"),
    *("create_unix_connection", "open_unix_connection", "start_unix_server"),
    *("add_reader", "add_writer", "remove_reader", "remove_writer"),
    # of a process, and arguments that it refuses
    *("preexec_fn", "start_new_session", "process_group", "killpg", "setsid", "fork"),
    # fails where the new name is taken; replace() does not
    "rename",
    # needs a right that users do not have
    *("symlink_to", "symlink", "hardlink_to"),
}
WITH_FORK = {"mutants.py"}
"""What says in its first lines that it needs a system that has it."""


ENCODING_AT = {"read_text": 0, "write_text": 1, "open": 3, "fdopen": 3, "TextIOWrapper": 1}
"""Where the encoding stands among the arguments, if it is not named."""
TEXT_MODE = re.compile("[rwax][+t]{0,2}")
CHILDREN = {"run", "Popen", "check_output", "check_call", "call"}


def only_posix(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what Windows does not have, wherever it is named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in NOT_OF_WINDOWS:
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg in NOT_OF_WINDOWS:
            yield node.lineno, node.arg


def of_the_locale(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what reads or writes text in the encoding of the country."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_text(node):
            last = ast.unparse(node.func).rpartition(".")[2]
            named = any(key.arg == "encoding" for key in node.keywords)
            if not named and len(node.args) <= ENCODING_AT.get(last, len(node.args)):
                yield node.lineno, ast.unparse(node)


def _is_text(call: ast.Call) -> bool:
    """Return whether a call opens, reads or writes a file, or a child, as text."""
    whole = ast.unparse(call.func)
    place, _, last = whole.rpartition(".")
    keys = {key.arg for key in call.keywords}
    if place == "subprocess" and last in CHILDREN:
        return bool(keys & {"text", "universal_newlines", "errors"})
    modes = [key.value for key in call.keywords if key.arg == "mode"] or call.args
    texts = [one.value for one in modes if isinstance(one, ast.Constant)]
    if last.endswith("TemporaryFile") or (last == "open" and place):  # Path.open, and no socket's
        return any(isinstance(one, str) and TEXT_MODE.fullmatch(one) for one in texts)
    if last in ("open", "fdopen"):
        return not any(isinstance(one, str) and "b" in one for one in texts)
    return last in ENCODING_AT and bool(place)  # a bare read_text() is ours, which finds out


RULES: dict[str, Rule] = {
    "asks for nothing that Windows lacks": only_posix,
    "names the encoding of its text": of_the_locale,
}
GUILTY = {
    "asks for nothing that Windows lacks": """
loop.add_signal_handler(signal.SIGTERM, stop)
asyncio.create_subprocess_exec("x", start_new_session=True)
draft.rename(path)
""",
    "names the encoding of its text": """
open(path)
open(path, "w")
path.open("r")
path.read_text()
path.write_text(text)
os.fdopen(reading, errors="replace")
subprocess.run(command, text=True)
tempfile.NamedTemporaryFile("w")
""",
}
INNOCENT = """
signal.signal(signal.SIGTERM, stop)
open(path, "rb"), path.open("ab+"), archive.open(name), store.open()
path.read_text("utf-8"), path.write_text(text, encoding="utf-8"), read_text(path)
os.fdopen(writing, "w", encoding="utf-8"), tempfile.TemporaryFile()
subprocess.run(command, capture_output=True), subprocess.run(command, text=True, encoding="utf-8")
path.replace(other)
"""


@pytest.mark.parametrize("rule", RULES)
def test_every_file(rule: str) -> None:
    assert len(USERS) > 100
    broken = [
        f"{file.relative_to(PROJECT)}:{line}: {what}"
        for file in USERS
        if rule == "names the encoding of its text" or file.name not in WITH_FORK
        for line, what in RULES[rule](ast.parse(file.read_text("utf-8")))
    ]
    assert broken == []


@pytest.mark.parametrize("rule", RULES)
def test_what_breaks_a_rule_is_found(rule: str) -> None:
    lines = GUILTY[rule].strip().splitlines()
    found = {line for line, _ in RULES[rule](ast.parse("\n".join(lines)))}
    assert found == set(range(1, len(lines) + 1))
    assert list(RULES[rule](ast.parse(INNOCENT, mode="exec"))) == []

"""Imports point one way: no room knows one above it, and no file knows itself over others."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from tests.support.live import PROJECT

SRC = PROJECT / "src" / "open_llm_vtuber"
ROOMS = (
    ("cli",),
    ("web",),
    ("server", "proxy", "live"),
    ("looks", "cluster", "openai_api"),
    ("conversation",),
    ("mcp", "live2d", "agent"),
    ("memory",),
    ("history", "weights", "config", "cards", "certificates"),
    ("engines",),
    ("protocol",),
    ("",),  # the files that belong to no room
)
FLOOR = {room: floor for floor, rooms in enumerate(reversed(ROOMS)) for room in rooms}


def _modules() -> dict[str, Path]:
    found = {}
    for file in SRC.rglob("*.py"):
        parts = file.relative_to(SRC).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def _imports(module: str, file: Path, modules: dict[str, Path]) -> set[str]:
    """Return the modules of ours that a module imports, for its types only or in a function too."""
    path = module.split(".")
    package = path if file.name == "__init__.py" else path[:-1]
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            base += node.module.split(".") if node.module else []
            for alias in node.names:
                inside = ".".join([*base, alias.name])
                found.add(inside if inside in modules else ".".join(base))
    return found - {module}


def _room(module: str) -> str:
    return module.split(".")[0] if "." in module or (SRC / module).is_dir() else ""


def test_every_room_has_a_floor() -> None:
    rooms = {_room(module) for module in _modules()}
    assert rooms == set(FLOOR)


def test_nobody_knows_who_is_above() -> None:
    modules = _modules()
    upward = [
        f"{module} -> {other}"
        for module, file in modules.items()
        for other in _imports(module, file, modules)
        if FLOOR[_room(module)] < FLOOR[_room(other)]
    ]
    assert upward == []


def test_there_is_no_circle() -> None:
    modules = _modules()
    graph = {module: _imports(module, file, modules) for module, file in modules.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_no_test_names_what_is_private() -> None:
    """Ruff's SLF001 sees an attribute that is read, not one that is imported or patched by name."""
    found = []
    for file in (PROJECT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names: list[object] = [alias.name for alias in node.names]
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("attr"):
                names = [one.value for one in node.args[1:2] if isinstance(one, ast.Constant)]
            else:
                continue
            found += [
                f"{file.relative_to(PROJECT)}:{node.lineno}: {name}"
                for name in names
                if str(name).startswith("_") and not str(name).endswith("__")
            ]
    assert found == []

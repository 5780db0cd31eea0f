"""A server whose working folder is furnished before it starts, and a quick one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from tests.support.live import Live, live


class Furnish(Protocol):
    """Starts a server in a folder that holds some files."""

    def __call__(
        self, values: dict[str, Any], files: Mapping[str, str | bytes | dict[str, Any]]
    ) -> Live: ...


@pytest.fixture
def furnish(tmp_path: Path) -> Iterator[Furnish]:
    """Start servers in folders of their own; a dictionary becomes a YAML file."""
    with ExitStack() as stack:
        count = 0

        def start(
            values: dict[str, Any], files: Mapping[str, str | bytes | dict[str, Any]]
        ) -> Live:
            nonlocal count
            count += 1
            folder = tmp_path / f"furnished{count}"
            folder.mkdir()
            for name, content in files.items():
                put(folder / name, content)
            return stack.enter_context(live(folder, values))

        yield start


def put(path: Path, content: str | bytes | dict[str, Any]) -> None:
    """Write a file and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = yaml.safe_dump(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)

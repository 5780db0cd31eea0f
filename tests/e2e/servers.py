"""Servers that the tests of a module share: one for each conf.yaml, started when it is wanted."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.support.live import Live, live
from tests.support.product import furnish, with_wren


class Servers:
    """Who counts what a server keeps, or changes it, takes one of its own: `live`. Close it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Live] = {}
        self._stack = ExitStack()

    def url(self, values: dict[str, Any]) -> str:
        """Return the address of the server of this conf.yaml, whatever port it names."""
        system = {key: value for key, value in values["system_config"].items() if key != "port"}
        key = json.dumps({**values, "system_config": system}, sort_keys=True)
        if key not in self._running:
            folder = self._folder / f"server{len(self._running)}"
            folder.mkdir()
            if values["character_config"]["live2d_model_name"] == "wren":
                furnish(folder)
            self._running[key] = self._stack.enter_context(live(folder, values))
        return self._running[key].url

    def wrens_url(self, values: dict[str, Any]) -> str:
        """Return the address of the server of this conf.yaml with Wren as the model."""
        return self.url(with_wren(values))

    def close(self) -> None:
        self._stack.close()

"""The build of the Python package builds the pages first, so that nobody has to know npm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GIVEN = (
    "model_dict.json",
    "live2d-models/wren",
    "live2d-models/xiaohe",
    "avatars",
    "backgrounds",
)
"""What a first start in an empty folder is given beside conf.yaml, as far as it is there."""


class PagesBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds frontend/dist and web_tool/dist, and puts them into the wheel."""

    def dependencies(self) -> list[str]:
        """Return the package that brings Node.js, where the system has none that will do."""
        tools = self._tools()
        return [] if tools.system_npm() else [tools.NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages; an editable install is served from where they are built."""
        tools = self._tools()
        try:
            tools.build()
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"The pages could not be built.\n{error.output}") from None
        if version != "editable":
            included = build_data["force_include"]
            for page in tools.PAGES:
                included[f"{page}/dist"] = f"open_llm_vtuber/defaults/{page}"
            for name in GIVEN:
                if Path(self.root, name).exists():
                    included[name] = f"open_llm_vtuber/defaults/{name}"

    def _tools(self) -> Any:
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        from tools import npm

        return npm

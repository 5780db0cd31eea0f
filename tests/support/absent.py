"""An installation that lacks one of the documented engines."""

from __future__ import annotations

import pytest

from open_llm_vtuber.config import engines, models
from open_llm_vtuber.config.engines import installed
from open_llm_vtuber.engines.kinds import Kind
from open_llm_vtuber.engines.registry import AnyEngine


def without(patch: pytest.MonkeyPatch, engine: str) -> None:
    """Have conf.yaml read as where there is no `engine`."""

    def found(kind: Kind, name: str) -> AnyEngine | None:
        return None if name == engine else installed(kind, name)

    for module in (models, engines):
        patch.setattr(module, "installed", found)

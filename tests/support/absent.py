"""An installation that lacks one of the documented agents."""

from __future__ import annotations

import pytest

from open_llm_vtuber.config import models
from open_llm_vtuber.config.engines import installed
from open_llm_vtuber.engines.registry import AnyEngine


def without(patch: pytest.MonkeyPatch, agent: str) -> None:
    """Have conf.yaml read as where there is no `agent`."""

    def found(kind: str, name: str) -> AnyEngine | None:
        return None if name == agent else installed(kind, name)

    patch.setattr(models, "installed", found)

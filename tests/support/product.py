"""The product as it is shipped: its conf.yaml, its characters and pictures, Wren on her stage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.support.live import PROJECT, free_port

SHOWN = ("live2d-models", "avatars", "backgrounds", "characters", "model_dict.json")
SMALL_MODEL = "smollm2-135m-instruct"
"""Of the catalogue; the one that a new user gets takes long to fetch and to think."""


def furnish(folder: Path) -> None:
    """Give a server's folder what the page shows of ours."""
    for name in SHOWN:
        if not (folder / name).exists():
            (folder / name).symlink_to(PROJECT / name)


def as_shipped(folder: Path, persona: str = "", **llm: Any) -> dict[str, Any]:
    """Return the conf.yaml of the product, with a small model for which `llm` are the settings."""
    furnish(folder)
    values: dict[str, Any] = yaml.safe_load((PROJECT / "conf.yaml").read_text("utf-8"))
    values["system_config"]["port"] = free_port()
    character = values["character_config"]
    # Threads of the model wait for each other by spinning, which is lost to all else that runs.
    small = {"model_path": SMALL_MODEL, "n_threads": 1, **llm}
    character["agent_config"]["llm_configs"]["llama_cpp_llm"] = small
    if persona:
        character["persona_prompt"], character["example_dialogue"] = persona, []
    return values


def with_wren(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with Wren as the model, which `furnish` puts there."""
    character = {**values["character_config"], "live2d_model_name": "wren"}
    return {**values, "character_config": character}


def as_wren(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with Wren as the model, whose files are put into `folder`."""
    furnish(folder)
    return with_wren(values)

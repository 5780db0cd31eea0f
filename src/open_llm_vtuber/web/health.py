"""GET /health: for supervisors, and for whoever waits for the weights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from .. import __version__
from ..server.server import Server

_ABSOLUTE = re.compile(r"""(?<![\w/\\:.~])(?:/|[A-Za-z]:[/\\]|\\\\)[^\s'"<>|]*[/\\]""")
"""The folders of an absolute path; the path of a URL is none."""


class Health(BaseModel):
    """How the server is. It answers while engines are still being loaded."""

    status: Literal["ok"] = "ok"
    version: str = Field(examples=[__version__])
    ready: bool = Field(description="Whether every engine of conf.yaml is loaded.")
    loading: list[str] = Field(description="Kinds of engine that are being loaded.")
    failed: list[str] = Field(description="Why engines cannot be used.")
    engines: dict[str, str] = Field(
        description="The name of the engine of each kind, as conf.yaml has it.",
        examples=[{"asr": "moonshine_asr", "tts": "hibari_tts"}],
    )


router = APIRouter(tags=["server"])


@router.get("/health")
async def health(request: Request) -> Health:
    """Tell how the server is."""
    server: Server = request.app.state.server
    loading, failed = server.condition()
    character = server.config.character_config
    return Health(
        version=__version__,
        ready=not loading and not failed,
        loading=list(loading),
        failed=[without_folders(text, server.folder) for text in failed],
        engines={choice.kind: choice.name for choice in character.engines()},
    )


def without_folders(text: str, folder: Path) -> str:
    """Return `text` with paths counted from `folder`, and others reduced to a name.

    Where a server keeps its things, and whose they are, is for its log.
    """
    for known in (folder, folder.resolve(), folder / "models", (folder / "models").resolve()):
        within = "models/" if known.name == "models" else ""
        text = text.replace(f"{known}/", within).replace(f"{known}\\", within)
    return _ABSOLUTE.sub("", text)

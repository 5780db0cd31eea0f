"""GET /live2d-models/info: the characters that can be drawn."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ..live2d.models import list_models
from ..server.server import Server
from .errors import responses


class Model(BaseModel):
    """One model folder."""

    name: str = Field(examples=["wren"])
    avatar: str | None = Field(examples=["live2d-models/wren/wren.png"])
    model_path: str = Field(examples=["live2d-models/wren/wren.model3.json"])


class Models(BaseModel):
    """The model folders. Paths are below the server's address."""

    type: Literal["live2d-models/info"] = "live2d-models/info"
    count: int
    characters: list[Model]


router = APIRouter(tags=["pages"])


@router.get("/live2d-models/info", responses=responses(s404="there is no folder live2d-models"))
async def info(request: Request) -> Models:
    """List the folders in live2d-models/ that hold a model."""
    server: Server = request.app.state.server
    found = await asyncio.to_thread(list_models, server.folder)
    if found is None:
        raise HTTPException(404, "There is no folder live2d-models beside conf.yaml.")
    models = [Model(name=one.name, avatar=one.avatar, model_path=one.path) for one in found]
    return Models(count=len(models), characters=models)

"""/live2d-core: whether Live2D's Core is here, and the two ways to bring it here."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from loguru import logger
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from ..live2d import NAME, CoreError, CoreStore, TooLargeError
from ..server.server import Server
from .errors import responses

LICENCE = (
    "https://www.live2d.com/eula/live2d-proprietary-software-license-agreement_en.html"
)  # fmt: skip
ADDRESS = f"/live2d-core/{NAME}"

NOT_ACCEPTED = (
    "Live2D's Core is not free software. It can be used here once you have read its licence at "
    f"{LICENCE} and agreed to it: send accept_licence true."
)

router = APIRouter(tags=["live2d core"])


class CoreStatus(BaseModel):
    """Whether Live2D models can be drawn."""

    installed: bool
    version: str | None = Field(description="As the file names it; null where it does not.")
    licence_url: str = Field(examples=[LICENCE])
    url: str = Field(description="The script's address, once it is installed.", examples=[ADDRESS])


class Acceptance(BaseModel):
    """That the person who asks agrees to the licence of Live2D's Core."""

    accept_licence: bool = False


@router.get("/live2d-core")
async def status(request: Request) -> CoreStatus:
    """Tell whether Live2D's Core is here."""
    return await _status(_store(request))


@router.post(
    "/live2d-core/fetch",
    responses=responses(
        s400="the licence is not accepted",
        s502="Live2D's server cannot be reached, or sent something else; the text says what to do",
    ),
)
async def fetch(request: Request, body: Acceptance) -> CoreStatus:
    """Fetch Live2D's SDK from Live2D and keep the Core of it."""
    if not body.accept_licence:
        raise HTTPException(400, NOT_ACCEPTED)
    store = _store(request)
    try:
        await store.fetch()
    except CoreError as error:
        logger.warning("Live2D's Core: {}", error)
        raise HTTPException(502, str(error)) from None
    logger.info("Live2D's Core is here; its licence was accepted")
    return await _status(store)


@router.post(
    "/live2d-core/upload",
    responses=responses(
        s400="the licence is not accepted, or the file is not Live2D's Core",
        s413="the file is over limits.max_upload_bytes, or larger than the Core can be",
    ),
)
async def upload(
    request: Request,
    file: Annotated[
        UploadFile, File(description=f"{NAME}, or the .zip of the Cubism SDK for Web.")
    ],
    accept_licence: Annotated[bool, Form()] = False,
) -> CoreStatus:
    """Take Live2D's Core from a file of the user's."""
    if not accept_licence:
        raise HTTPException(400, NOT_ACCEPTED)
    store = _store(request)
    try:
        await store.take(file.file)
    except CoreError as error:
        raise HTTPException(413 if isinstance(error, TooLargeError) else 400, str(error)) from None
    logger.info("Live2D's Core is here; its licence was accepted")
    return await _status(store)


@router.get(
    ADDRESS,
    response_class=FileResponse,
    responses=responses(s404="the Core is not installed"),
)
async def script(request: Request) -> FileResponse:
    """Return the script."""
    store = _store(request)
    if not await asyncio.to_thread(store.installed):
        raise HTTPException(404, "Live2D's Core is not installed; POST /live2d-core/fetch does it.")
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(store.path, media_type="text/javascript; charset=utf-8", headers=headers)


def _store(request: Request) -> CoreStore:
    server: Server = request.app.state.server
    return server.live2d_core


async def _status(store: CoreStore) -> CoreStatus:
    installed, version = await asyncio.to_thread(lambda: (store.installed(), store.version()))
    return CoreStatus(installed=installed, version=version, licence_url=LICENCE, url=ADDRESS)

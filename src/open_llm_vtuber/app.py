"""create_app(server): one FastAPI application with its routes, its pages and its lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from loguru import logger

from . import __version__
from .engine import EngineError
from .server import Server
from .web import client_ws
from .web.page import Page


def create_app(server: Server) -> FastAPI:
    """Return the application of a server.

    It serves as soon as the packages of its engines are imported, while weights are still being
    fetched and loaded.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await server.start()
        warming = asyncio.create_task(_warm_up(server))
        try:
            yield
        finally:
            warming.cancel()
            await asyncio.wait([warming])
            await server.close()

    app = FastAPI(title="Open-LLM-VTuber", version=__version__, lifespan=lifespan)
    app.state.server = server
    app.include_router(client_ws.router)
    app.mount("/", Page(directory=server.folder / "frontend", html=True, check_dir=False))
    return app


async def _warm_up(server: Server) -> None:
    try:
        await server.warm_up()
    except EngineError:
        return  # logged where it happened; a client that needs the engine is told
    logger.info("the language model has read the persona")

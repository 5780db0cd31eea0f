"""create_app(server): one FastAPI application with its routes, its pages and its lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import anyio
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from loguru import logger

from .. import __version__
from ..closing import close_each
from ..cluster import NoClusterError
from ..config import SystemConfig
from ..engines.base import EngineError
from ..live import LiveChat, sources_of
from ..proxy.room import ProxyHub
from ..server.server import Server
from . import (
    api_docs,
    asr,
    asyncapi,
    character_lore,
    character_trials,
    characters,
    client_ws,
    conf_schema,
    config_api,
    conversations,
    devices,
    health,
    live2d,
    live2d_core,
    looks,
    metrics,
    minds,
    openai_chat,
    openai_speech,
    openai_transcriptions,
    pictures,
    proxy_ws,
    reach,
    trust,
    tts_ws,
    watch_ws,
)
from .address_limit import AddressLimit
from .cluster_ws import ClusterDoor
from .errors import COMMON, tell_failures_as_json
from .openai_door import ApiTurns
from .openai_errors import OpenAiErrors, tell_api_errors
from .page_headers import PageHeaders
from .peers import NamedProxies
from .security import Access, AccessMiddleware, Doors
from .sound_cache import SoundCache
from .sparing import quieten
from .start_failure import StartFailure
from .static import mount_files
from .upload_limit import UploadLimit

if TYPE_CHECKING:
    from ..cluster.cluster import Cluster


def create_app(server: Server, doors: Doors | None = None) -> FastAPI:
    """Return the application of a server.

    It serves as soon as the packages of its engines are imported, while weights are still being
    fetched and loaded. `doors` are made from the configuration unless it is given.
    """
    system = server.config.system_config
    doors = doors or Doors(Access(system))
    cache = SoundCache(server.folder / "cache", system.cache_ttl_s)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        quieten(asyncio.get_running_loop())
        anyio.CancelScope()  # the first imports what anyio needs: 60 ms, before anybody waits
        try:
            await server.start()
            if cluster:
                await cluster.start()
        except BaseException:
            await server.close()
            raise
        tasks = [asyncio.create_task(_warm_up(server)), asyncio.create_task(cache.sweep())]
        live = server.config.live_config
        if live.chats:
            chat = LiveChat(live, sources_of(live), server.responders)
            tasks.append(asyncio.create_task(chat.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            steps: dict[str, Callable[[], object]] = {
                "the proxy": room.close,
                "the cache": partial(asyncio.to_thread, cache.remove),
            }
            if cluster:
                cluster.end()
            steps["the server"] = server.close
            if cluster:
                steps["the place among other processes"] = cluster.close
            await close_each(steps)

    app = FastAPI(
        title="Open-LLM-VTuber",
        version=__version__,
        description="A voice companion. The sockets are described at /asyncapi.json.",
        lifespan=lifespan,
        responses=COMMON,
        docs_url=None,  # ours has a policy of its own
        redoc_url=None,
    )
    app.state.server = server
    app.state.cache = cache
    app.state.doors = doors
    app.state.api_turns = ApiTurns(server)
    cluster = app.state.cluster = _cluster_of(system)
    tell_failures_as_json(app)
    tell_api_errors(app)
    for door in (
        client_ws,
        tts_ws,
        watch_ws,
        asr,
        characters,
        character_lore,
        character_trials,
        conversations,
        pictures,
        live2d,
        live2d_core,
        looks,
        health,
        metrics,
        asyncapi,
        conf_schema,
        config_api,
        minds,
        reach,
        devices,
        trust,
        openai_speech,
        openai_transcriptions,
        openai_chat,
        api_docs,
    ):
        app.include_router(door.router)
    room = _proxy_room(system, doors.own)
    if system.enable_proxy:
        app.state.proxy = room
        if not system.proxy_url:  # else its conversation is another server's
            server.responders.add(room)
        app.include_router(proxy_ws.router)
    drafts = server.looks.drafts_folder
    public = mount_files(app, server.folder, drafts, system.frontend_dir)
    # The last one added is the first one asked.
    app.add_middleware(UploadLimit, limits=system.limits, elsewhere=frozenset({looks.PATH}))
    limits = system.limits
    app.add_middleware(AddressLimit, most=limits.max_connections_per_address)
    app.add_middleware(
        AccessMiddleware,
        doors=doors,
        public=public,
        most_strangers=limits.max_public_requests,
        most_wrong_tokens=limits.max_wrong_tokens,
        devices=server.devices,
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    if cluster:
        app.add_middleware(ClusterDoor, cluster=cluster)
    app.add_middleware(PageHeaders, framed_by=system.allowed_origins)
    app.add_middleware(NamedProxies, trusted=system.trusted_proxies)
    app.add_middleware(OpenAiErrors)
    app.add_middleware(StartFailure)
    return app


def _proxy_room(system: SystemConfig, access: Access) -> ProxyHub:
    """Return what the clients of /proxy-ws share: this server, or the one that is configured."""
    return ProxyHub(system.proxy_url or access.own_socket_url(), system.limits)


def _cluster_of(system: SystemConfig) -> Cluster | None:
    """Return this process' place among others, where it is not alone. Raises NoClusterError."""
    if not system.cluster.redis_url:
        return None
    try:
        from ..cluster.cluster import Cluster  # its client is for who has several processes
    except ModuleNotFoundError as error:
        raise NoClusterError(
            "Several processes (system_config.cluster) need the client of Redis. Install it with "
            "`pip install 'open-llm-vtuber[cluster]'`"
        ) from error
    return Cluster(system)


async def _warm_up(server: Server) -> None:
    try:
        await server.warm_up()
    except EngineError:
        return  # logged where it happened; a client that needs the engine is told
    logger.info("the language model has read the persona")

"""The terminal's door: arguments, logging, start and clean stop."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from loguru import logger

from ..config import Config, ConfigError, LoadedConfig, load_config
from ..engines.base import EngineError
from ..history.exporter import export_folder
from ..history.store import HistoryError, HistoryStore, resolve_url
from ..masking import hide, secrets_of
from ..server.scaffold import scaffold
from ..server.server import Server
from ..web.app import create_app
from ..web.binding import BindError, bind
from ..web.doorkeeper import BACKLOG
from ..web.http_protocol import ServerConfig
from ..web.oversize import OversizeProtocol
from ..web.security import Access
from ..weights.progress_bar import ProgressBar
from ..weights.store import WeightStore
from . import logs
from .arguments import parser
from .check import check, look_over, table
from .voices import list_voices

NATIVE_CALL_S = 2.0
"""How long a native call may still take when everything else has ended."""
LARGE_BYTES = 4 * 2**20


def main(arguments: list[str] | None = None) -> int:
    """Run the server, or what else was asked for; return the exit code."""
    options = parser().parse_args(arguments)
    give_memory_back()
    path = options.config.resolve()
    folder = path.parent
    _environment(folder, options.hf_mirror)
    made = scaffold(folder) if path.name == "conf.yaml" else []
    logs.set_up(folder / "logs", verbose=options.verbose)
    if made:
        logger.info("A first start: {} made in {}", ", ".join(made), folder)
    try:
        loaded = load_config(path)
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201 - it is written for the terminal
        return 2
    config = _overridden(loaded.config, options)
    hide(secrets_of(config.model_dump()))
    loaded = LoadedConfig(config, loaded.warnings)
    try:
        with ProgressBar() as bar:
            return _run(loaded, options, path, bar)
    except (HistoryError, BindError, EngineError) as error:
        logger.error("{}", error)
        return 1


def give_memory_back() -> None:
    """Have glibc give large blocks back to the system as soon as they are free.

    Else it keeps those of any size that was freed before: of a client that once sent pictures of
    15 MB stayed 60 MB. Below that it may keep some, or it would ask the system for each again.
    M_MMAP_THRESHOLD is -3 in malloc.h, M_TRIM_THRESHOLD -1; other libraries have no such call.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(-3, LARGE_BYTES)
        mallopt(-1, 2 * LARGE_BYTES)


def _run(loaded: LoadedConfig, options: argparse.Namespace, path: Path, bar: ProgressBar) -> int:
    config = loaded.config
    if options.check:
        store = WeightStore(path.parent / "models", offline=options.offline, report=bar)
        warnings = look_over(loaded, path)
        findings = asyncio.run(check(config, store, path.parent))
        print(table(findings, warnings, path))  # noqa: T201 - it is written for the terminal
        return 0 if all(one.ok for one in findings) else 1
    if options.voices:
        store = WeightStore(path.parent / "models", offline=options.offline, report=bar)
        print(asyncio.run(list_voices(config, store)))  # noqa: T201 - it is written for the terminal
        return 0
    for warning in loaded.warnings:
        logger.warning("{}", warning)
    if options.export_history:
        return asyncio.run(_export(config, path.parent, options.export_history))
    server = Server(
        config,
        path.parent,
        config_path=path,
        offline=options.offline,
        report=bar,
        warnings=loaded.warnings,
    )
    if options.download:
        return asyncio.run(_download(server))
    return _serve(server)


def _environment(folder: Path, mirror: str | None) -> None:
    """Keep downloaded weights beside the configuration unless the user says otherwise.

    It is done before anything imports a client of the model hub, which looks only once.
    """
    for variable in ("HF_HOME", "MODELSCOPE_CACHE"):
        os.environ.setdefault(variable, str(folder / "models"))
    if mirror:
        os.environ["HF_ENDPOINT"] = mirror


def _overridden(config: Config, options: argparse.Namespace) -> Config:
    """Return the configuration with what the command line says instead."""
    said = {"host": options.host, "port": options.port}
    update = {key: value for key, value in said.items() if value is not None}
    system = config.system_config.model_copy(update=update)
    return config.model_copy(update={"system_config": system})


async def _download(server: Server) -> int:
    """Load every engine once: that fetches what it needs and proves that it works."""
    failed = 0
    await server.start()
    try:
        await server.loaded()
        for choice in server.config.character_config.engines():
            try:
                await server.engine(choice.kind)
            except EngineError as error:
                failed += 1
                logger.error("{}", error)
    finally:
        await server.close()
    if not failed:
        logger.info("Everything is here. `python run_server.py --offline` needs no network now.")
    return 1 if failed else 0


async def _export(config: Config, folder: Path, target: Path) -> int:
    store = HistoryStore(resolve_url(config.system_config.history_url, folder))
    await store.open()
    try:
        count = await export_folder(store, target)
    finally:
        await store.close()
    logger.info("{} conversations written", count)
    return 0


def _serve(server: Server) -> int:
    system = server.config.system_config
    sockets = bind(system.host, system.port)  # before anything is started, or another disturbed
    access = Access(server.config.system_config)
    app = create_app(server, access)
    if access.token:  # a secret: for the terminal, not for the log file
        print(f"Open {access.url()} in your browser. Ctrl+C stops.", file=sys.stderr)  # noqa: T201
    else:
        logger.info("Open {} in your browser. Ctrl+C stops.", access.url())
    if text := access.explanation():
        logger.warning("{}", text)
    # As Ctrl+C does: uvicorn raises the signal once more after a clean stop, which is no failure.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    uvicorn_server = uvicorn.Server(server_config(app, server.config))
    with suppress(KeyboardInterrupt):  # uvicorn raises it once more after a clean stop
        uvicorn_server.run(sockets)
    code = 0 if uvicorn_server.started else 1
    _leave_what_hangs(code)
    return code


def _leave_what_hangs(code: int) -> None:
    """End at once if a native call does not: nobody can stop it, and Python would wait for it."""
    until = time.monotonic() + NATIVE_CALL_S
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    for thread in others:
        if not thread.daemon:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                logger.warning("{} does not end; the server ends without it", thread.name)
                logger.complete()
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)


def server_config(app: Any, config: Config) -> uvicorn.Config:
    """Return how uvicorn serves us.

    Without compression: it costs 7 to 9 ms of the event loop for each sentence of sound, and up to
    90 KiB a connection. With the sans-I/O implementation behind the filter for large messages.
    """
    system = config.system_config
    return ServerConfig(
        app,
        system.limits,
        host=system.host,
        port=system.port,
        backlog=BACKLOG,
        timeout_keep_alive=system.limits.idle_timeout_s,
        ws=OversizeProtocol,
        ws_max_size=system.limits.max_message_bytes,
        ws_ping_timeout=system.limits.pong_timeout_s,
        ws_per_message_deflate=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    sys.exit(main())

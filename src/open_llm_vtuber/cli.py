"""The terminal's door: arguments, logging, start and clean stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from loguru import logger

from . import __version__, logs
from .app import create_app
from .config import Config, ConfigError, load_config
from .engine import EngineError
from .plugins import KINDS
from .server import Server
from .web.oversize import OversizeProtocol
from .weights.progress_bar import ProgressBar


def main(arguments: list[str] | None = None) -> int:
    """Run the server, or what else was asked for; return the exit code."""
    options = _parser().parse_args(arguments)
    folder = options.config.resolve().parent
    _default_caches(folder)
    logs.set_up(folder / "logs", verbose=options.verbose)
    try:
        loaded = load_config(options.config)
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201 - it is written for the terminal
        return 2
    for warning in loaded.warnings:
        logger.warning("{}", warning)
    with ProgressBar() as bar:
        if options.download:
            return asyncio.run(_download(loaded.config, folder, bar, offline=options.offline))
        return _serve(loaded.config, folder, bar, offline=options.offline)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run_server.py", description="A voice companion on your own computer."
    )
    parser.add_argument("--verbose", action="store_true", help="show what happens in detail")
    parser.add_argument(
        "--config", type=Path, default=Path("conf.yaml"), help="the configuration (conf.yaml)"
    )
    parser.add_argument(
        "--download", action="store_true", help="fetch what the configuration needs, then exit"
    )
    parser.add_argument("--offline", action="store_true", help="never try the network")
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _default_caches(folder: Path) -> None:
    """Keep downloaded weights beside the configuration unless the user says otherwise."""
    for variable in ("HF_HOME", "MODELSCOPE_CACHE"):
        os.environ.setdefault(variable, str(folder / "models"))


async def _download(config: Config, folder: Path, report: ProgressBar, *, offline: bool) -> int:
    """Load every engine once: that fetches what it needs and proves that it works."""
    server = Server(config, folder, offline=offline, report=report)
    failed = 0
    await server.start()
    try:
        for kind in KINDS:
            if config.character_config.engine(kind) is None:
                continue
            try:
                await server.engine(kind)
            except EngineError as error:
                failed += 1
                logger.error("{}", error)
    finally:
        await server.close()
    if not failed:
        logger.info("Everything is here. `python run_server.py --offline` needs no network now.")
    return 1 if failed else 0


def _serve(config: Config, folder: Path, bar: ProgressBar, *, offline: bool) -> int:
    system = config.system_config
    app = create_app(Server(config, folder, offline=offline, report=bar))
    logger.info("Open http://{}:{} in your browser. Ctrl+C stops.", system.host, system.port)
    uvicorn_server = uvicorn.Server(server_config(app, config))
    with suppress(KeyboardInterrupt):  # uvicorn raises it once more after a clean stop
        uvicorn_server.run()
    return 0 if uvicorn_server.started else 1


def server_config(app: Any, config: Config) -> uvicorn.Config:
    """Return how uvicorn serves us.

    Without compression: it costs 7 to 9 ms of the event loop for each sentence of sound, and up to
    90 KiB a connection. With the sans-I/O implementation behind the filter for large messages.
    """
    system = config.system_config
    return uvicorn.Config(
        app,
        host=system.host,
        port=system.port,
        ws=OversizeProtocol,
        ws_max_size=system.limits.max_message_bytes,
        ws_per_message_deflate=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    sys.exit(main())

"""What was asked for in the terminal: serving, or a look over, a download or an export instead.

Each imports what it needs when it is asked for: a mistake in conf.yaml is told before the server's
libraries are there, which take longer than all else of a start.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from ..certificates import CertificateError
from ..cluster import NoClusterError
from ..config import Config, ConfigError, LoadedConfig, load_config
from ..engines.base import EngineError
from ..history.errors import HistoryError
from ..masking import hide, secrets_of
from ..server.scaffold import scaffold
from ..web.binding import BindError
from ..weights.progress_bar import ProgressBar
from ..weights.store import WeightStore
from . import logs
from .importing import importing

if TYPE_CHECKING:
    from ..server.server import Server


def carry_out(options: argparse.Namespace) -> int:
    """Do what the options ask for; return the exit code."""
    if options.engines:
        with importing():
            from .engines import table

        say(table())
        return 0
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
    except (HistoryError, BindError, CertificateError, EngineError, NoClusterError) as error:
        logger.error("{}", error)
        return 1


def _run(loaded: LoadedConfig, options: argparse.Namespace, path: Path, bar: ProgressBar) -> int:
    config = loaded.config
    if options.check:
        with importing():
            from .check import check, look_over, table

        store = WeightStore(path.parent / "models", offline=options.offline, report=bar)
        warnings = look_over(loaded, path)
        findings = asyncio.run(check(config, store, path.parent))
        say(table(findings, warnings, path))
        return 0 if all(one.ok for one in findings) else 1
    if options.voices:
        with importing():
            from .voices import list_voices

        store = WeightStore(path.parent / "models", offline=options.offline, report=bar)
        say(asyncio.run(list_voices(config, store)))
        return 0
    for warning in loaded.warnings:
        logger.warning("{}", warning)
    if options.export_history:
        return asyncio.run(_export(config, path.parent, options.export_history))
    with importing():
        from ..server.server import Server

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
    with importing():
        from .serving import serve

    return serve(server)


def say(text: str) -> None:
    """Write a text for the terminal; who reads no further, as `| head` does, misses nothing."""
    try:
        print(text, flush=True)  # noqa: T201 - it is written for the terminal
    except BrokenPipeError:  # Python would try again when it ends, and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    said = {"host": options.host, "port": options.port, "https": options.https or None}
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
    with importing():
        from ..history.exporter import export_folder
        from ..history.store import HistoryStore, resolve_url

    store = HistoryStore(resolve_url(config.system_config.history_url, folder))
    await store.open()
    try:
        count = await export_folder(store, target)
    finally:
        await store.close()
    logger.info("{} conversations written", count)
    return 0

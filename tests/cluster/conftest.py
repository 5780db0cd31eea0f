"""Processes that stand for one: PostgreSQL, Redis and servers that share them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from tests.history.conftest import postgres
from tests.history.postgres import Postgres
from tests.support.live import Live, conf, free_port, give_model, link_models, live
from tests.support.processes import ServerProcess
from tests.support.redis_server import RedisServer

__all__ = ["postgres"]
SECRET = "known to all of these processes"


Killable = tuple[ServerProcess, Live]


class Company(Protocol):
    """Starts servers that stand for one."""

    def __call__(self, count: int = 2, **changes: Any) -> list[Live]: ...


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server of our own."""
    if shutil.which("redis-server") is None:
        if os.environ.get("CI"):
            pytest.fail("Redis is not installed: apt-get install redis-server")
        pytest.skip("Redis is not installed")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.close()


def shared(postgres: Postgres, redis: RedisServer) -> dict[str, Any]:
    """Return what the `system_config` of each of them says."""
    cluster = {"redis_url": redis.url, "secret": SECRET}
    return {"history_url": postgres.new_database(), "import_history": "", "cluster": cluster}


def quick(**changes: Any) -> dict[str, Any]:
    """Return a conf.yaml whose engines answer at once."""
    sections = {"tone_tts": {"seconds": 0.2}}
    given = {"asr": "tests.support.engines:MuteASR", "vad": None, "sections": sections, **changes}
    return conf(**given)


@pytest.fixture
def company(tmp_path: Path, postgres: Postgres, redis: RedisServer) -> Iterator[Company]:
    """Start servers that share a folder, a database and a Redis; they stop with the test."""
    with ExitStack() as stack:

        def start(count: int = 2, **changes: Any) -> list[Live]:
            own = changes.pop("system", {})
            told = {**shared(postgres, redis), **own}
            folder = tmp_path / "shared"
            folder.mkdir()
            started = []
            for _ in range(count):
                values = quick(**changes)
                values["system_config"].update(told)
                started.append(stack.enter_context(live(folder, values)))
            return started

        yield start


@pytest.fixture
def killable(tmp_path: Path, postgres: Postgres, redis: RedisServer) -> Iterator[Killable]:
    """A server that is a process of its own, and another one; they share all that can be shared."""
    folder = tmp_path / "shared"
    folder.mkdir()
    give_model(folder)
    link_models(folder)
    told = shared(postgres, redis)
    one = ServerProcess(folder, free_port())
    own = {**told["cluster"], "own_url": one.url}
    values = quick()
    values["system_config"].update(told, cluster=own)
    (folder / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    try:
        one.start()
        values = quick()
        values["system_config"].update(told)
        with live(folder, values) as other:
            yield one, other
    finally:
        one.close()

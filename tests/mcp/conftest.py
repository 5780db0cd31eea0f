"""A model whose calls of tools a test scripts, and a server that asks before each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engines.llm.openai_server import OpenAIServer, openai_server_beside
from tests.support.live import Live
from tests.support.tooling import asking, numbers, servers_settled, with_tools

WORDS = "tests.support.engines:WordsASR"


@pytest.fixture(scope="module")
def service() -> Iterator[OpenAIServer]:
    with openai_server_beside() as server:
        yield server


@pytest.fixture
def model(service: OpenAIServer) -> OpenAIServer:
    service.begin_anew()
    return service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, service: OpenAIServer) -> Iterator[Live]:
    """A server that asks for every tool of the numbers; what is allowed for good stays so."""
    folder = tmp_path_factory.mktemp("asking")
    values = asking(
        service.base_url, "numbers", permissions={}, asr="tests.support.engines:WordsASR"
    )
    with with_tools(folder, values, numbers=numbers()) as server:
        servers_settled(server).result(60)
        yield server

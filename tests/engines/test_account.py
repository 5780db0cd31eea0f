"""What a person writes of an account: addresses, mended in one way, and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.account import is_key, mended_address
from open_llm_vtuber.engines.base import EngineConfig
from open_llm_vtuber.engines.kinds import KINDS

_ENDINGS = ("base_url", "api_url", "client_url", "endpoint")


def _addresses() -> Iterator[tuple[type[EngineConfig], str]]:
    """Yield each key of an engine that names where a service is."""
    for kind in KINDS:
        for engine in registry.engines(kind).values():
            for field in engine.Config.model_fields:
                if field.endswith(_ENDINGS):
                    yield engine.Config, field


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Your Gemini API Key", False),
        ("your groq API key", False),
        ("<your key>", False),
        ("xxx", False),
        ("sk-proj-1234567890abcdef", True),
        ("AIzaSyA-1234567890", True),
        ("1234abcd.5678efgh", True),
    ],
)
def test_examples_of_keys_are_known(text: str, key: bool) -> None:
    assert is_key(text) is key


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost:11434/v1", "http://localhost:11434/v1"),
        ("192.168.1.7:1234/v1", "http://192.168.1.7:1234/v1"),
        ("mybox:8080", "http://mybox:8080"),
        ("nas.local:8080/v1", "http://nas.local:8080/v1"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("8.8.8.8:8080", "https://8.8.8.8:8080"),
        ("api.openai.com/v1", "https://api.openai.com/v1"),
        (" https://host/v1 ", "https://host/v1"),
    ],
)
def test_an_address_without_its_scheme_is_mended(text: str, address: str) -> None:
    assert mended_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "ftp://host", "http://", "not an address", "localhost:x", "host:port"]
)
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="begins with http://"):
        mended_address(text)


@pytest.mark.parametrize(
    ("config", "key"),
    [pytest.param(*one, id=f"{one[0].__name__}-{one[1]}") for one in _addresses()],
)
def test_every_key_that_is_an_address_is_mended_in_that_way(
    config: type[EngineConfig], key: str
) -> None:
    needed = {name: "x" for name, field in config.model_fields.items() if field.is_required()}
    read = config.model_validate({**needed, key: " box:8080/v9 "})
    assert getattr(read, key) == "http://box:8080/v9"
    with pytest.raises(ValidationError, match="begins with http://"):
        config.model_validate({**needed, key: "ftp://box"})

"""Secrets are found where they stand, and words are left alone."""

from __future__ import annotations

import base64

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.masking import masked, secrets_of, without_credentials
from open_llm_vtuber.protocol.outgoing import Error

SECRET = "hunter2-and-more/+ %"


@pytest.mark.parametrize(
    "text",
    [
        "cannot connect to https://ann:hunter2@host.example/v1/models",
        "ws://:hunter2@host/client-ws",
        "GET /client-ws?token=hunter2&x=1",
        "GET /v1/models?key=hunter2",
        '{"api_key": "hunter2"}',
        "{'llm_api_key': 'hunter2'}",
        "API_KEY=hunter2",
        "serve --api-key hunter2 --port 1",
        "Authorization: Bearer hunter2.hunter2",
        "Incorrect API key provided: sk-hunter2hunter2hunter2",
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    assert "hunter2" not in masked(text)
    assert "hunter2" not in str(EngineError(text))
    assert "hunter2" not in Error(message=text).frame()


@pytest.mark.parametrize(
    "text",
    [
        "access_token: expected text, found a list",
        "add ?token=... to the address",
        "Open http://localhost:12393 in your browser.",
        "the language model llama3 at http://localhost:11434/v1 cannot be reached",
        "mail me at ann@example.org; see https://example.org/@ann",
        "max_tokens=256, key: value",
    ],
)
def test_words_are_left_alone(text: str) -> None:
    assert masked(text) == text


def test_a_known_secret_is_masked_however_it_is_written() -> None:
    encoded = base64.b64encode(SECRET.encode()).decode()
    for written in (SECRET, "hunter2-and-more%2F%2B%20%25", "hunter2-and-more%2F%2B+%25", encoded):
        assert masked(f"<{written}>", [SECRET]) == "<...>"


def test_the_secrets_of_a_configuration_are_found_by_their_keys() -> None:
    values = {
        "llm_configs": {"x": {"llm_api_key": "secret-one", "base_url": "http://a:secret-two@h/v1"}},
        "tts": [{"api_key": "secret-three", "model": "not-a-secret"}],
        "ollama": {"llm_api_key": "somethingelse"},
        "bilibili_live": {"sessdata": "secret-four"},
    }
    assert set(secrets_of(values)) == {f"secret-{n}" for n in ("one", "two", "three", "four")}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h:1/v1", ("http://h:1/v1", "")),
        ("http://ann:p%40ss@h:1/v1?x=1", ("http://h:1/v1?x=1", "ann:p@ss")),
        ("http://[bad", ("http://[bad", "")),
        ("no url", ("no url", "")),
    ],
)
def test_a_url_is_taken_apart(url: str, expected: tuple[str, str]) -> None:
    assert without_credentials(url) == expected


@pytest.mark.parametrize("text", ["a-", "--token-", "token ", "sk-", '"api_key" : ', "://", "-"])
def test_a_long_text_is_looked_through_once(text: str) -> None:
    """A text in which every place may begin a name is soon done with, as everything is logged."""
    assert len(masked(text * 50_000)) <= len(text) * 50_000


def test_names_of_any_length_before_a_secret_are_kept() -> None:
    assert masked("x-my-long_api-key=hush, --the-token hush") == (
        "x-my-long_api-key=..., --the-token ..."
    )

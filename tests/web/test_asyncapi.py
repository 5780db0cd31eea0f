"""/asyncapi.json holds every message, and all its references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
from pydantic import BaseModel

from open_llm_vtuber.protocol import tts
from open_llm_vtuber.web.asyncapi import document, received, sent
from tests.conftest import Serve
from tests.web.test_security import quiet


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_model_is_a_message_with_its_schema() -> None:
    whole = document(proxy=False)
    spoken: list[type[BaseModel]] = [tts.TTSRequest, tts.TTSPartial, tts.TTSComplete, tts.TTSError]
    assert received()
    assert sent()
    for model in (*received(), *sent(), *spoken):
        assert model.__name__ in whole["components"]["messages"]
        schema = whole["components"]["schemas"][model.__name__]
        assert set(schema.get("properties", {})) == set(model.model_fields)


def test_all_references_lead_somewhere() -> None:
    whole = document(proxy=True)
    found = set(references(whole))
    assert found
    for reference in found:
        node: Any = whole
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_it_is_served(serve: Serve) -> None:
    answer = httpx.get(serve(quiet()).url + "/asyncapi.json")
    assert answer.json() == document(proxy=False)
    assert answer.json()["asyncapi"] == "3.0.0"

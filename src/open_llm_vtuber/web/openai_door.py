"""What the doors of OpenAI's API have in common: who is meant, how many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from ..config import CharacterConfig, ConfigError
from ..conversation.turn_limits import too_many_turns
from ..openai_api.failures import ApiError, ApiFailure
from ..server.lending import ListedCharacter
from ..server.server import Server

M = TypeVar("M", bound=BaseModel)
LARGE_BYTES = 2**16
"""A body that is larger is read by a thread."""

FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": ApiFailure, "description": text}
    for status, text in {
        400: "The request cannot be read, or asks for what there is not.",
        401: "The access token is missing or wrong.",
        403: "This page or host name may not connect.",
        404: "There is no such model.",
        405: "The address does not know this method.",
        413: "The request is too large.",
        429: "So many are being answered already.",
        500: "An engine or the server failed.",
        503: "So many files are being worked on already.",
    }.items()
}
"""What every address below /v1 may answer with."""


class ApiTurns:
    """How many requests are being answered; belongs to one application."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.count = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold room for one answer, beside the clients that are being answered.

        Raises ApiError.
        """
        limits = self._server.config.system_config.limits
        if full := too_many_turns(self._server.groups.answering() + self.count, limits):
            raise ApiError.of(full)
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1


def server_of(request: Request) -> Server:
    """Return the server that is asked."""
    server: Server = request.app.state.server
    return server


def turns_of(request: Request) -> ApiTurns:
    """Return who counts what is being answered."""
    turns: ApiTurns = request.app.state.api_turns
    return turns


async def body_of(request: Request, model: type[M]) -> M:
    """Return the JSON of a request. Raises ApiError."""
    data = await request.body()
    try:
        if len(data) > LARGE_BYTES:
            return await asyncio.to_thread(model.model_validate_json, data)
        return model.model_validate_json(data)
    except ValidationError as error:
        raise ApiError.of_fields(error) from None


def body_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return what OpenAPI says of a body that is read by `body_of`."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema = _inlined(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _inlined(part: Any, defs: dict[str, Any]) -> Any:
    """Return a schema without references."""
    if isinstance(part, list):
        return [_inlined(one, defs) for one in part]
    if not isinstance(part, dict):
        return part
    reference = part.get("$ref")
    if isinstance(reference, str):
        return _inlined(defs[reference.rpartition("/")[2]], defs)
    return {key: _inlined(value, defs) for key, value in part.items() if key != "discriminator"}


async def configured(server: Server, model: str) -> tuple[ListedCharacter | None, CharacterConfig]:
    """Return the character that `model` names, and what is written of it; else that of conf.yaml.

    Raises ApiError.
    """
    found = await server.lending.find(model)
    try:
        return found, await server.lending.config(found.filename if found else "conf.yaml")
    except ConfigError as error:
        raise ApiError.of(error) from None

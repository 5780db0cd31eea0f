"""Whatever fails below /v1 is told in the shape that OpenAI's SDKs read."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..openai_api.failures import ApiError, failure

PREFIX = "/v1/"
MOST_BYTES = 2**16
"""Of a failure; what is longer is none of ours, and goes as it is."""


def is_openai(path: str) -> bool:
    """Whether an address belongs to OpenAI's API."""
    return path.startswith(PREFIX)


def tell_api_errors(app: FastAPI) -> None:
    """Answer an ApiError with its body."""

    @app.exception_handler(ApiError)
    async def told(_: Request, error: ApiError) -> JSONResponse:
        headers = {"Retry-After": "1"} if error.status == 429 else None
        return JSONResponse(error.body(), error.status, headers)


class OpenAiErrors:
    """Pure ASGI middleware: what refuses a request, wherever, need not know how that is told here.

    A 422 of FastAPI is a 400 there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the body of a failure said otherwise."""
        if scope["type"] != "http" or not is_openai(scope["path"]):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def told(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and message["status"] >= 400:
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) <= MOST_BYTES:
                return
            begun, start = start, None
            if not message.get("more_body"):
                begun, body = _mended(begun, body)
            await send(begun)
            await send({**message, "body": body})

        await self._app(scope, receive, told)


def _mended(start: Message, body: bytes) -> tuple[Message, bytes]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return start, body
    text = _text_of(told)
    if text is None:
        return start, body
    status = 400 if start["status"] == 422 else start["status"]
    param = _param_of(told)
    mended = orjson.dumps(failure(status, text, param).model_dump())
    headers = Headers(raw=start["headers"]).mutablecopy()
    headers["content-length"] = str(len(mended))
    headers["content-type"] = "application/json"
    return {**start, "status": status, "headers": headers.raw}, mended


def _text_of(told: Any) -> str | None:
    """Return what a body of ours says; None for one that is said right already."""
    if not isinstance(told, dict):
        return None
    if isinstance(text := told.get("error"), str):
        return text
    problems = told.get("detail")
    if isinstance(problems, list) and problems and isinstance(problems[0], dict):
        where = _param_of(told)
        return f"{where}: {problems[0].get('msg')}" if where else str(problems[0].get("msg"))
    return None


def _param_of(told: dict[str, Any]) -> str | None:
    problems = told.get("detail")
    if isinstance(problems, list) and problems and isinstance(problems[0], dict):
        where = [str(part) for part in problems[0].get("loc", [])[1:]]
        return ".".join(where)[:200] or None
    return None

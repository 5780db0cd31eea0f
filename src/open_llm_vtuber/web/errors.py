"""Every failure of a route as JSON: what was wrong, and nothing of the server's insides."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from loguru import logger
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from ..config import ConfigError
from ..config.source import dotted
from ..faults import ErrorCode, Fault, FaultError, Param
from ..openai_api.failures import failure
from ..protocol.outgoing import Error
from .openai_errors import is_openai
from .page_headers import NO_PAGE

_TEXTS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}


MOST_TOLD = 50
"""Mistakes of one request."""


class Failure(BaseModel):
    """Why a request failed."""

    error: str = Field(examples=["There is nothing at this address."])
    code: ErrorCode | None = Field(None, description="What it is, for programs, where it has one.")
    about: str | None = Field(None, description="The kind of an engine, where it is about one.")
    params: dict[str, Param] | None = Field(None, description="What belongs into its words.")


class Problem(BaseModel):
    """What is wrong with one key."""

    path: str = Field(
        description="Empty where it is none of a key.", examples=["system_config.port"]
    )
    error: str


class ProblemsError(HTTPException):
    """A request is refused for what some keys of it say."""

    def __init__(
        self, status_code: int, detail: str, problems: list[Problem], fault: Fault | None = None
    ) -> None:
        super().__init__(status_code, detail)
        self.problems = problems
        self.fault = fault


class RefusedError(HTTPException):
    """A request is answered with a fault, which a page words in its own language."""

    def __init__(self, status_code: int, error: FaultError, about: str = "") -> None:
        error.within(about)
        super().__init__(status_code, str(error))
        self.fault = error.fault


def coded(fault: Fault | None) -> dict[str, Any]:
    """Return the fields of a Failure by which a page words it; none where there is no fault."""
    if fault is None:
        return {}
    told = Error.told("", fault)
    params = {name: _plain(value) for name, value in (told.params or {}).items()}
    fields = {"code": told.code, "about": _plain(told.about or ""), "params": params}
    return {name: value for name, value in fields.items() if value}


def fault_of(error: ConfigError) -> Fault | None:
    """Return what a page words; None where the problems of its keys say all there is to say."""
    return None if error.fault.code == ConfigError.code else error.fault


def problems_of(error: ConfigError) -> list[Problem]:
    """Return what was wrong with a configuration, each with the key it is about."""
    places = [dotted(place) for place in error.places]
    places += [""] * (len(error.problems) - len(places))
    return [
        Problem(path=path, error=text) for path, text in zip(places, error.problems, strict=False)
    ]


COMMON: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure, "description": "The request cannot be read."},
    401: {"model": Failure, "description": "The access token is missing or wrong."},
    403: {"model": Failure, "description": "This page or host name may not connect."},
    405: {"model": Failure, "description": "The address does not know this method."},
    413: {"model": Failure, "description": "The request is too large."},
    429: {"model": Failure, "description": "Too many wrong access tokens; see Retry-After."},
    500: {"model": Failure, "description": "The server failed; its log says why."},
}
"""What every address may answer with."""


def responses(**described: str) -> dict[int | str, dict[str, Any]]:
    """Return the entry of OpenAPI for failures: `responses(s404="no such folder")`."""
    return {
        int(key[1:]): {"model": Failure, "description": text} for key, text in described.items()
    }


def tell_failures_as_json(app: FastAPI) -> None:
    """Answer 4xx and 500 with a Failure; 422 has FastAPI's own body, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def unfit(_: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent may be megabytes, a key, or no JSON that could be sent back, such as NaN.
        told = [
            {"type": one["type"], "loc": [*map(_plain, one["loc"])], "msg": _plain(one["msg"])}
            for one in error.errors()[:MOST_TOLD]
        ]
        return JSONResponse({"detail": told}, 422)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        plain = error.detail in ("Not Found", "Method Not Allowed", "")
        text = _TEXTS.get(error.status_code, "This request was refused.") if plain else error.detail
        body: dict[str, Any] = {"error": text}
        if isinstance(error, RefusedError | ProblemsError):
            body |= coded(error.fault)
        if isinstance(error, ProblemsError):
            body["problems"] = [one.model_dump() for one in error.problems]
        return JSONResponse(body, error.status_code, error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        logger.opt(exception=error).error("{} {} failed", request.method, request.url.path)
        text = "This request failed inside the server; its log says more."
        body: dict[str, Any] = {"error": text}
        if is_openai(request.url.path):  # no middleware is around this any more
            body = failure(500, text).model_dump()
        return JSONResponse(body, 500, NO_PAGE)


def _plain(part: Param) -> Param:
    """Return what can be sent of where, or why, something is wrong."""
    return part[:500].encode("utf-8", "replace").decode() if isinstance(part, str) else part

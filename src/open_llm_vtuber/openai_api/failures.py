"""Why a request of OpenAI's API failed, as its SDKs read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from ..faults import FaultError
from ..masking import masked
from .server_sent import event

INVALID = "invalid_request_error"
_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_CODES: Mapping[int, str] = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
_BUSY = frozenset({"limit-reached", "service-busy", "quota-spent"})
_OURS_TO_MEND = frozenset({"prompt-too-long", "script-unspoken", "picture-refused"})
"""Faults that another request would not have."""


class ApiErrorBody(BaseModel):
    """What failed, and why."""

    message: str
    type: str
    """Such as `invalid_request_error`, `rate_limit_error`, `server_error`."""
    param: str | None = None
    """The field of the request that is wrong, where one is."""
    code: str | None = None
    """For programs: `model_not_found` and the like, or a code of docs/protocol.md."""


class ApiFailure(BaseModel):
    """The body of an answer that is a failure."""

    error: ApiErrorBody


class ApiError(Exception):
    """A request cannot be done."""

    def __init__(
        self, message: str, *, status: int = 400, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code

    @classmethod
    def of(cls, error: FaultError) -> ApiError:
        """Return what a fault of ours is there."""
        code = error.fault.code
        status = 429 if code in _BUSY else 400 if code in _OURS_TO_MEND else 500
        return cls(str(error), status=status, code=code)

    @classmethod
    def of_fields(cls, error: ValidationError) -> ApiError:
        """Return what is wrong with the fields of a request: the first mistake."""
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part)[:60] for part in first["loc"]) or None
        what = f"{where}: {first['msg']}" if where else first["msg"]
        return cls(what[:500], param=where)

    def body(self) -> dict[str, Any]:
        """Return the body of the answer."""
        return self._failure().model_dump()

    def event(self) -> bytes:
        """Return it as the last event of a stream that breaks off."""
        return event(self._failure(), sparse=False)

    def _failure(self) -> ApiFailure:
        return failure(self.status, str(self), self.param, self.code)


def failure(
    status: int, message: str, param: str | None = None, code: str | None = None
) -> ApiFailure:
    """Return what an answer of a status says."""
    kind = _TYPES.get(status, INVALID if status < 500 else "server_error")
    error = ApiErrorBody(
        message=masked(message), type=kind, param=param, code=code or _CODES.get(status)
    )
    return ApiFailure(error=error)

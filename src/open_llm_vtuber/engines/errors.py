"""What an engine raises where it could not do what was asked."""

from __future__ import annotations

from typing import ClassVar

from ..faults import ErrorCode, Fault, FaultError
from ..masking import masked


class EngineError(FaultError):
    """An engine could not do what was asked; the text says why and how to mend it.

    It is written for the person at the page: no key, no path of the package, no traceback.
    """

    code: ClassVar[ErrorCode] = "engine-failed"

    def __init__(self, text: str, fault: Fault | None = None) -> None:
        super().__init__(masked(text), fault)

"""Why a look cannot be added, changed or taken away; the text says how to mend it."""

from __future__ import annotations

from typing import ClassVar

from ..faults import ErrorCode, FaultError


class LookError(FaultError):
    """What was given is no look that can be used here."""

    code: ClassVar[ErrorCode] = "look-unfit"


class LookTooLargeError(LookError):
    """It holds more than a look may."""

    code: ClassVar[ErrorCode] = "file-too-large"


class LookGoneError(LookError):
    """There is no such look, or draft of one, any more."""

    code: ClassVar[ErrorCode] = "look-gone"


class LookTakenError(LookError):
    """Somebody looks like this, or another look is called so."""

    code: ClassVar[ErrorCode] = "look-taken"

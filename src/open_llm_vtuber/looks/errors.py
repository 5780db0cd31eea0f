"""Why a look cannot be added, changed or taken away; the text says how to mend it."""

from __future__ import annotations


class LookError(Exception):
    """What was given is no look that can be used here."""


class LookTooLargeError(LookError):
    """It holds more than a look may."""


class LookGoneError(LookError):
    """There is no such look, or draft of one, any more."""


class LookTakenError(LookError):
    """Somebody looks like this, or another look is called so."""

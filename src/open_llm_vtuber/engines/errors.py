"""What an engine raises where it could not do what was asked."""

from __future__ import annotations

from ..masking import masked


class EngineError(Exception):
    """An engine could not do what was asked; the text says why and how to mend it.

    It is written for the person at the page: no key, no path of the package, no traceback.
    """

    def __init__(self, text: str) -> None:
        super().__init__(masked(text))

"""What can go wrong between a source and a folder; the store turns it into a text for the user."""

import re

REASON_CHARACTERS = 300


class SourceError(Exception):
    """A source could not deliver; the text says why, in one line."""


class SilentSourceError(SourceError):
    """A source cannot be reached at all, whatever it is asked for."""


class WrongFileError(SourceError):
    """A file arrived, but it is not the one the catalogue names."""


def reason_from(text: str) -> str:
    """Make another program's message fit for a user: one line, without credentials of addresses."""
    line = " ".join(text.split())
    return re.sub(r"//[^/@\s]+@", "//", line)[:REASON_CHARACTERS]

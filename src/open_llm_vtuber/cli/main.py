"""The terminal's door: what is asked for is read first, and only what that needs is imported."""

from __future__ import annotations

import ctypes
import io
import sys

from .arguments import parser
from .importing import importing

LARGE_BYTES = 4 * 2**20


def main(arguments: list[str] | None = None) -> int:
    """Run the server, or what else was asked for; return the exit code."""
    say_what_can_be_said()
    options = parser().parse_args(arguments)
    give_memory_back()
    with importing():  # the version is said, and a wrong option told, without it
        from .commands import carry_out

    return carry_out(options)


def say_what_can_be_said() -> None:
    """Have a terminal or a pipe whose encoding lacks a letter show its number, not end us over it.

    On Windows what is written to a pipe or a file is in the encoding of the country.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # a windowed program has none
        sys.stdout.reconfigure(errors="backslashreplace")


def give_memory_back() -> None:
    """Have glibc give large blocks back to the system as soon as they are free.

    Else it keeps those of any size that was freed before: of a client that once sent pictures of
    15 MB stayed 60 MB. Below that it may keep some, or it would ask the system for each again.
    M_MMAP_THRESHOLD is -3 in malloc.h, M_TRIM_THRESHOLD -1; other libraries have no such call.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(-3, LARGE_BYTES)
        mallopt(-1, 2 * LARGE_BYTES)


if __name__ == "__main__":
    sys.exit(main())

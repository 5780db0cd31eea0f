"""Blocks of code between lines of ``` or ~~~, as Markdown has them; no I/O."""

from __future__ import annotations

import re

_OPENING = re.compile(r"[ \t]*(`{3,}(?=[^`]*$)|~{3,})")


def opening(line: str) -> str:
    """Return the fence with which `line` opens a block, "" if it opens none.

    Behind backticks may stand the name of a language, but no backtick: that is code in a line.
    """
    found = _OPENING.match(line)
    return found[1] if found else ""


def closes(line: str, fence: str) -> bool:
    """Tell whether `line` closes the block that `fence` opened."""
    mark = line.strip()
    return len(mark) >= len(fence) and mark == fence[0] * len(mark)


def within(text: str) -> bool:
    """Tell whether a block of code may be in `text`."""
    return "```" in text or "~~~" in text

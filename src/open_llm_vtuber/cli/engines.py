"""`--engines`: every engine there is, for the terminal."""

from __future__ import annotations

from ..engines.listing import HEADINGS, Row, listing


def table() -> str:
    """Return the engines of each kind, one a line, and which lack a package."""
    parts = []
    for kind, rows in listing():
        heading = f"{kind.label} engines ({'.'.join(kind.selector)}, default {kind.default})"
        parts.append("\n".join([heading, *_lines(rows)]))
    return "\n\n".join(parts)


def _lines(rows: list[Row]) -> list[str]:
    cells = [HEADINGS, *((row.name, *row.cells) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for line, missing in zip(cells, [(), *(row.missing for row in rows)], strict=True):
        padded = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        note = [f"(not installed: {', '.join(missing)})"] if missing else []
        lines.append("  ".join(["", *padded, *note]).rstrip())
    return lines

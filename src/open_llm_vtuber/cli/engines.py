"""`--engines`: every engine there is, for the terminal."""

from __future__ import annotations

from ..engines.listing import HEADINGS, INSTALL, Row, listing


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
    for line, last in zip(cells, [INSTALL, *map(_installed, rows)], strict=True):
        padded = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        lines.append("  ".join(["", *padded, last]).rstrip())
    return lines


def _installed(row: Row) -> str:
    """Return how what it needs is installed, and what of that is not."""
    missing = f"(not installed: {', '.join(row.missing)})" if row.missing else ""
    more = f"(for some settings: {', '.join(row.install_more)})" if row.install_more else ""
    return " ".join(filter(None, (row.install, more, missing)))

"""What a QR code on a page says: it is compared with what another program draws of a text."""

from __future__ import annotations

import re

import segno
from playwright.sync_api import Locator


def says(code: Locator, text: str) -> bool:
    """Whether the code that a page shows is that of `text`."""
    size = int((code.get_attribute("viewBox") or "").split()[-1])
    drawn = code.locator("path").last.get_attribute("d") or ""
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", drawn)}
    border = min(x for x, _ in dark)
    shown = {(x - border, y - border) for x, y in dark}
    version = (size - 2 * border - 17) // 4
    return any(shown == _modules(text, version, mask) for mask in range(8))


def _modules(text: str, version: int, mask: int) -> set[tuple[int, int]]:
    made = segno.make_qr(
        text, error="m", version=version, mask=mask, mode="byte", boost_error=False
    )
    rows = enumerate(made.matrix)
    return {(x, y) for y, row in rows for x, is_dark in enumerate(row) if is_dark}

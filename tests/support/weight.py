"""What a page weighs on its way to the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page

GOAL_BYTES = 600_000
"""Of the page itself: scripts, styles, fonts, answers; compressed, with headers."""
LOOKS = ("/live2d-models/", "/avatars/", "/bg/")
"""Where her pictures and drawings come from; they are weighed apart."""


def transferred(page: Page) -> dict[str, int]:
    """Return the bytes of each file that was fetched, by its address, as its server sent it."""
    entries: list[tuple[str, int]] = page.evaluate(
        """() => ["navigation", "resource"]
            .flatMap((kind) => performance.getEntriesByType(kind))
            .map(({ name, transferSize }) => [name, transferSize])"""
    )
    found: dict[str, int] = {}
    for address, size in entries:
        found[address] = found.get(address, 0) + size
    return found


def weights(page: Page) -> tuple[int, int]:
    """Return the bytes of the page itself, and of her looks."""
    files = transferred(page)
    looks = sum(size for address, size in files.items() if urlsplit(address).path.startswith(LOOKS))
    return sum(files.values()) - looks, looks

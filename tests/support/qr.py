"""What a QR code on a page says (ISO/IEC 18004): read as a camera does, but for mending errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Locator
from segno import consts

_LEVELS = (
    consts.ERROR_LEVEL_M,
    consts.ERROR_LEVEL_L,
    consts.ERROR_LEVEL_H,
    consts.ERROR_LEVEL_Q,
)
"""By the two bits that tell them."""
_MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda x, y: (x + y) % 2,
    lambda _, y: y % 2,
    lambda x, _: x % 3,
    lambda x, y: (x + y) % 3,
    lambda x, y: (x // 3 + y // 2) % 2,
    lambda x, y: x * y % 2 + x * y % 3,
    lambda x, y: (x * y % 2 + x * y % 3) % 2,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2,
)
_BYTES = 4
"""The mode of texts like ours."""


def says(code: Locator, text: str) -> bool:
    """Whether the code that a page shows is that of `text`."""
    size = int((code.get_attribute("viewBox") or "").split()[-1])
    drawn = code.locator("path").last.get_attribute("d") or ""
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", drawn)}
    border = min(x for x, _ in dark)
    return read({(x - border, y - border) for x, y in dark}, size - 2 * border) == text


def read(dark: set[tuple[int, int]], size: int) -> str:
    """Return the text of a code of so many modules; of the smaller versions alone."""
    version = (size - 17) // 4
    assert 1 <= version < 7
    places = [(8, y) for y in (0, 1, 2, 3, 4, 5, 7, 8)] + [(x, 8) for x in (7, 5, 4, 3, 2, 1, 0)]
    told = sum(((place in dark) << bit) for bit, place in enumerate(places)) ^ 0x5412
    level, mask = _LEVELS[told >> 13], _MASKS[told >> 10 & 7]
    bits = "".join(
        str(int(((x, y) in dark) ^ (mask(x, y) == 0))) for x, y in _data_places(version, size)
    )
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    kinds: Any = consts.ECC  # which has no type
    lengths = [kind[2] for kind in kinds[version][level] for _ in range(kind[0])]
    blocks: list[list[int]] = [[] for _ in lengths]
    coming = iter(words)
    for at in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if at < length:
                block.append(next(coming))
    data = "".join(f"{word:08b}" for block in blocks for word in block)
    assert int(data[:4], 2) == _BYTES
    count = int(data[4:12], 2)
    return bytes(int(data[12 + 8 * at : 20 + 8 * at], 2) for at in range(count)).decode()


def _data_places(version: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the modules that hold data, in its order."""
    middles = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    aligned = [(x, y) for x in middles for y in middles if (x, y) not in corners]

    def is_fixed(x: int, y: int) -> bool:
        finder = (x < 9 and y < 9) or (x > size - 9 and y < 9) or (x < 9 and y > size - 9)
        return finder or 6 in (x, y) or any(abs(x - a) < 3 and abs(y - b) < 3 for a, b in aligned)

    rights = [*range(size - 1, 6, -2), 5, 3, 1]
    for number, right in enumerate(rights):
        for step in range(size):
            y = step if number % 2 else size - 1 - step
            for x in (right, right - 1):
                if not is_fixed(x, y):
                    yield x, y

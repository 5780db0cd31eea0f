"""Wrong access tokens: who tries many of them has to wait, longer each time."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from hashlib import sha256

from .peers import neighbourhood
from .sparing import Rarely

MOST_KNOWN = 1024
"""Addresses that are remembered; who tried least lately is forgotten first."""
FORGOTTEN_S = 3600.0
"""After so long without a wrong token an address is as good as new."""
LONGEST_S = 300.0
_SAME = 8
"""Wrong tokens of an address that are known again: a page that was left open with an old token asks
with it for ever, and guesses nothing."""


@dataclass
class _Tries:
    count: int = 0
    until: float = 0.0
    at: float = 0.0
    latest: deque[bytes] = field(default_factory=lambda: deque(maxlen=_SAME))


class Guesses:
    """Belongs to one server."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """An address may try `most` wrong tokens; `clock` is in seconds."""
        self._most = most
        self._clock = clock
        self._by_address: OrderedDict[str, _Tries] = OrderedDict()
        self._told = Rarely()

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._by_address)

    def wait_s(self, peer: str) -> int:
        """Return for how many seconds more an address has to wait; 0 if it has not."""
        tries = self._by_address.get(neighbourhood(peer))
        return max(0, math.ceil(tries.until - self._clock())) if tries else 0

    def wrong(self, peer: str, tokens: Collection[str]) -> None:
        """Somebody at `peer` has offered `tokens`, and none of them is right.

        Who waits already is not looked at, and waits no longer for it.
        """
        if not tokens or self.wait_s(peer):
            return
        key, now = neighbourhood(peer), self._clock()
        tries = self._by_address.pop(key, None)
        if tries is None or now - tries.at > FORGOTTEN_S:
            tries = _Tries()
        self._by_address[key] = tries
        while len(self._by_address) > MOST_KNOWN:
            self._by_address.popitem(last=False)
        digests = {sha256(token.encode("utf-8", "surrogatepass")).digest() for token in tokens}
        new = digests.difference(tries.latest)
        if not new:
            return
        tries.latest.extend(new)
        tries.count, tries.at = tries.count + len(new), now
        if tries.count < self._most:
            return
        tries.until = now + min(2.0 ** min(tries.count - self._most, 16), LONGEST_S)
        self._told.warn(
            "{} times somebody had to wait after too many wrong access tokens, lately {} "
            "(system_config.limits.max_wrong_tokens)",
            key,
        )

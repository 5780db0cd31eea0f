"""Which of a service's addresses is asked next; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Addresses:
    """Addresses of one service, any of which answers alike.

    Who is asked is the one with the fewest requests, among equals the one that was chosen longest
    ago. One that could not be reached is not asked until it is well again, unless nobody else is
    left.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        """Raises ValueError if there is none."""
        if not urls:
            raise ValueError("a service has an address")
        self._busy = dict.fromkeys(urls, 0)
        """How many requests each is at work on; who was chosen longest ago comes first."""
        self._ill: set[str] = set()

    def __len__(self) -> int:
        return len(self._busy)

    @property
    def ill(self) -> Sequence[str]:
        """Those that could not be reached, and have not been since."""
        return [url for url in self._busy if url in self._ill]

    def in_turn(self) -> Iterator[str]:
        """Yield each once, in the order in which they are to be tried for one request.

        The next is chosen when it is asked for: what became of the last is known by then.
        """
        tried: set[str] = set()
        while left := [url for url in self._busy if url not in tried]:
            url = min(left, key=lambda one: (one in self._ill, self._busy[one]))
            tried.add(url)
            self._busy[url] = self._busy.pop(url)
            yield url

    @contextmanager
    def asked(self, url: str) -> Iterator[None]:
        """Count a request to one of them, for as long as it is answered."""
        self._busy[url] += 1
        try:
            yield
        finally:
            self._busy[url] -= 1

    def failed(self, url: str) -> None:
        """One of them cannot be reached."""
        self._ill.add(url)

    def answered(self, url: str) -> None:
        """One of them is well."""
        self._ill.discard(url)

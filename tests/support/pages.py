"""The pages as they are tested: built from today's sources, with the tools of their development."""

from __future__ import annotations

from filelock import FileLock

from tests.support.live import PROJECT
from tools import npm


def built() -> None:
    """Build and install what is not, once, however many processes run the tests."""
    (PROJECT / "node_modules").mkdir(exist_ok=True)
    with FileLock(PROJECT / "node_modules" / ".tests.lock"):
        npm.build()
        npm.install()

"""The pages as they are tested: built from today's sources, with the tools of their development."""

from __future__ import annotations

import sys
from pathlib import Path

from filelock import FileLock

from tools import npm


def built() -> None:
    """Build and install what is not, once, however many processes run the tests."""
    # Not in node_modules: npm empties that.
    with FileLock(Path(sys.prefix) / "pages-of-the-tests.lock"):
        npm.build()
        npm.install()

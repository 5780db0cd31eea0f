"""Write the reference pictures of the avatar: `uv run python -m tools.references`.

They are what tests/e2e/test_avatar.py compares with. Look at them before they are committed.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.browser import Browsers
from tests.support.avatar_page import RIG, build, png_of, served, stage
from tools.npm import ROOT

REFERENCES = ROOT / "tests" / "e2e" / "references"


def main() -> None:
    """Draw all sheets, and write those that are new or differ."""
    REFERENCES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        closing(Browsers(playwright)) as browsers,
        served(build(Path(folder) / "page")) as url,
        stage(browsers, url) as page,
    ):
        for name in page.evaluate("avatarPage.sheets"):
            png = png_of(page.evaluate("given => avatarPage.sheet(...given)", [name, RIG]))
            path = REFERENCES / f"{name}.png"
            if not path.exists() or path.read_bytes() != png:
                path.write_bytes(png)
                print(f"{path.relative_to(ROOT)}: {len(png) // 1000} kB")


if __name__ == "__main__":
    main()

"""The page at /: files served as they are, asked for anew after an update."""

from __future__ import annotations

import os
from typing import Any

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response


class Page(StaticFiles):
    """A browser may keep the files but asks each time whether they are still the newest.

    Without that it mixes modules of two versions. The type of scripts is said outright, since on
    Windows it comes from the registry, where it may be text/plain.
    """

    def file_response(self, full_path: str | os.PathLike[str], *args: Any, **kw: Any) -> Response:
        """Return a file with these headers."""
        response = super().file_response(full_path, *args, **kw)
        response.headers["Cache-Control"] = "no-cache"
        if str(full_path).endswith(".js"):
            response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response

"""The folders that are served as they are, in the documented order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from ..scaffold import provided

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".svg"})
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".json": "application/json",
}
"""Said outright, since on Windows they come from the registry, where they may be wrong."""

_NO_SCRIPTS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Files(StaticFiles):
    """A browser may keep the files but asks each time whether they are still the newest.

    Without that it mixes modules of two versions. Names that begin with a dot are not served.
    """

    def __init__(self, directory: Path, *, html: bool = False, only: frozenset[str] | None = None):
        super().__init__(directory=directory, html=html, check_dir=False)
        self._only = only
        self.config_checked = True  # a folder that is missing is no fault: it may be made later

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file. Raises HTTPException 403 and 404."""
        parts = Path(path).parts
        if any(part.startswith(".") and part != "." for part in parts) or "node_modules" in parts:
            raise HTTPException(404)
        if self._only is not None and Path(path).suffix.lower() not in self._only:
            raise HTTPException(403, "Forbidden file type")
        return await super().get_response(path, scope)

    def file_response(self, full_path: str | os.PathLike[str], *args: Any, **kw: Any) -> Response:
        """Return a file with these headers."""
        response = super().file_response(full_path, *args, **kw)
        suffix = Path(full_path).suffix.lower()
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if suffix in TYPES:
            response.headers["Content-Type"] = TYPES[suffix]
        if suffix == ".svg":  # a picture of somebody else's must not run scripts in our name
            response.headers["Content-Security-Policy"] = _NO_SCRIPTS
        return response


def page_folder(folder: Path, frontend_dir: str) -> Path:
    """Return the folder of the page: a built one inside it comes first."""
    page = provided(folder, frontend_dir)
    built = page / "dist"
    return built if (built / "index.html").is_file() else page


def mount_files(app: FastAPI, folder: Path, frontend_dir: str) -> None:
    """Mount every folder below `folder`; the page comes last, for it takes every path."""
    for path, name in (("/cache", "cache"), ("/live2d-models", "live2d-models")):
        app.mount(path, Files(folder / name), name)
    app.mount("/bg", Files(folder / "backgrounds"), "bg")
    app.mount("/avatars", Files(folder / "avatars", only=PICTURES), "avatars")

    for path in ("/web-tool", "/web_tool"):
        app.add_api_route(
            path,
            _to_index,
            status_code=302,
            response_class=RedirectResponse,
            tags=["pages"],
            summary="The page that tests ASR and TTS",
            operation_id="page_at_" + path.strip("/").replace("-", "_dash_"),
        )
    web_tool = page_folder(folder, "web_tool")
    app.mount("/web-tool", Files(web_tool, html=True), "web-tool")
    app.mount("/web_tool", Files(web_tool, html=True), "web_tool")
    app.mount("/", Files(page_folder(folder, frontend_dir), html=True), "page")


async def _to_index(request: Request) -> RedirectResponse:
    """Lead to the page itself, with the token of the address."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.url.path}/index.html{query}", 302)

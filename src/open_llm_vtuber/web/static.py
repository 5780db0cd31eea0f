"""The folders that are served as they are, in the documented order."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from loguru import logger
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Router
from starlette.staticfiles import NotModifiedResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..file_names import is_plain
from ..looks.archive import TAKEN
from ..shipped import ours
from . import trust
from .compression import SUFFIXES, CompressedFiles, accepted, shorter_headers
from .security import came_through_proxy
from .unbuilt import NotBuiltPage, warning

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".svg"})
"""What /avatars serves."""
PUBLIC_PICTURES = PICTURES | {".webp", ".avif"}
PUBLIC_MODEL_PARTS = PUBLIC_PICTURES | {
    *(".json", ".moc", ".moc3", ".mtn", ".vrm", ".wav", ".mp3", ".ogg")
}
LOOK_PARTS = TAKEN
"""What /look-drafts serves."""
PUBLIC_PAGE_PARTS = PUBLIC_PICTURES | {
    *(".js", ".mjs", ".css", ".wasm", ".onnx", ".webmanifest", ".ico"),
    *(".woff", ".woff2", ".ttf", ".otf", ".wav", ".mp3", ".ogg"),
}
"""What is served without the token too: a browser asks for the parts of a page, and a renderer for
those of a model, at an address that they make themselves. All else is for who knows the token."""
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".moc3": "application/octet-stream",
    ".vrm": "model/gltf-binary",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Said outright, since on Windows they come from the registry, where they may be wrong."""

STAND_INS = {"ceiling-window-room-night.jpeg": "attic-at-dusk.jpg"}
"""The original's web client asks for its first background whatever there is."""

HASHED = re.compile(r"assets/.*-[\w-]{8}\.\w+")
"""What a build names after its content: it never changes."""

_NO_SCRIPTS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Files(StaticFiles):
    """A browser may keep the files but asks each time whether they are still the newest.

    Without that it mixes modules of two versions; a name that holds a hash needs no question.
    Names that begin with a dot are not served. A file that is not in `directory` is looked for in
    `behind`. `strange` files are somebody else's, whatever they are.
    """

    def __init__(
        self,
        directory: Path,
        shortened: CompressedFiles,
        *,
        html: bool = False,
        hashed: bool = False,
        only: frozenset[str] | None = None,
        behind: Path | None = None,
        strange: bool = False,
    ):
        super().__init__(directory=directory, html=html, check_dir=False)
        if behind:
            self.all_directories = [directory, behind]
        self._shortened = shortened
        self._hashed = hashed
        self._only = only
        self._strange = strange
        self.config_checked = True  # a folder that is missing is no fault: it may be made later

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return a file that stands for the one that is asked for, where that is missing."""
        found = super().lookup_path(path)
        if found[1] is None and path in STAND_INS:
            return super().lookup_path(STAND_INS[path])
        return found

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file. Raises HTTPException 403 and 404."""
        parts = Path(path).parts
        if any(part.startswith(".") and part != "." for part in parts) or not is_plain(path):
            raise HTTPException(404)
        if "node_modules" in map(
            str.lower, parts
        ):  # of which Windows and macOS do not tell capitals
            raise HTTPException(404)
        if self._only is not None and Path(path).suffix.lower() not in self._only:
            raise HTTPException(403, "Forbidden file type")
        response = await super().get_response(path, scope)
        response = await self._shorter(response, Headers(scope=scope))
        if self._hashed and HASHED.fullmatch(Path(path).as_posix()):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    def file_response(self, full_path: str | os.PathLike[str], *args: Any, **kw: Any) -> Response:
        """Return a file with these headers."""
        response = super().file_response(full_path, *args, **kw)
        suffix = Path(full_path).suffix.lower()
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if suffix in TYPES:
            response.headers["Content-Type"] = TYPES[suffix]
        if suffix in SUFFIXES:
            response.headers.add_vary_header("Accept-Encoding")
        if (
            suffix == ".svg" or self._strange
        ):  # a picture of somebody else's must not run scripts in our name
            response.headers["Content-Security-Policy"] = _NO_SCRIPTS
        return response

    async def _shorter(self, whole: Response, asked: Headers) -> Response:
        """Return the compressed form of a file to who takes one, with the same headers."""
        stat = whole.stat_result if isinstance(whole, FileResponse) else None
        if not isinstance(whole, FileResponse) or stat is None or "range" in asked:
            return whole
        encodings = accepted(asked.get("accept-encoding", ""))
        found = await self._shortened.find(str(whole.path), stat, encodings)
        if found is None:
            return whole
        encoding, content = found
        headers = shorter_headers(whole.headers, encoding)
        if self.is_not_modified(Headers(headers), asked):
            return NotModifiedResponse(Headers(headers))
        if isinstance(content, bytes):
            return Response(content, whole.status_code, headers)
        return FileResponse(content, whole.status_code, headers)


def page_folder(folder: Path, name: str, own: str) -> Path | None:
    """Return the folder of a page, or of `own`, our page, where there is none in `name`.

    A built page inside it comes first. None stands for a folder with only the sources of a page.
    """
    for page in (folder / name, ours() / own):
        if (page / "dist" / "index.html").is_file():
            return page / "dist"
        if (page / "package.json").is_file():
            return None
        if (page / "index.html").is_file():
            return page
        if page.exists() or name != own:
            logger.warning("{} holds no index.html: there is no page in it", page)
    return folder / name


def mount_files(app: FastAPI, folder: Path, drafts: Path, frontend_dir: str) -> ASGIApp:
    """Mount every folder below `folder`; the page comes last, for it takes every path.

    `drafts` are looks that are not kept yet, each in a folder that cannot be guessed.

    Returns the application for who does not know the token: it has the public files and no route.
    It raises HTTPException for all else, so that what exists cannot be told from what does not.
    """
    shortened = CompressedFiles()
    public: list[Mount] = []

    def mount(path: str, name: str, directory: Path, parts: frozenset[str], **how: Any) -> None:
        app.mount(path, Files(directory, shortened, **how), name)
        how |= {"html": False, "only": parts}
        public.append(Mount(path, Files(directory, shortened, **how)))

    app.mount("/cache", Files(folder / "cache", shortened), "cache")
    for path, name, parts, only in (
        ("/live2d-models", "live2d-models", PUBLIC_MODEL_PARTS, None),
        ("/bg", "backgrounds", PUBLIC_PICTURES, None),
        ("/avatars", "avatars", PICTURES, PICTURES),
    ):
        strange = name == "live2d-models"
        mount(
            path, path[1:], folder / name, parts, only=only, behind=ours() / name, strange=strange
        )
    mount("/look-drafts", "look-drafts", drafts, LOOK_PARTS, only=LOOK_PARTS, strange=True)

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
    for name, own, paths in (
        ("web_tool", "web_tool", ("/web-tool", "/web_tool")),
        (frontend_dir, "frontend", ("/",)),
    ):
        found = page_folder(folder, name, own)
        if found is None:
            logger.warning("{}", warning(name))
        for path in paths:
            label = path.strip("/") or "page"
            if found is None:
                app.mount(path, NotBuiltPage(name), label)
            else:
                mount(path, label, found, PUBLIC_PAGE_PARTS, html=True, hashed=True)
    return Router([*trust.public(), *public], redirect_slashes=False, default=_nothing)


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise HTTPException(404)


async def _to_index(request: Request) -> RedirectResponse:
    """Lead to the page itself, with the token of the address.

    Where a proxy may have put the server below a path, it is named from where it is.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    path = request.url.path
    if came_through_proxy(request.headers):
        path = path.rpartition("/")[2]
    return RedirectResponse(f"{path}/index.html{query}", 302)

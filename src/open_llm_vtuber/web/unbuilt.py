"""What stands where a page would be whose sources are here but which has not been built."""

from __future__ import annotations

from html import escape

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from .page_headers import STYLES_ALONE

COMMAND = "uv sync --reinstall-package open-llm-vtuber"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The page has not been built</title>
<style>
  :root {{ color-scheme: light dark }}
  body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 15vh auto }}
  code {{ display: block; padding: .8rem 1rem; border: 1px solid; border-radius: .4rem }}
</style>
<h1>The page has not been built</h1>
<p>The server runs, but <b>{name}</b> holds only the sources of this page. Run this in the folder of
the project, then start the server again:</p>
<code>{command}</code>
<p>It needs no Node.js: one is fetched if the system has none.</p>
</html>
"""


def warning(name: str) -> str:
    """Return the line for the log."""
    return (
        f"{name} has not been built: its page cannot be shown. "
        f"Run `{COMMAND}` and start the server again."
    )


class NotBuiltPage:
    """An ASGI application: 503 and what to do for the page itself, 404 for its parts."""

    def __init__(self, name: str) -> None:
        self._page = _PAGE.format(name=escape(name), command=COMMAND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        if not scope["path"].endswith(("/", "/index.html")):
            raise HTTPException(404)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": STYLES_ALONE}
        await HTMLResponse(self._page, 503, headers)(scope, receive, send)

"""/docs: the HTTP interface, to be read and tried in a browser."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

router = APIRouter()

_VIEWER = "https://cdn.jsdelivr.net"
"""Where the viewer is fetched from by who opens this page; nothing is sent there."""
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """Return the page; it asks for the description beside it, with the token of its address."""
    token = request.query_params.get("token")
    query = f"?token={quote(token, safe='')}" if token else ""
    page = get_swagger_ui_html(openapi_url=f"openapi.json{query}", title="Open-LLM-VTuber")
    inline = (_hash(script) for script in _INLINE.findall(bytes(page.body).decode()))
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {_VIEWER} {' '.join(inline)}; "
        f"style-src {_VIEWER} 'unsafe-inline'; img-src data: https://fastapi.tiangolo.com; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return page


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'"

"""What another device needs to trust this computer: the authority's certificate, and how."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.routing import Route

from ..certificates import Authority
from .errors import responses
from .page_headers import STYLES_ALONE
from .security import Doors

router = APIRouter(tags=["pages"])

_NONE = responses(s404="no authority of this computer signs for it")


@router.get("/authority.crt", response_class=Response, responses=_NONE)
async def certificate(request: Request) -> Response:
    """Return the certificate of this computer's authority, as devices want it to install it."""
    return Response(_authority(request).der, media_type="application/x-x509-ca-cert")


@router.get("/trust", response_class=HTMLResponse, responses=_NONE)
async def page(request: Request) -> HTMLResponse:
    """Return a page that says for each kind of device how to install it."""
    authority = _authority(request)
    language = "zh" if _prefers_chinese(request.headers.get("accept-language", "")) else "en"
    text = _text(f"{language}.html").replace("{{style}}", _text("style.css"))
    parts = [authority.fingerprint[start : start + 24] for start in range(0, 95, 24)]
    shown = "<br>".join(escape(part.rstrip(":")) for part in parts)
    return HTMLResponse(
        text.replace("{{fingerprint}}", shown),
        headers={
            "Content-Security-Policy": STYLES_ALONE,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language",
        },
    )


def public() -> list[Route]:
    """Return the same for who does not know the token: a device trusts first and comes then."""
    return [Route("/authority.crt", certificate), Route("/trust", page)]


def _authority(request: Request) -> Authority:
    doors: Doors = request.app.state.doors
    if doors.authority is None:
        raise HTTPException(404, "No authority of this computer signs for this server.")
    return doors.authority


def _text(name: str) -> str:
    return files(__package__).joinpath(f"trust_pages/{name}").read_text("utf-8")


def _prefers_chinese(accepted: str) -> bool:
    return accepted.strip().lower().startswith("zh")

"""/api/reach: at which addresses other devices find this server, for the page to show them."""

from __future__ import annotations

from typing import Literal

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from .config_api import Owner
from .device_access import device_of
from .errors import responses
from .security import Access, Doors

router = APIRouter(prefix="/api/reach", tags=["settings"])


class Reach(BaseModel):
    """How other devices come in, as the server runs now."""

    by: Literal["https", "http", "none"] = Field(
        description='"http": browsers give no microphone there. "none": this computer alone.'
    )
    urls: list[str] = Field(
        description="What to open there, the likeliest first. On the server's own computer, where "
        "no token is asked for, with the token that other devices need; else without one."
    )
    trust: str = Field(description="Where a device is told how to trust this computer, or empty.")
    fingerprint: str = Field(description="SHA-256 of the authority that it then trusts, or empty.")


@router.get("", responses=responses(s403="this client may not read settings"))
async def reach(request: Request, response: Response, _: Owner) -> Reach:
    """Tell at which addresses other devices find this server."""
    response.headers["Cache-Control"] = "no-store"
    doors: Doors = request.app.state.doors
    # A device that came by a token of its own is not told the one that outlasts that.
    device = device_of(request.scope)
    knows_token = doors.by(request.scope).token is not None or device is not None
    return await anyio.to_thread.run_sync(_reach, doors, not knows_token)


def _reach(doors: Doors, tells_token: bool) -> Reach:
    if doors.others and (hosts := doors.hosts()):
        urls = _urls(doors.others, hosts, tells_token=tells_token)
        if doors.authority is None:
            return Reach(by="https", urls=urls, trust="", fingerprint="")
        trust = _bare(urls[0]) + "trust"
        return Reach(by="https", urls=urls, trust=trust, fingerprint=doors.authority.fingerprint)
    hosts = doors.own.hosts()
    urls = _urls(doors.own, hosts, tells_token=tells_token)
    return Reach(by="http" if urls else "none", urls=urls, trust="", fingerprint="")


def _urls(access: Access, hosts: list[str], *, tells_token: bool) -> list[str]:
    found = [access.url(host) for host in hosts]
    return found if tells_token else [_bare(url) for url in found]


def _bare(url: str) -> str:
    return url.partition("?")[0]

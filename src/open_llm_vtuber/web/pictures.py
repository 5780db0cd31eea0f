"""GET /conversations/picture: a picture that was shown in a stored conversation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ..history.pictures import is_name
from ..history.store import HistoryError, valid_uid
from ..server.server import Server
from .conversations import refuse_other_sites
from .errors import responses

_UNKNOWN = "There is no such picture: it was deleted with its message, or made room for newer ones."

router = APIRouter(tags=["conversations"])
Name = Annotated[str, Query(min_length=1, max_length=1024)]


@router.get(
    "/conversations/picture",
    response_class=Response,
    responses=responses(
        s403="a page of another site asks",
        s404="there is no such picture",
        s503="the stored conversations cannot be used",
    ),
)
async def picture(request: Request, conf_uid: Name, history_uid: Name, name: Name) -> Response:
    """Return a picture as it was shown; `history-data` has the address.

    With pages of other sites it is not shared, as the socket is not. No browser keeps it, so that
    what is deleted is nowhere.
    """
    refuse_other_sites(request)
    if not (valid_uid(history_uid) and is_name(name)):
        raise HTTPException(404, _UNKNOWN)
    server: Server = request.app.state.server
    try:
        found = await server.history.picture(conf_uid, history_uid, name)
    except HistoryError as error:
        raise HTTPException(503, str(error)) from error
    if found is None:
        raise HTTPException(404, _UNKNOWN)
    return Response(
        found.data,
        media_type=found.mime_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )

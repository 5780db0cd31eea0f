"""GET /conversations/export: a stored conversation as a file, read and sent a part at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from ..conversation.speaking.feelings import Faces
from ..conversation.stored_answers import shown
from ..history import entries, listing, reads
from ..history.as_text import YOU, Form, encoded, heading, json_end, json_of, line
from ..history.store import HistoryError, HistoryStore, valid_uid
from ..server.server import Server
from .errors import responses
from .origins import Host, read_host
from .security import access_of

_PART = 200
"""Rows that are read at a time."""
_TYPES: dict[Form, tuple[str, str]] = {
    "json": ("application/json", "json"),
    "text": ("text/plain; charset=utf-8", "txt"),
}
_UNKNOWN = "There is no such conversation."

router = APIRouter(tags=["conversations"])
Name = Annotated[str, Query(min_length=1, max_length=1024)]


@router.get(
    "/conversations/export",
    response_class=StreamingResponse,
    responses=responses(
        s403="a page of another site asks",
        s404="there is no such conversation",
        s503="the stored conversations cannot be used",
    ),
)
async def export(
    request: Request,
    conf_uid: Name,
    history_uid: Name,
    form: Form = "text",
    person: Annotated[str, Query(max_length=200)] = "",
) -> StreamingResponse:
    """Return a conversation: `json` is what its file in `chat_history/` holds, `text` is to read.

    There `person` is who said what was stored without a name; else whose conversation it is, or
    "You".

    With pages of other sites it is not shared, as the socket is not.
    """
    refuse_other_sites(request)
    server: Server = request.app.state.server
    store = server.history
    if not valid_uid(history_uid):
        raise HTTPException(404, _UNKNOWN)
    try:
        found = await store.read(lambda one: listing.one(one, conf_uid, history_uid))
        whose = await store.read(lambda one: listing.person_of(one, conf_uid, history_uid))
    except HistoryError as error:
        raise HTTPException(503, str(error)) from error
    if found is None:
        raise HTTPException(404, _UNKNOWN)
    kind, ending = _TYPES[form]
    name = quote(f"{_plain(found.title) or 'conversation'}.{ending}")
    return StreamingResponse(
        _json(store, found) if form == "json" else _text(store, found, person or whose or YOU),
        media_type=kind,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def refuse_other_sites(request: Request) -> None:
    """Raise HTTPException where a page of another site asks for what was said."""
    access = access_of(request)
    host = read_host(request.headers.get("host", "")) or Host("", None)
    if refusal := access.refusal_of_origin(request.headers.get("origin"), host):
        raise HTTPException(403, refusal)
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise HTTPException(403, "Pages of other sites cannot have conversations.")


async def _json(store: HistoryStore, found: listing.Listed) -> AsyncGenerator[bytes, None]:
    empty = True
    async for rows in _rows(store, found):
        text = ""
        for row in rows:
            text += json_of(entries.to_entry(row), first=empty)
            empty = False
        yield encoded(text)
    yield encoded(json_end(empty=empty))


async def _text(
    store: HistoryStore, found: listing.Listed, person: str
) -> AsyncGenerator[bytes, None]:
    yield encoded(heading(found.title, found.people))
    faces = Faces({})
    async for rows in _rows(store, found):
        said = [entries.to_message_of_group(row) for row in rows if row["role"] != entries.HIDDEN]
        yield encoded("".join(line(one, "", person) for one in await shown(said, faces)))


async def _rows(
    store: HistoryStore, found: listing.Listed
) -> AsyncGenerator[list[dict[str, Any]], None]:
    last = 0
    while True:
        query = listing.rows_after(found.conf_uid, found.uid, last, _PART)
        rows = await store.read(partial(reads.read, query=query, make=dict[str, Any]))
        if rows:
            yield rows
        if len(rows) < _PART:
            return
        last = rows[-1]["id"]


def _plain(title: str) -> str:
    """Return a title as the name of a file anywhere."""
    return "".join(" " if char in '/\\:*?"<>|' else char for char in title)[:80].strip(" .")

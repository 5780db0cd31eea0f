"""/character-lore: the lorebook of a character, read and changed."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..cards.reading import MOST_ENTRIES
from ..server.character_lore import LoreFields
from .characters import Owner, told
from .errors import responses

router = APIRouter(tags=["characters"])


class LoreEntry(BaseModel):
    """Something that is told where one of its keys is spoken of."""

    id: str = Field(description="Of what it says: a change of another entry leaves it as it is.")
    keys: list[str]
    content: str
    enabled: bool
    constant: bool = Field(description="Whether it is always told.")


class Lorebook(BaseModel):
    """The lorebook of a character."""

    etag: str = Field(description='Tells this text of the card from others; "" without a card.')
    entries: list[LoreEntry] = Field(description="The last is told last, right before the words.")
    most_bytes: int = Field(
        description="So much UTF-8 is told at once; an entry that is longer never is."
    )
    problems: list[str] = Field(description="A line for each thing that does nothing.")


class LoreChange(BaseModel):
    """The whole list as it is to be; what is not named in it goes."""

    etag: str | None = Field(
        default=None, max_length=100, description="Of the card that the change was made for."
    )
    entries: list[LoreFields] = Field(max_length=MOST_ENTRIES)


_FAILURES = responses(
    s400="it cannot be done; the text says what to do",
    s404="there is no such character",
    s409="the card was changed meanwhile",
)


@router.get("/character-lore/{file:path}", responses=_FAILURES)
async def lore(owner: Owner, file: str) -> Lorebook:
    """Tell what is in the lorebook of a character."""
    found = await told(owner.lore(file))
    entries = [
        LoreEntry(
            id=one.id,
            keys=list(one.entry.keys),
            content=one.entry.content,
            enabled=one.entry.enabled,
            constant=one.entry.constant,
        )
        for one in found.entries
    ]
    return Lorebook(
        etag=found.etag,
        entries=entries,
        most_bytes=found.most_bytes,
        problems=list(found.problems),
    )


@router.put("/character-lore/{file:path}", responses=_FAILURES)
async def change(owner: Owner, file: str, body: LoreChange) -> Lorebook:
    """Change the lorebook of a character; who talks with it has the changed one from then on."""
    await told(owner.set_lore(file, [one.wanted() for one in body.entries], body.etag))
    return await lore(owner, file)

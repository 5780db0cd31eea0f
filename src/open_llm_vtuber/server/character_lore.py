"""The lorebook of a character, which is in its card: what it says, and what changes make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..cards.card import Card, CardError, LoreBook
from ..cards.character import card_of
from ..cards.lore_editing import ListedEntry, WantedEntry, edited, listed
from ..cards.lorebook import Lorebook
from ..cards.reading import MAX_JSON_BYTES, MOST_KEYS
from ..cards.values import MAX_TEXT_CHARS, clean
from ..cards.writing import to_json
from ..cjk import written_in
from ..config.rewriting import changed_meanwhile, etag
from ..human_name import called
from ..whole_file import write_whole
from . import character_texts as texts
from .stored_cards import SUFFIX, card_path, load_card

_BACKUP = ".bak"
_Key = Annotated[str, AfterValidator(lambda key: " ".join(clean(key).split()))]


class LoreFields(BaseModel):
    """An entry of a lorebook at its place in the list; what is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(
        default=None, max_length=40, description="Of an entry that is there; null for a new one."
    )
    keys: list[Annotated[_Key, Field(max_length=200)]] | None = Field(
        default=None, max_length=MOST_KEYS, description="The words that it is told for."
    )
    content: Annotated[str, AfterValidator(clean)] | None = Field(
        default=None, max_length=MAX_TEXT_CHARS
    )
    enabled: bool | None = None
    constant: bool | None = Field(default=None, description="Whether it is always told.")

    def wanted(self) -> WantedEntry:
        """Return the same for what changes lorebooks."""
        keys = None if self.keys is None else tuple(dict.fromkeys(filter(None, self.keys)))
        return WantedEntry(self.id, keys, self.content, self.enabled, self.constant)


@dataclass(frozen=True)
class Lore:
    """A lorebook as a card has it."""

    etag: str
    """Tells this text of the card from others; "" where there is no card."""
    entries: Sequence[ListedEntry]
    """In the order in which they are told."""
    most_bytes: int
    """What may be told at once; an entry with more UTF-8 is never told."""
    problems: Sequence[str]
    """What of it does nothing, a line each."""


@dataclass(frozen=True)
class CardChange:
    """A card that is to be written."""

    path: Path
    before: bytes | None
    """What the file holds now; None where it is a new one."""
    after: bytes

    def write(self) -> None:
        """Write it, and keep what it was as `.bak`. It blocks; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.before is not None:
            write_whole(self.path.with_name(self.path.name + _BACKUP), self.before)
        write_whole(self.path, self.after)

    def take_back(self) -> None:
        """Have the file be what it was. It blocks; raises OSError."""
        if self.before is None:
            self.path.unlink(missing_ok=True)
        else:
            write_whole(self.path, self.before)


def lore_of(folder: Path, values: Mapping[str, object]) -> Lore:
    """Return the lorebook of a character of which the files say `values`.

    It blocks; raises CardError.
    """
    card, data = _card(folder, values)
    book = card.character_book if card else None
    made = texts.described(values)
    chinese = written_in(made.persona_prompt) == "zh"
    person = called(texts.text_of(values, "human_name"), chinese=chinese)
    lore = Lorebook(book or LoreBook(), char=made.name, user=person)
    return Lore(etag(data) if data else "", listed(book), lore.room, lore.problems)


def changed(
    folder: Path,
    stem: str,
    values: Mapping[str, object],
    wanted: Sequence[WantedEntry],
    expected: str | None,
    *,
    is_own: bool,
) -> CardChange:
    """Return the card of a character with other entries in its lorebook.

    One that is not its own alone is left as it is, and so is what has no card: then it is a new
    file, called after `stem`. It blocks; raises CardError, and ChangedMeanwhileError where the card
    is not what it was at the etag `expected`.
    """
    card, data = _card(folder, values)
    name = texts.text_of(values, "card")
    if expected is not None and expected != (etag(data) if data else ""):
        raise changed_meanwhile(folder / (name or f"{stem}{SUFFIX}"))
    book = edited(card.character_book if card else None, wanted)
    whole = replace(card or card_of(texts.described(values), None), character_book=book)
    after = to_json(whole)
    if len(after) > MAX_JSON_BYTES:
        raise CardError(f"The card would hold more than {MAX_JSON_BYTES // 2**20} MiB of text.")
    if data is not None and is_own:
        return CardChange(card_path(folder, name), data, after)
    free, count = stem, 1
    while (folder / f"{free}{SUFFIX}").exists():
        count += 1
        free = f"{stem}_{count}"
    return CardChange(folder / f"{free}{SUFFIX}", None, after)


def _card(folder: Path, values: Mapping[str, object]) -> tuple[Card | None, bytes | None]:
    """Return the card that a character names, and its bytes; None where it names none."""
    name = texts.text_of(values, "card")
    if not name:
        return None, None
    card = load_card(folder, name)
    return card, card_path(folder, name).read_bytes()

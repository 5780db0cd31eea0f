"""The cards that characters were made of, kept as JSON beside them."""

from __future__ import annotations

from pathlib import Path

from ..cards.card import Card, CardError
from ..cards.lorebook import Lorebook
from ..cards.reading import MAX_JSON_BYTES, parse
from ..config import CharacterConfig
from ..file_names import is_plain
from ..human_name import called

SUFFIX = ".card.json"
"""How the name of such a file ends, as we write it."""


def card_path(folder: Path, name: str) -> Path:
    """Return where a card of a folder is. Raises CardError for what is no file in it."""
    if not is_plain(name) or ".." in Path(name).parts or Path(name).suffix.lower() != ".json":
        raise CardError(f"card: {name[:80]!r} is not the name of a .json file in {folder.name}/.")
    return folder / name


def load_card(folder: Path, name: str) -> Card:
    """Return a card. It reads the disk; raises CardError."""
    try:
        with card_path(folder, name).open("rb") as file:
            data = file.read(MAX_JSON_BYTES + 1)
    except (OSError, ValueError):
        raise CardError(f"card: there is no {name[:80]} in {folder.name}/, ignored") from None
    try:
        return parse(data)[0]
    except CardError as error:
        raise CardError(f"card: {folder.name}/{name}: {error}") from None


def lorebook_of(folder: Path, character: CharacterConfig) -> tuple[Lorebook | None, list[str]]:
    """Return the lorebook of a character, if it has one, and what of it does nothing."""
    if not character.card:
        return None, []
    try:
        book = load_card(folder, character.card).character_book
    except CardError as error:
        return None, [str(error)]
    if book is None:
        return None, []
    person = called(character.human_name, chinese=character.spoken_language == "zh")
    lore = Lorebook(book, char=character.called, user=person)
    return (lore if len(lore) else None), [f"{character.card}: {line}" for line in lore.problems]

"""A Card as a file: JSON of version 3, and a PNG with that and the same of version 2; pure."""

from __future__ import annotations

import base64
import json

from . import png
from .card import Card, LoreBook, LoreEntry

_NO_PICTURE = (400, 600, (96, 104, 128))
"""Width, height and colour of what stands for a picture that is no PNG."""


def to_json(card: Card) -> bytes:
    """Return a card of version 3."""
    return _json("chara_card_v3", "3.0", _data(card))


def to_png(card: Card, picture: bytes | None) -> bytes:
    """Return a picture with a card in it, of version 3, and of version 2 for older programs."""
    found = png.picture(picture) if picture and png.is_png(picture) else None
    held = {
        "chara": _json("chara_card_v2", "2.0", _data(card)),
        "ccv3": to_json(card),
    }
    texts = {name: base64.b64encode(text) for name, text in held.items()}
    return png.with_texts(found or png.plain(*_NO_PICTURE), texts)


def _json(spec: str, version: str, data: dict[str, object]) -> bytes:
    whole = {"spec": spec, "spec_version": version, "data": data}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8")


def _data(card: Card) -> dict[str, object]:
    book = {"character_book": _book(card.character_book)} if card.character_book else {}
    nickname = {"nickname": card.nickname} if card.nickname else {}
    return {
        **card.other,
        "name": card.name,
        **nickname,
        "description": card.description,
        "personality": card.personality,
        "scenario": card.scenario,
        "first_mes": card.first_mes,
        "mes_example": card.mes_example,
        "creator_notes": card.creator_notes,
        "system_prompt": card.system_prompt,
        "post_history_instructions": card.post_history_instructions,
        "alternate_greetings": list(card.alternate_greetings),
        "tags": list(card.tags),
        "creator": card.creator,
        "character_version": card.character_version,
        **book,
        # Programs want these to be there.
        "extensions": card.other.get("extensions", {}),
        "group_only_greetings": card.other.get("group_only_greetings", []),
    }


def _book(book: LoreBook) -> dict[str, object]:
    bounds = {"scan_depth": book.scan_depth, "token_budget": book.token_budget}
    return {
        **book.other,
        **{name: bound for name, bound in bounds.items() if bound is not None},
        "recursive_scanning": book.recursive_scanning,
        "extensions": book.other.get("extensions", {}),
        "entries": [_entry(one) for one in book.entries],
    }


def _entry(entry: LoreEntry) -> dict[str, object]:
    priority = {} if entry.priority is None else {"priority": entry.priority}
    return {
        **entry.other,
        "keys": list(entry.keys),
        "content": entry.content,
        "extensions": entry.other.get("extensions", {}),
        "enabled": entry.enabled,
        "insertion_order": entry.insertion_order,
        "case_sensitive": entry.case_sensitive,
        "use_regex": entry.use_regex,
        "constant": entry.constant,
        "selective": entry.selective,
        "secondary_keys": list(entry.secondary_keys),
        **priority,
    }

"""The JSON of a card, of version 1, 2 or 3 or of older programs, becomes a Card; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .card import Card, CardError, LoreBook, LoreEntry
from .values import MAX_TEXT_CHARS, Kept, flag_of, number_of, text_of, texts_of

MAX_JSON_BYTES = 8 * 2**20
MOST_ENTRIES = 1000
"""Of a lorebook."""
MOST_KEYS = 50
"""Of an entry."""

_OLDER = {
    "name": "char_name",
    "description": "char_persona",
    "scenario": "world_scenario",
    "first_mes": "char_greeting",
    "mes_example": "example_dialogue",
}
"""How programs before version 1 named things."""
_TEXTS = (
    "name",
    "nickname",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
    "creator_notes",
)
_KNOWN = frozenset({*_TEXTS, *_OLDER.values(), "alternate_greetings", "tags", "character_book"})
_SAYS_SOMETHING = ("description", "personality", "scenario", "first_mes", "mes_example")
_OF_BOOK = frozenset({"entries", "scan_depth", "token_budget", "recursive_scanning"})
_OF_ENTRY = frozenset(
    {
        *("keys", "key", "content", "enabled", "disable", "insertion_order", "order"),
        *("case_sensitive", "caseSensitive", "use_regex", "constant", "selective"),
        *("secondary_keys", "keysecondary", "priority"),
    }
)


def parse(data: bytes) -> tuple[Card, list[str]]:
    """Return the card that some JSON holds, and a line for each thing that was lost of it.

    Raises CardError.
    """
    if len(data) > MAX_JSON_BYTES:
        raise CardError(
            f"The card holds more than {MAX_JSON_BYTES // 2**20} MiB of text. Leave entries out of "
            "its lorebook in the program that made it."
        )
    try:
        values = json.loads(data.decode("utf-8-sig", "replace"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise CardError(
            "The card's text is no JSON: the file is damaged, or of another kind. Export it anew "
            "as PNG or JSON in the program that made it."
        ) from None
    return card_of(values)


def card_of(values: object) -> tuple[Card, list[str]]:
    """Return the card that a value of JSON means, and what was lost of it. Raises CardError."""
    if not isinstance(values, Mapping):
        raise CardError("This JSON is no character card: a card is an object with a `name`.")
    inner = values.get("data")
    fields = {**values, **inner} if isinstance(inner, Mapping) else dict(values)
    for name, older in _OLDER.items():
        if not text_of(fields.get(name)) and text_of(fields.get(older)):
            fields[name] = fields[older]
    texts = {name: text_of(fields.get(name)) for name in _TEXTS}
    notes = []
    if not texts["name"].strip():
        if not any(texts[name] for name in _SAYS_SOMETHING):
            raise CardError(
                "This JSON is no character card: it has neither a `name` nor a `description`."
            )
        texts["name"] = texts["nickname"] or "Nameless"
        notes.append("The card has no name.")
    if any(len(text) == MAX_TEXT_CHARS for text in texts.values()):
        notes.append(f"A text is cut off after {MAX_TEXT_CHARS:,} characters.")
    kept = Kept()
    book = _book(fields.get("character_book"), kept, notes)
    own = inner if isinstance(inner, Mapping) else values
    card = Card(
        **texts,
        alternate_greetings=texts_of(fields.get("alternate_greetings")),
        tags=texts_of(fields.get("tags"), ","),
        character_book=book,
        other=kept.of(own, _KNOWN | {"data", "spec", "spec_version"}),
    )
    if kept.is_cut:
        notes.append("The card has more extensions than are kept; some are lost.")
    return card, notes


def _book(values: object, kept: Kept, notes: list[str]) -> LoreBook | None:
    if not isinstance(values, Mapping):
        return None
    listed = values.get("entries")
    if isinstance(listed, Mapping):  # as in files of world info
        listed = list(listed.values())
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    if len(found) > MOST_ENTRIES:
        notes.append(f"Of {len(found)} entries of the lorebook the first {MOST_ENTRIES} are taken.")
    return LoreBook(
        entries=tuple(_entry(one, kept) for one in found[:MOST_ENTRIES]),
        scan_depth=number_of(values.get("scan_depth")),
        token_budget=number_of(values.get("token_budget")),
        recursive_scanning=flag_of(values.get("recursive_scanning")),
        other=kept.of(values, _OF_BOOK),
    )


def _entry(values: Mapping[object, object], kept: Kept) -> LoreEntry:
    order = number_of(values.get("insertion_order", values.get("order")))
    disabled = flag_of(values.get("disable"))
    keys = texts_of(values.get("keys", values.get("key")), ",")
    others = texts_of(values.get("secondary_keys", values.get("keysecondary")), ",")
    return LoreEntry(
        keys=keys[:MOST_KEYS],
        content=text_of(values.get("content")),
        enabled=flag_of(values.get("enabled"), default=not disabled),
        insertion_order=100 if order is None else order,
        case_sensitive=flag_of(values.get("case_sensitive", values.get("caseSensitive"))),
        use_regex=flag_of(values.get("use_regex")),
        constant=flag_of(values.get("constant")),
        selective=flag_of(values.get("selective")),
        secondary_keys=others[:MOST_KEYS],
        priority=number_of(values.get("priority")),
        other=kept.of(values, _OF_ENTRY),
    )

"""What the person is called where a text has `{{user}}`: never the default, which is no name."""

from __future__ import annotations

UNNAMED = "Human"
"""The `human_name` of who has given none."""


def called(human_name: str, person: str = "", *, chinese: bool, aloud: bool = False) -> str:
    """Return the name that a `person` told, else that of the file, else a word for one.

    `aloud` is for what the character says to them; other texts are told to the character.
    """
    if person:
        return person
    if human_name not in ("", UNNAMED):
        return human_name
    if aloud:
        return "朋友" if chinese else "my friend"
    return "你的朋友" if chinese else "your friend"

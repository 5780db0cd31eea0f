"""A character's file as text, and what a person may set of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..cards.character import CardCharacter, tidy
from ..config.editing import Value, edited
from ..config.languages import check_language
from ..config.source import Location
from ..file_names import DEVICES

SECTION = "character_config"
_HEAD = "# Laid over conf.yaml: what is not said here is as it is there.\n"
_ODD = re.compile(r"[^\w-]+")
_LONGEST = 40
"""Characters of a file's name."""

_Text = Annotated[str, AfterValidator(tidy)]


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())


Name = Annotated[str, AfterValidator(_one_line)]


class ExampleLines(BaseModel):
    """Something that a person might say, and how the character would answer."""

    model_config = ConfigDict(extra="forbid")

    human: _Text = Field(min_length=1, max_length=4000)
    character: _Text = Field(min_length=1, max_length=4000)


class CharacterFields(BaseModel):
    """What is set of a character; what is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    conf_name: Name | None = Field(default=None, max_length=80, description="In the list.")
    character_name: Name | None = Field(default=None, max_length=80)
    human_name: Name | None = Field(default=None, max_length=80)
    persona_prompt: _Text | None = Field(default=None, max_length=100_000)
    greeting: _Text | None = Field(default=None, max_length=4000)
    example_dialogue: list[ExampleLines] | None = Field(default=None, max_length=100)
    avatar: Name | None = Field(default=None, max_length=120, description="A file in avatars/.")
    live2d_model_name: Name | None = Field(default=None, max_length=120)
    language: Annotated[str, AfterValidator(check_language)] | None = None
    tts_model: Name | None = Field(
        default=None, max_length=80, description="The engine that speaks, as `--engines` lists it."
    )
    voice: Name | None = Field(
        default=None, max_length=120, description="Whom it speaks as, where it has several."
    )

    def values(self) -> dict[str, Value]:
        """Return what is given, by the keys of a character's file; its voice stands deeper."""
        return self.model_dump(exclude_none=True, exclude={"tts_model", "voice"})


def made_of(made: CardCharacter) -> dict[str, Value]:
    """Return what a file holds of a character that a card describes."""
    return {
        "character_name": made.name,
        "persona_prompt": made.persona_prompt,
        "greeting": made.greeting,
        "example_dialogue": [
            {"human": human, "character": hers} for human, hers in made.example_dialogue
        ],
    }


def who_she_is(values: Mapping[str, object]) -> dict[str, Value]:
    """Return what of a character makes a copy of it that is laid over the same conf.yaml."""
    fields = {
        **{key: text_of(values, key) for key in ("character_name", "avatar", "live2d_model_name")},
        **made_of(described(values)),
    }
    return {key: value for key, value in fields.items() if value}


def described(values: Mapping[str, object]) -> CardCharacter:
    """Return what a card tells of the character of a file."""
    turns = values.get("example_dialogue")
    pairs = [
        (text_of(turn, "human"), text_of(turn, "character"))
        for turn in (turns if isinstance(turns, list) else [])
        if isinstance(turn, Mapping)
    ]
    return CardCharacter(
        text_of(values, "character_name") or text_of(values, "conf_name"),
        text_of(values, "persona_prompt"),
        text_of(values, "greeting"),
        tuple((human, hers) for human, hers in pairs if human and hers),
    )


def text_of(values: Mapping[str, object], key: str) -> str:
    """Return a text of a file, without what stands around it; "" where there is none."""
    value = values.get(key)
    return tidy(value) if isinstance(value, str) else ""


def new_text(name: str, values: Mapping[str, Value]) -> str:
    """Return the text of a new file `name`. Raises ConfigError."""
    changes: dict[Location, Value] = {(SECTION,): dict(values)}
    return edited(name, _HEAD, changes)


def new_uid(stem: str) -> str:
    """Return a conf_uid that no character has or had."""
    return f"{stem}_{secrets.token_hex(4)}"


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name for a list in which each is there once."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted} ({count})"
    return name


def stem_of(name: str) -> str:
    """Return the name of a character as that of a file, without its end."""
    stem = _ODD.sub("_", name.casefold()).strip("_")[:_LONGEST].strip("_")
    return stem if stem and not DEVICES.fullmatch(stem) else f"character_{stem}".rstrip("_")

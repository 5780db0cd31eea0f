"""What a client may send of tools and settings: what is allowed, and what is chosen. Extensions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool

from .incoming_parts import Identified, Incoming, Name


class ToolPermissionAnswer(Incoming):
    """Answers a `tool-permission-request` of the same `id`. Extension `tool-permission`."""

    type: Literal["tool-permission-answer"] = "tool-permission-answer"
    id: str = Field(max_length=64)
    allow: StrictBool
    remember: StrictBool = False
    """With `allow`: whether this tool need not be asked for again, as it is described now."""


class ToolQuestionPlayed(Incoming):
    """She has asked aloud, and her voice has died away. Extension `spoken-questions`."""

    type: Literal["tool-question-played"] = "tool-question-played"
    id: str = Field(max_length=64)


class FetchToolPermissions(Incoming):
    """Asks which tools were allowed for good. An extension."""

    type: Literal["fetch-tool-permissions"] = "fetch-tool-permissions"


class TakeBackToolPermission(Incoming):
    """A tool that was allowed for good is asked for again. An extension."""

    type: Literal["take-back-tool-permission"] = "take-back-tool-permission"
    server: str = Field(max_length=1000)
    tool: str = Field(max_length=1000)


class AboutSettings(Identified):
    """A message about what the server's files say. Extension `settings`."""


class FetchLanguageModels(AboutSettings):
    """Asks which language models there are on the server's computer. Extension `settings`."""

    type: Literal["fetch-language-models"] = "fetch-language-models"


class ChooseLanguageModel(AboutSettings):
    """Have the characters answer with one of `language-models` from now. Extension `settings`."""

    type: Literal["choose-language-model"] = "choose-language-model"
    server: Name
    """As in `language-models`."""
    model: Name


class FetchLanguages(AboutSettings):
    """Asks which languages the character can be spoken with in. Extension `settings`."""

    type: Literal["fetch-languages"] = "fetch-languages"


class ChooseLanguage(AboutSettings):
    """Have the character speak another language from now on. Extension `settings`."""

    type: Literal["choose-language"] = "choose-language"
    language: Name
    """One of `languages`."""


class ChooseRemembering(AboutSettings):
    """Have the character know earlier conversations in later ones, or not. Extension `settings`."""

    type: Literal["choose-remembering"] = "choose-remembering"
    remembers: StrictBool

"""What one client asks of the server's settings: which choices there are, and that one is made."""

from __future__ import annotations

from ..faults import fault
from ..protocol.extra import LanguageModels, Languages, SettingsChanged
from ..protocol.frames import ProtocolError
from ..protocol.incoming_settings import (
    AboutSettings,
    ChooseLanguage,
    ChooseLanguageModel,
    ChooseRemembering,
    FetchLanguageModels,
    FetchLanguages,
)
from .extensions import Extensions
from .introduction import Introduction
from .services import SettingsOwner


class Settings:
    """Belongs to one client."""

    def __init__(
        self, owner: SettingsOwner, introduction: Introduction, extensions: Extensions
    ) -> None:
        self._owner = owner
        self._introduction = introduction
        self._extensions = extensions

    async def answer(self, message: AboutSettings) -> None:
        """Answer a message. Raises ProtocolError, EngineError, ConfigError, ClientGoneError."""
        if "settings" not in self._extensions:
            raise ProtocolError(
                "Settings are changed by clients with the extension `settings`. Who may have it is "
                "on the server's own computer, or knows its access token.",
                fault("settings-forbidden"),
            )
        answer = await self._made(message)
        answer.request_id = message.request_id
        await self._extensions.send("settings", answer)

    async def _made(self, message: AboutSettings) -> LanguageModels | Languages | SettingsChanged:
        owner, file = self._owner, self._introduction.file
        match message:
            case FetchLanguageModels():
                told = await owner.language_models(file)
                if told.suggested:
                    told.in_use = self._introduction.model_in_use or None
                return told
            case FetchLanguages():
                return await owner.languages(file)
            case ChooseLanguageModel(server=server, model=model):
                return SettingsChanged(file=await owner.choose_language_model(file, server, model))
            case ChooseLanguage(language=language):
                return SettingsChanged(file=await owner.choose_language(file, language))
            case ChooseRemembering(remembers=remembers):
                written = await owner.choose_remembering(file, remembers=remembers)
                return SettingsChanged(file=written)
            case _:
                raise ProtocolError("There is no answer to this message.")

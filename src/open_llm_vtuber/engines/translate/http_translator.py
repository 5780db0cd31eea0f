"""What the translators that are services have in common: an account, a request for a sentence."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, TypeVar

import orjson
from pydantic import ConfigDict

from ...faults import fault
from ..base import EngineConfig, EngineError
from ..http_engine import HttpEngine
from .base import TranslateEngine


class HttpTranslatorConfig(EngineConfig):
    """A section of one of them; what is a text may be written as a number."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


ConfigT = TypeVar("ConfigT", bound=HttpTranslatorConfig)


class HttpTranslator(HttpEngine[ConfigT], TranslateEngine[ConfigT]):
    """Is asked over HTTP, a sentence a request.

    A class of it says besides how (`ask`) and where in the answer the words are (`words`).
    """

    concurrency = 2  # both services count requests by the second
    section = "translator_config"

    @abstractmethod
    async def ask(self, text: str, target: str) -> bytes:
        """Return what the service answers. Raises EngineError."""

    @abstractmethod
    def words(self, answer: Any) -> str:
        """Return the translation in an answer that was JSON.

        Raises EngineError where it says what went wrong, and TypeError or LookupError if it has
        nothing of that form.
        """

    async def translate(self, text: str, *, target: str) -> str:
        """Return `text` in the language `target`. Raises EngineError."""
        answer = await self.ask(text, target)
        try:
            if words := self.words(orjson.loads(answer)).strip():
                return words
        except (orjson.JSONDecodeError, TypeError, LookupError, AttributeError) as error:
            raise self.odd_answer("an answer that is no translation") from error
        raise self.odd_answer("an empty translation")

    def odd_answer(self, what: str) -> EngineError:
        """Return what is told of an answer that has another form."""
        return EngineError(f"{self.http.service.whereabouts} sent {what}.", fault("service-failed"))

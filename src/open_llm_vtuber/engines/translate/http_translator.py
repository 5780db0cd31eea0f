"""What the translators that are services have in common: an account, a request for a sentence."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import orjson
from pydantic import ConfigDict

from ...faults import fault
from ...http_errors import Service
from ..base import EngineConfig, EngineError, Resources
from ..http_client import HttpClient
from ..tts.http_tts import NO_KEYS
from .base import TranslateEngine


class HttpTranslatorConfig(EngineConfig):
    """A section of one of them; what is a text may be written as a number."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


ConfigT = TypeVar("ConfigT", bound=HttpTranslatorConfig)


class HttpTranslator(TranslateEngine[ConfigT]):
    """Is asked over HTTP, a sentence a request.

    A class of it says who is asked (`_service`), how (`_ask`) and where in the answer the words are
    (`_words`).
    """

    concurrency = 2  # both services count requests by the second
    needed: ClassVar[Mapping[str, str]] = {}
    """The keys of its section without which it does not translate, and where one has each."""
    _http: HttpClient

    @abstractmethod
    def _service(self) -> Service:
        """Return who is asked, as a person is told of it."""

    @abstractmethod
    async def _ask(self, text: str, target: str) -> bytes:
        """Return what the service answers. Raises EngineError."""

    @abstractmethod
    def _words(self, answer: Any) -> str:
        """Return the translation in an answer that was JSON.

        Raises EngineError where it says what went wrong, and TypeError or LookupError if it has
        nothing of that form.
        """

    def _headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {}

    def _key(self, name: str) -> str:
        """Return how a person finds a key of its section."""
        return f"translator_config.{self.name}.{name}"

    async def load(self, resources: Resources) -> None:
        """Open the account; the service is not asked anything yet. Raises EngineError."""
        for name, where in self.needed.items():
            if getattr(self.config, name).strip().lower() in NO_KEYS | {""}:
                raise EngineError(
                    f"{self.name} needs {self._key(name)} in conf.yaml, which is not set: {where}.",
                    fault("key-wrong"),
                )
        self._http = await self.run(resources.http, self._service(), headers=self._headers())

    async def translate(self, text: str, *, target: str) -> str:
        """Return `text` in the language `target`. Raises EngineError."""
        answer = await self._ask(text, target)
        try:
            if words := self._words(orjson.loads(answer)).strip():
                return words
        except (orjson.JSONDecodeError, TypeError, LookupError, AttributeError) as error:
            raise self._odd("an answer that is no translation") from error
        raise self._odd("an empty translation")

    async def close(self) -> None:
        """Close the connections."""
        await super().close()
        if http := getattr(self, "_http", None):
            await http.close()

    def _odd(self, what: str) -> EngineError:
        return EngineError(
            f"{self._http.service.whereabouts} sent {what}.", fault("service-failed")
        )

"""What a translator must do: a sentence in, the same in another language out."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any

from ..base import C, Engine
from ..trial import SENTENCE, Stopwatch, Trial
from ..work_time import work_timeout


class TranslateEngine(Engine[C]):
    """Translates a sentence before it is spoken."""

    too_slow = (
        "The translation of a sentence took longer than {limit} s "
        "(system_config.limits.translate_timeout_s)."
    )

    @property
    @abstractmethod
    def target(self) -> str:
        """The language into which the character has its sentences translated."""

    @abstractmethod
    async def translate(self, text: str, *, target: str) -> str:
        """Return `text` in the language `target`. Raises EngineError.

        Call `in_turn` instead: this is what an engine does when it is its turn.
        """

    async def in_turn(
        self,
        text: str,
        *,
        target: str | None = None,
        before_s: float = 0.0,
        timeout_s: float = math.inf,
    ) -> str:
        """Return `text` in another language, that of the character unless `target` says one.

        What has no letter in it is returned as it is. `before_s` is how long what was said before
        in the same answer sounds; `timeout_s` counts from when it is its turn. Raises EngineError.
        """
        if not any(map(str.isalpha, text)):
            return text
        try:
            async with self.place(before_s):
                with work_timeout(timeout_s):
                    return await self.translate(text, target=target or self.target)
        except TimeoutError:
            raise self._late(timeout_s) from None

    async def trial(self, trial: Trial) -> str:
        """Translate a sentence."""
        took = Stopwatch()
        text = await self.in_turn(SENTENCE)
        return f'{took.ms:.0f} ms; in {self.target}: "{text[:60]}"'


AnyTranslate = TranslateEngine[Any]

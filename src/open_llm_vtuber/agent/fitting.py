"""A prompt that was refused, made so that it may be taken: shorter, or without pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loguru import logger

from ..engines.base import EngineError
from ..engines.llm.base import (
    AnyLLM,
    ChatMessage,
    ContextFullError,
    PicturesRefusedError,
    PromptRefusedError,
    size_bytes,
)
from ..faults import fault
from .base import Notice
from .memory import PROMPT_SHARE, older_half

GROWTH = 1 / 16
"""How much more may be asked after a long prompt was taken: a refusal can have been a mistake."""
SHORTENINGS = 4
"""How often the older half of what was said before is left out; then all of it is."""
BLIND = Notice(
    "The language model cannot see pictures; it is answered without them. "
    "Choose one that can in conf.yaml (agent_config.llm_configs).",
    "pictures-unseen",
)
UNSEEN = "(A picture that you cannot see.)"


class Fitting:
    """The prompt of one answer; what its refusals teach is noted on the engine."""

    def __init__(self, llm: AnyLLM, prompt: Sequence[ChatMessage]) -> None:
        self._llm = llm
        self.messages = list(prompt)
        """What the model is asked with; the answer's own calls and results are put behind."""
        self._before = self.messages[1:-1]
        self._question = len(self.messages) - 1
        self._shortened = 0
        self._refused_bytes = 0
        self._notice: Notice | None = None
        if llm.sees is False and self._has_pictures:
            self._leave_out_pictures()
            self._notice = BLIND

    def mend(self, refusal: PromptRefusedError) -> None:
        """Change the prompt so that it may be taken. Raises EngineError if there is no way."""
        pictures = self._has_pictures
        if isinstance(refusal, ContextFullError) and self._shorten():
            logger.info("the prompt was refused as too long; older messages are left out")
        elif pictures:
            self._leave_out_pictures()
            self._lengthen()
            blind = isinstance(refusal, PicturesRefusedError) and self._llm.sees is False
            refused = f"It is answered without the picture: {refusal}"
            self._notice = BLIND if blind else Notice(refused, "picture-refused")
        elif isinstance(refusal, ContextFullError):
            raise EngineError(
                f"{refusal} It was too long even without what had been said before.",
                fault("prompt-too-long"),
            ) from refusal
        else:
            raise refusal

    def taken(self) -> Notice | None:
        """Note that the prompt was taken; return what the person is to be told, if anything."""
        if self._refused_bytes:
            fits = max(size_bytes(self.messages), int(self._refused_bytes * PROMPT_SHARE))
            self._llm.prompt_bytes, self._refused_bytes = fits, 0
        elif (most := self._llm.prompt_bytes) and size_bytes(self.messages) > most / 2:
            self._llm.prompt_bytes = most + int(most * GROWTH)
        notice, self._notice = self._notice, None
        return notice

    def ask_again(self, instruction: str) -> None:
        """Add an instruction for the model to what it is asked."""
        last = self.messages[-1]
        if last.role == "user":
            content = f"{last.content}\n{instruction}".strip()
            self.messages[-1] = replace(last, content=content)
        else:
            self.messages.append(ChatMessage("user", instruction))

    @property
    def _has_pictures(self) -> bool:
        return any(message.images for message in self.messages)

    def _shorten(self) -> bool:
        """Leave out the older half of what was said before; return whether there was any."""
        before = self.messages[1 : self._question]
        if not before:
            return False
        self._refused_bytes = size_bytes(self.messages)
        kept = older_half(before) if self._shortened < SHORTENINGS else []
        self._shortened += 1
        self.messages[1 : self._question] = kept
        self._question = 1 + len(kept)
        return True

    def _lengthen(self) -> None:
        """Put back what was left out in vain: the pictures may have been all that was too large."""
        self.messages[1 : self._question] = self._before
        self._question = 1 + len(self._before)
        self._shortened = self._refused_bytes = 0

    def _leave_out_pictures(self) -> None:
        self.messages = [
            replace(message, content=message.content or UNSEEN, images=())
            if message.images
            else message
            for message in self.messages
        ]

"""A server with OpenAI's completions API: a model that goes on with a text that we write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import orjson
from pydantic import Field, field_validator

from ..about import About
from .base import ChatMessage
from .chat_templates import TEMPLATES
from .dialect import Dialect
from .openai_service import ChatCompletionsLLM, OpenAICompatibleConfig


class TemplateConfig(OpenAICompatibleConfig):
    """A server of models without a chat template of their own, and the template to use."""

    base_url: str = Field(
        "http://localhost:8080/v1",
        description="The address of the API, up to and without '/completions'.",
    )
    template: str = Field(
        "CHATML",
        description=f"How the conversation is written as one text: {', '.join(TEMPLATES)}. The "
        "model's own page says which it was trained with.",
    )
    max_tokens: int | None = Field(
        1024, ge=1, description="The longest answer, in tokens; many servers' own limit is 16."
    )

    @field_validator("template", mode="before")
    @classmethod
    def _is_known(cls, name: object) -> object:
        if not name:
            return "CHATML"
        if not isinstance(name, str):
            return name
        found = name.upper().replace("-", "").replace("_", "").replace(" ", "")
        if found not in TEMPLATES:
            raise ValueError(f"expected the name of a template: {', '.join(TEMPLATES)}")
        return found


class TemplateLLM(ChatCompletionsLLM[TemplateConfig]):
    """Tools are described to it in words; pictures it sees none."""

    name: ClassVar[str] = "stateless_llm_with_template"
    about = About("server", "of the model", "of the server", tested="for real")
    Config = TemplateConfig
    path = "/completions"
    not_found = "has no such model, or no completions at this base_url"

    def __init__(self, config: TemplateConfig) -> None:
        super().__init__(config)
        self.sees = False

    @property
    def takes_tools(self) -> bool:
        """There is no place for them."""
        return False

    def _body(self, messages: Sequence[ChatMessage], dialect: Dialect) -> bytes:
        config, template = self.config, TEMPLATES[self.config.template]
        body = {
            "model": config.model,
            "prompt": template.rendered(messages),
            "stop": template.stop[:4],  # OpenAI takes no more
            "stream": True,
            "temperature": self._temperature,
            dialect.limit_key: config.max_tokens,
        }
        return orjson.dumps({key: value for key, value in body.items() if value is not None})

"""The services with OpenAI's chat completions API that differ in nothing but what is in a row."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from pydantic import Field, create_model

from ..about import About
from .base import AnyLLM, Role
from .dialect import USUAL, Dialect
from .openai_service import ChatCompletionsLLM, OpenAICompatibleConfig


@dataclass(frozen=True)
class Provider:
    """One service: what its section of conf.yaml holds where nothing is written."""

    name: str
    summary: str
    base_url: str
    model: str
    account: str = ""
    """Whose key it needs, as in "Your ... API key."; empty where any text will do."""
    key: str = "default_api_key"
    """What is sent where none is needed."""
    interrupt_role: Role = "user"
    dialect: Dialect = USUAL
    """How it is asked."""


_LOCAL = "qwen2.5:latest"

PROVIDERS: Sequence[Provider] = (
    Provider(
        "openai_compatible_llm",
        "Any service or local server with this API.",
        "http://localhost:11434/v1",
        _LOCAL,
        key="somethingelse",
    ),
    Provider(
        "lmstudio_llm",
        "LM Studio, on this computer or another.",
        "http://localhost:1234/v1",
        _LOCAL,
        interrupt_role="system",
    ),
    Provider(
        "openai_llm",
        "OpenAI.",
        "https://api.openai.com/v1",
        "gpt-4o",
        account="OpenAI",
        interrupt_role="system",
        # https://platform.openai.com/docs/api-reference/chat: it takes no thoughts, and gives none
        dialect=Dialect(limit_key="max_completion_tokens", takes_thoughts=False),
    ),
    Provider(
        "gemini_llm",
        "Google Gemini.",
        "https://generativelanguage.googleapis.com/v1beta/openai/",
        "gemini-2.0-flash-exp",
        account="Gemini",
        # its thoughts come back in `extra_content` of the calls
        dialect=Dialect(takes_thoughts=False),
    ),
    Provider(
        "zhipu_llm",
        "Zhipu AI.",
        "https://open.bigmodel.cn/api/paas/v4/",
        "glm-4-flash",
        account="Zhipu AI",
        dialect=Dialect(system="first"),
    ),
    Provider(
        "deepseek_llm",
        "DeepSeek.",
        "https://api.deepseek.com/v1",
        "deepseek-chat",
        account="DeepSeek",
    ),
    Provider(
        "groq_llm",
        "Groq.",
        "https://api.groq.com/openai/v1",
        "llama-3.3-70b-versatile",
        account="Groq",
        interrupt_role="system",
        # https://console.groq.com/docs/openai: "property 'reasoning_content' is unsupported"
        dialect=Dialect(takes_thoughts=False),
    ),
    Provider(
        "openrouter_llm",
        "OpenRouter: models of many makers with one key.",
        "https://openrouter.ai/api/v1",
        "openrouter/auto",
        account="OpenRouter",
    ),
    Provider(
        "mistral_llm",
        "Mistral.",
        "https://api.mistral.ai/v1",
        "pixtral-large-latest",
        account="Mistral",
        # it answers a system message after the first, or roles that do not take turns, with 400,
        # and a key that it does not know with 422
        dialect=Dialect(system="first", alternates=True, takes_thoughts=False),
    ),
)


def _engine(provider: Provider) -> type[AnyLLM]:
    """Return the engine class of a row."""
    key = _default("llm_api_key", provider.key)
    if provider.account:
        key = (str, Field("", repr=False, description=f"Your {provider.account} API key."))
    config = create_model(
        f"{provider.name}_config",
        __base__=OpenAICompatibleConfig,
        __module__=__name__,
        __doc__=provider.summary,
        interrupt_method=_default("interrupt_method", provider.interrupt_role),
        base_url=_default("base_url", provider.base_url),
        llm_api_key=key,
        model=_default("model", provider.model),
    )
    terms = f"terms of {provider.account}" if provider.account else "of the server"
    members = {
        "about": About(
            "service" if provider.account else "server",
            "of the model",
            terms,
            tested="with a stand-in",
        ),
        "__doc__": provider.summary,
        "__module__": __name__,
        "name": provider.name,
        "Config": config,
        "account": provider.account,
        "dialect": provider.dialect,
    }
    return type(provider.name, (ChatCompletionsLLM,), members)


def _default(key: str, value: str) -> Any:
    """Return the field `key` of the common config with another default."""
    field = copy(OpenAICompatibleConfig.model_fields[key])
    field.default = value
    return field.annotation, field


ENGINES = tuple(_engine(provider) for provider in PROVIDERS)

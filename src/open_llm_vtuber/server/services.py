"""The services that think for who has a key: which there are, and where they would be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from ..config import Config
from ..engines import registry
from ..engines.llm.service_llm import ServiceLLM


@dataclass(frozen=True)
class LanguageModelService:
    """A service that needs the key of an account."""

    engine: str
    account: str
    """Whose key it needs, as people call it."""
    host: str
    """To which the key and what is said would be sent, as conf.yaml has it."""
    model: str
    """The one that is asked for unless another is named."""
    missing: str
    """The package that it needs and this installation lacks; "" where it has all."""


def services(config: Config) -> list[LanguageModelService]:
    """Return those that this version knows, by the names of their accounts."""
    written = config.character_config.agent_config.llm_configs.model_extra or {}
    found = []
    for name, engine in registry.engines("llm").items():
        if not issubclass(engine, ServiceLLM) or not engine.account:
            continue
        section = written.get(name)
        own = section if isinstance(section, Mapping) else {}
        fields = engine.Config.model_fields
        address, model = (str(own.get(key) or fields[key].default) for key in ("base_url", "model"))
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
        missing = next((one for one in engine.requires if find_spec(one) is None), "")
        found.append(LanguageModelService(name, engine.account, host, model, missing))
    return sorted(found, key=lambda one: one.account.lower())

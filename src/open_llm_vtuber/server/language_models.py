"""Which keys have a character think with a model of this computer, and whether it does so yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from ..config import Config
from ..config.source import Location, Source, lookup
from ..engines.account import is_own_key
from ..engines.base import EngineError
from ..engines.kinds import KINDS
from ..engines.llm.local_servers import RunningServer
from ..engines.registry import EngineChoice, find
from ..faults import fault
from ..http_settings import is_loopback
from ..protocol.extra import LanguageModels, LanguageModelServer

SMALL = "default-llm"
ADDRESS = "base_url"
OURS: Location = (*KINDS["llm"].sections, KINDS["llm"].default, "model_path")
"""Which model of the catalogue is run by this program."""


def is_small(choice: EngineChoice) -> bool:
    """Whether this chooses the small language model that comes with the program."""
    kind = KINDS["llm"]
    small = getattr(choice.config, "model_path", "") == SMALL
    return choice.kind == kind.name and choice.name == kind.default and small


def told(found: Sequence[RunningServer], config: Config) -> LanguageModels:
    """Return what a client is told of the servers that were found, and of its character."""
    servers = [
        LanguageModelServer(
            server=one.server.name,
            engine=one.server.engine,
            base_url=one.base_url,
            models=list(one.models),
        )
        for one in found
    ]
    if _provider(config) is None:
        return LanguageModels(servers=servers, engine="", model="", suggested=False)
    choice = config.character_config.engine("llm")
    model = getattr(choice.config, "model", "") or getattr(choice.config, "model_path", "")
    return LanguageModels(
        servers=servers, engine=choice.name, model=str(model), suggested=is_small(choice)
    )


def chosen(
    found: Sequence[RunningServer], server: str, model: str, config: Config
) -> dict[Location, str]:
    """Return the keys, by their places, that choose a model of a server. Raises EngineError.

    Only what was found can be chosen: no address and no engine comes from the client.
    """
    running = next((one for one in found if one.server.name == server), None)
    if running is None:
        raise EngineError(
            f"{server[:80]} does not run on this computer now: start it, then choose again.",
            fault("language-model-absent", "llm", name=server[:80]),
        )
    if model not in running.models:
        raise EngineError(
            f"{server} has no model {model[:80]!r} now.",
            fault("language-model-absent", "llm", name=model[:80]),
        )
    provider = _provider(config)
    if provider is None:
        raise EngineError("The agent of this character thinks elsewhere; it takes no model.")
    section = (*KINDS["llm"].sections, running.server.engine)
    spare_key(config, (*section, ADDRESS), "conf.yaml")
    return {
        provider: running.server.engine,
        (*section, ADDRESS): running.base_url,
        (*section, "model"): model,
    }


def of_ours(model: str, known: Sequence[str], config: Config) -> dict[Location, str]:
    """Return the keys, by their places, that have this program run one of the `known` models.

    Raises EngineError where it is none of them: this key could also name a file.
    """
    if model not in known:
        raise EngineError(
            f"There is no language model {model[:80]!r} to be run here.",
            fault("language-model-absent", "llm", name=model[:80]),
        )
    provider = _provider(config)
    if provider is None:
        raise EngineError("The agent of this character thinks elsewhere; it takes no model.")
    return {provider: KINDS["llm"].default, OURS: model}


def address_in(changes: Mapping[Location, str]) -> Location:
    """Return which of these keys is an address."""
    return next(location for location in changes if location[-1] == ADDRESS)


def spare_key(config: Config, address: Location, file: str) -> None:
    """See that a character has no key for the server at the `address` that is to be changed.

    Raises EngineError: the new one would be sent that key.
    """
    *section, _ = address
    if _has_key_for_elsewhere(config, str(section[-1])):
        raise EngineError(
            f"{'.'.join(map(str, section))} of {file} has a key for another server, which would be "
            "sent to this one: choose it by hand in conf.yaml, with llm_api_key: none."
        )


def names_any(source: Source, changes: dict[Location, str]) -> bool:
    """Whether a file names one of these keys itself."""
    return any(lookup(source.values, location) is not None for location in changes)


def _has_key_for_elsewhere(config: Config, engine: str) -> bool:
    """Whether the section of an engine has somebody's key, and the address of another computer."""
    written = config.character_config.agent_config.llm_configs.model_extra or {}
    section = written.get(engine)
    if not isinstance(section, Mapping):
        return False
    key = str(section.get("llm_api_key") or "none")
    if key.lower() == "none" or not is_own_key(key):
        return False
    address = str(section.get("base_url") or "")
    if "://" not in address:
        address = f"http://{address}"
    return not is_loopback(urlsplit(address).hostname or "")


def _provider(config: Config) -> Location | None:
    """Return the place of the key by which the agent chooses its language model, if it has one."""
    agent = config.character_config.engine("agent")
    uses = find("agent", agent.name).uses
    key = next((key for key, kind in uses.items() if kind == "llm"), None)
    return (*KINDS["agent"].sections, agent.section, key) if key else None

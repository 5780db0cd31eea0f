"""What `--check` says of language models that run on this computer already, and were not chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..engines.base import Resources
from ..engines.llm.local_servers import LOCAL_SERVERS, LocalServer, discover
from ..engines.registry import EngineChoice
from ..server.language_models import is_small

NAMED = 5
"""How many models of one server are named."""


async def nearby(
    chosen: Iterable[EngineChoice],
    resources: Resources,
    servers: Sequence[LocalServer] = LOCAL_SERVERS,
) -> list[tuple[str, str]]:
    """Return the engine and a line for each server that runs here and has models.

    None unless the small model that comes with the program is the one that was `chosen`: who has
    chosen another knows what there is.
    """
    if not any(is_small(choice) for choice in chosen):
        return []
    return [
        (
            one.server.engine,
            f"not chosen, but {one.server.name} runs here with {_names(one.models)}: "
            f'`llm_provider: {one.server.engine}`, with base_url: "{one.base_url}" and a model',
        )
        for one in await discover(resources, servers)
        if one.models
    ]


def _names(models: Sequence[str]) -> str:
    more = f" and {len(models) - NAMED} more" if len(models) > NAMED else ""
    return ", ".join(models[:NAMED]) + more

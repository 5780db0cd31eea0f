"""What this computer has for a model: processor cores, memory, and how fast weights are read."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PART_BYTES, PARTS = 4 << 20, 16
"""What one core reads at a time, and how many such parts it has: more than it keeps by itself."""
MEASURE_S = 0.2
"""How long is measured."""
DISPLAY_BYTES = 2 << 30
"""What the memory of a graphics processor has to be more than, to be for more than a display."""
WITHOUT_A_LIMIT = 1 << 60
"""What a control group without a limit has for one is more than this, or no number."""


@dataclass(frozen=True)
class Gpu:
    """A graphics processor that language models can be computed with."""

    name: str
    free_bytes: int
    """Of its memory."""


@dataclass(frozen=True)
class Machine:
    """What there is for a model now."""

    cores: int
    """Processor cores, hyperthreads not counted."""
    total_bytes: int
    """Memory that this process could have at most."""
    free_bytes: int
    """Memory that it could have now."""
    name: str = ""
    """What the processor calls itself."""
    gpu: Gpu | None = None
    """What else computes here; None where that was not looked for."""

    @property
    def fingerprint(self) -> str:
        """What changes when something that was measured has to be measured again."""
        return f"{self.name}, {self.cores} cores, {self.total_bytes / (1 << 30):.0f} GiB"


def machine(root: Path = Path("/")) -> Machine:
    """Look at this computer, whose /proc and /sys are below `root`."""
    total, free = _memory(root)
    limit, used = _group(root)
    if limit < WITHOUT_A_LIMIT:
        total, free = min(total, limit), max(0, min(free, limit - used))
    return Machine(cores(), total, free, _processor(root))


def graphics(root: Path = Path("/")) -> str:
    """Return whose graphics processor there seems to be, "" for none; no library is asked.

    Whether anything can compute with it is another question.
    """
    if sys.platform == "darwin":
        return "Apple" if platform.machine() == "arm64" else ""
    if any(root.glob("proc/driver/nvidia/gpus/*")) or shutil.which("nvidia-smi"):
        return "NVIDIA"
    for memory in root.glob("sys/class/drm/card*/device/mem_info_vram_total"):
        if _number(memory) > DISPLAY_BYTES:
            return "AMD"
    return ""


def cores() -> int:
    """Return how many processor cores this process may use, hyperthreads not counted."""
    if hasattr(os, "sched_getaffinity"):
        cpus = [Path(f"/sys/devices/system/cpu/cpu{cpu}") for cpu in os.sched_getaffinity(0)]
        files = [cpu / "topology" / "thread_siblings_list" for cpu in cpus]
        if all(file.exists() for file in files):
            return len({file.read_text("utf-8") for file in files})
        return len(cpus)
    return max(1, (os.cpu_count() or 2) // 2)


def reading_speed(stop: threading.Event, readers: int) -> float:
    """Return how many bytes of weights so many cores take from memory in a second, together.

    Of each core the fastest part counts: on a busy computer most are interrupted, and what is
    measured is kept for long. Takes a fifth of a second, after the memory for it was had.
    """
    with ThreadPoolExecutor(readers) as threads:
        return sum(threads.map(_read, [stop] * readers))


def _read(stop: threading.Event) -> float:
    """Read with one core, and return its bytes in a second."""
    import numpy as np

    parts = np.ones((PARTS, PART_BYTES // 4), np.int32)
    fastest_s, begun = float("inf"), time.perf_counter()
    while True:
        for part in parts:
            start = time.perf_counter()
            part.max()
            fastest_s = min(fastest_s, time.perf_counter() - start)
        if stop.is_set() or time.perf_counter() - begun > MEASURE_S:
            return PART_BYTES / fastest_s


def _memory(root: Path) -> tuple[int, int]:
    """Return the bytes of memory there are, and how many of them are free."""
    known = root / "proc" / "meminfo"
    if known.exists():
        lines = (line.split() for line in known.read_text("utf-8").splitlines())
        found = {words[0]: int(words[1]) * 1024 for words in lines if len(words) > 1}
        return found["MemTotal:"], found.get("MemAvailable:", found["MemTotal:"] // 2)
    if sys.platform == "win32":
        return _memory_of_windows()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return total, total // 2  # macOS tells nobody what is free without being asked by a program


def _memory_of_windows() -> tuple[int, int]:
    """Ask Windows, whose answer is a structure of 64 bytes that begins with its own size."""
    import ctypes

    answer = (ctypes.c_uint64 * 8)()
    ctypes.cast(answer, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(answer)
    if not getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx(answer):  # noqa: B009
        return 0, 0
    return int(answer[1]), int(answer[2])


def _group(root: Path) -> tuple[int, int]:
    """Return the limit of this process's control group and what is used of it, files not counted.

    In a container its own group is at the top; elsewhere /proc/self/cgroup says where.
    """
    fs = root / "sys" / "fs" / "cgroup"
    limits = [(WITHOUT_A_LIMIT, 0)]
    own = root / "proc" / "self" / "cgroup"
    for line in own.read_text("utf-8").splitlines() if own.exists() else []:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            tops, names = (fs, fs / path.lstrip("/")), ("memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            base = fs / "memory"
            tops = (base, base / path.lstrip("/"))
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
        else:
            continue
        for top in tops:
            limit, used = _number(top / names[0]), _number(top / names[1])
            if limit:
                limits.append((limit, max(0, used - _file_cache(top / "memory.stat"))))
    return min(limits, key=lambda pair: pair[0] - pair[1])


def _number(file: Path) -> int:
    """Return the number in a file; 0 where there is no file, or a word such as "max"."""
    text = file.read_text("utf-8").strip() if file.is_file() else ""
    return int(text) if text.isdecimal() else 0


def _file_cache(file: Path) -> int:
    """Return how much of what a group uses is files that can be dropped."""
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    found = dict(line.split(" ", 1) for line in lines if " " in line)
    return int(found.get("inactive_file", 0))


def _processor(root: Path) -> str:
    known = root / "proc" / "cpuinfo"
    lines = known.read_text("utf-8").splitlines() if known.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())

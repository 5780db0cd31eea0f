"""What a computer has for a model: its memory, also within a container, and what is measured."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from open_llm_vtuber.hardware import graphics, machine, reading_speed

GIB = 1 << 30
MEMINFO = "MemTotal: 16777216 kB\nMemFree: 1024 kB\nMemAvailable: 8388608 kB\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A computer with 16 GiB, 8 of them free, without control groups."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text(MEMINFO)
    (tmp_path / "proc/cpuinfo").write_text("processor: 0\nmodel name\t: A Processor\n")
    return tmp_path


def group(root: Path, line: str, folder: str, **files: str) -> None:
    (root / "proc/self/cgroup").write_text(line + "\n")
    place = root / "sys/fs/cgroup" / folder
    place.mkdir(parents=True)
    for name, content in files.items():
        (place / name.replace("_", ".", 1)).write_text(content)


def test_what_is_free_is_what_counts(root: Path) -> None:
    found = machine(root)
    assert (found.total_bytes, found.free_bytes) == (16 * GIB, 8 * GIB)
    assert found.cores >= 1
    assert found.fingerprint == f"A Processor, {found.cores} cores, 16 GiB"


def test_a_container_has_its_limit(root: Path) -> None:
    group(
        root,
        "0::/",
        "",
        memory_max=f"{4 * GIB}\n",
        memory_current=f"{3 * GIB}\n",
        memory_stat=f"anon 5\ninactive_file {GIB}\n",
    )
    found = machine(root)
    assert (found.total_bytes, found.free_bytes) == (4 * GIB, 2 * GIB)


def test_a_group_of_the_system_has_its_limit(root: Path) -> None:
    files = {"memory_max": f"{GIB}\n", "memory_current": f"{2 * GIB}\n"}
    group(root, "0::/user.slice/a.service", "user.slice/a.service", **files)
    assert (machine(root).total_bytes, machine(root).free_bytes) == (GIB, 0)


@pytest.mark.parametrize("limit", ["max", str((1 << 63) - 4096)])
def test_no_limit_is_none(root: Path, limit: str) -> None:
    group(root, "0::/", "", memory_max=limit, memory_current="5")
    assert machine(root).free_bytes == 8 * GIB


def test_the_older_groups_have_theirs(root: Path) -> None:
    place = root / "sys/fs/cgroup/memory"
    place.mkdir(parents=True)
    (root / "proc/self/cgroup").write_text("5:cpu,memory:/docker/abc\n")
    (place / "memory.limit_in_bytes").write_text(str(2 * GIB))
    (place / "memory.usage_in_bytes").write_text(str(GIB))
    assert machine(root).free_bytes == GIB


def test_this_computer_has_memory_and_a_speed() -> None:
    here = machine()
    assert 0 < here.free_bytes <= here.total_bytes
    assert reading_speed(threading.Event(), 2) > 1e7


@pytest.mark.parametrize(
    ("file", "content", "maker"),
    [
        ("", "", ""),
        ("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: A card", "NVIDIA"),
        ("sys/class/drm/card0/device/mem_info_vram_total", str(16 * GIB), "AMD"),
        ("sys/class/drm/card0/device/mem_info_vram_total", str(GIB // 2), ""),
        ("sys/class/drm/card0/device/vendor", "0x8086", ""),
    ],
    ids=["none", "a driver of NVIDIA", "a card of AMD", "one for a display", "one of Intel"],
)
def test_a_gpu_is_noticed_by_its_driver(
    root: Path, monkeypatch: pytest.MonkeyPatch, file: str, content: str, maker: str
) -> None:
    monkeypatch.setenv("PATH", str(root))
    monkeypatch.setattr("sys.platform", "linux")
    if file:
        (root / file).parent.mkdir(parents=True)
        (root / file).write_text(content)
    assert graphics(root) == maker


def test_a_gpu_is_noticed_by_its_tool(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    monkeypatch.setattr("sys.platform", "linux")
    tool = root / "nvidia-smi"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    assert graphics(root) == "NVIDIA"

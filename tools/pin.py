"""Pin every package in pyproject.toml to the newest set that fits together: `python -m tools.pin`.

uv.lock would do the same but records the addresses of a package index, so the versions alone are
written into `[tool.uv]`, between the two marks. Needs uv.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tools.npm import NODE_PACKAGE

PROJECT = Path(__file__).parents[1]
FILE = PROJECT / "pyproject.toml"
BEGIN, END = "# pinned by tools/pin.py: begin", "# pinned by tools/pin.py: end"
BLOCK = re.compile(rf"{BEGIN}\n.*?{END}", re.DOTALL)


def _uv(*arguments: str, given: str | None = None) -> list[str]:
    done = subprocess.run(
        ["uv", *arguments],
        cwd=PROJECT,
        input=given,
        encoding="utf-8",
        check=True,
        stdout=subprocess.PIPE,
    )
    return [line for line in done.stdout.splitlines() if line and not line.startswith("#")]


def _list(name: str, requirements: list[str]) -> str:
    lines = "".join(f"    {json.dumps(requirement)},\n" for requirement in requirements)
    return f"{name} = [\n{lines}]\n"


def main() -> None:
    """Resolve without the old pins, then write the new ones."""
    text = FILE.read_text("utf-8")
    FILE.write_text(BLOCK.sub(f"{BEGIN}\n{END}", text), "utf-8")
    try:
        _uv("lock", "--upgrade")
        packages = _uv(
            "export", "--frozen", "--all-groups", "--no-hashes", "--no-annotate",
            "--no-emit-project", "--no-header",
        )  # fmt: skip
        build = _uv(
            "pip", "compile", "-", "--universal", "--python-version", "3.10",
            "--no-annotate", "--no-header", given=f"hatchling\n{NODE_PACKAGE}\n",
        )  # fmt: skip
    except BaseException:
        FILE.write_text(text, "utf-8")
        raise
    pins = _list("constraint-dependencies", packages) + _list(
        "build-constraint-dependencies", build
    )
    FILE.write_text(BLOCK.sub(lambda _: f"{BEGIN}\n{pins}{END}", text), "utf-8")


if __name__ == "__main__":
    main()

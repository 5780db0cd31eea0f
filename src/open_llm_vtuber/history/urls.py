"""The `history_url` of conf.yaml: what is allowed, and where the file is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from .errors import HistoryError

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",  # as it is written in many places; there is one way to open it
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def parse_url(url: str) -> URL:
    """Return `url` with its driver. Raises HistoryError if it is none of SQLite or PostgreSQL."""
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        parsed = None
    driver = _DRIVERS.get(parsed.drivername) if parsed is not None else None
    if parsed is None or driver is None or (driver.startswith("sqlite") and parsed.host):
        raise HistoryError(
            "history_url in conf.yaml is not the URL of a database. Write "
            "sqlite:///chat_history/history.db for a file, or "
            "postgresql+asyncpg://user:password@host/database for PostgreSQL."
        )
    return parsed.set(drivername=driver)


def database_file(url: URL) -> Path | None:
    """Return the file of an SQLite database; None if it is in memory or on a server."""
    name = url.database or ""
    if not url.drivername.startswith("sqlite") or name in ("", ":memory:"):
        return None
    return None if name.startswith("file:") else Path(name)


def resolve_url(url: str, folder: Path) -> str:
    """Return `url` with its driver; the path of an SQLite file counts from `folder`.

    Raises HistoryError if it is the URL of another kind of database, or none at all.
    """
    parsed = parse_url(url)
    file = database_file(parsed)
    if file is not None:
        try:
            file = file.expanduser()
        except RuntimeError:
            raise HistoryError(
                f"{file.parts[0]} in history_url in conf.yaml is nobody's folder on this computer. "
                "Write the path without it, or ./~ for a folder that is called so."
            ) from None
        parsed = parsed.set(database=(folder.absolute() / file).as_posix())
    return parsed.render_as_string(hide_password=False)

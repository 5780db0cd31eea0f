"""The tables as they are made, and as those of an older version become those of today."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Index, delete, func, insert, inspect, select
from sqlalchemy.schema import CreateColumn

from .errors import HistoryError
from .memory_schema import create_words
from .schema import METADATA, conversations, messages, schema_version

VERSION = 6
"""The number of this layout; a database with a higher one is left alone."""


def create_tables(connection: Connection) -> None:
    """Create what is missing. Raises HistoryError if a newer program wrote it."""
    found = _version(connection)
    if found is not None and found > VERSION:
        raise HistoryError(
            "The database of conversations was written by a newer version of this program. "
            "Update the program, or name another database in history_url."
        )
    if found == 1:
        _from_1_to_2(connection)
    if found is not None and found < 4:
        _to_4(connection)
    if found is not None and found < 5:
        _to_5(connection)
    METADATA.create_all(connection)
    create_words(connection)
    if found != VERSION:
        connection.execute(delete(schema_version))
        connection.execute(insert(schema_version).values(version=VERSION))


def _version(connection: Connection) -> int | None:
    """Return the version of the tables that are there; None where there are none."""
    if not inspect(connection).has_table(schema_version.name):
        return None
    return connection.execute(select(func.max(schema_version.c.version))).scalar()


def _from_1_to_2(connection: Connection) -> None:
    """Add what the memory needs; every message waits to be indexed."""
    for column in (conversations.c.person, conversations.c.remembered, messages.c.indexed):
        _add_column(connection, column)
    _create_index(connection, "message_indexed")


def _to_4(connection: Connection) -> None:
    """Add what the list of conversations needs: titles that people give, and pins."""
    for column in (conversations.c.title, conversations.c.title_folded, conversations.c.pinned):
        _add_column(connection, column)
    for name in ("conversation_list", "conversation_list_of_all"):
        _create_index(connection, name)


def _to_5(connection: Connection) -> None:
    """Add what tells versions of messages; those that are there follow one another."""
    for column in (messages.c.uid, messages.c.parent, messages.c.aside):
        _add_column(connection, column)


def _add_column(connection: Connection, column: Column[object]) -> None:
    made = CreateColumn(column).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {made}")


def _create_index(connection: Connection, name: str) -> None:
    tables = METADATA.tables.values()
    found: Index = next(one for table in tables for one in table.indexes if one.name == name)
    found.create(connection)

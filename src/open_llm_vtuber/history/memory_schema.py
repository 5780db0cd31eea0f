"""The tables of what is remembered: all but the state can be made anew from the messages.

How words are indexed is each database's own: an FTS5 table, or a tsvector.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    false,
)

from .schema import ID, METADATA


def _of(table: str) -> Column[int]:
    """Return the column that names the row it came from, with which it goes."""
    key = ForeignKey(f"{table}s.id", ondelete="CASCADE")
    return Column(f"{table}_id", BigInteger, key, nullable=False)


facts = Table(
    "facts",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=True),
    _of("conversation"),
    _of("message"),
    Column("kind", Text, nullable=False),
    Column("slot", Text, nullable=False),
    # As it is shown, and as it stands in its message; "" where it never stood there.
    Column("text", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("day", Text),
    Column("pinned", Boolean, nullable=False, server_default=false()),
    Column("edited", Boolean, nullable=False, server_default=false()),
    # What took its place was forgotten: it does not come back for that.
    Column("retired", Boolean, nullable=False, server_default=false()),
    Index("fact_conversation", "conversation_id"),
    Index("fact_message", "message_id"),
    sqlite_autoincrement=True,
)

# One for each sentence of a message that tells something. The ids only grow, so that who has read
# the table reads no more than what is new.
vectors = Table(
    "vectors",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=True),
    _of("message"),
    Column("vector", LargeBinary, nullable=False),
    Index("vector_message", "message_id"),
    sqlite_autoincrement=True,
)

# What a long conversation began with: the model is told this instead of the messages before one.
summaries = Table(
    "summaries",
    METADATA,
    Column(
        "conversation_id",
        BigInteger,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("before_message_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)

memory_state = Table(
    "memory_state",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="What made the index, and what is still to be wiped, or changed in imported files.",
)

_SQLITE_WORDS = (
    # Terms are folded and cut already: whatever is not ASCII belongs to its term.
    "CREATE VIRTUAL TABLE IF NOT EXISTS message_terms USING fts5(terms, tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS message_term_counts USING fts5vocab(message_terms, 'row')",
    "CREATE TRIGGER IF NOT EXISTS message_terms_go AFTER DELETE ON messages "
    "BEGIN DELETE FROM message_terms WHERE rowid = OLD.id; END",
)
_POSTGRES_WORDS = (
    "CREATE TABLE IF NOT EXISTS message_terms (message_id BIGINT PRIMARY KEY "
    "REFERENCES messages (id) ON DELETE CASCADE, terms TSVECTOR NOT NULL)",
    # Without the list of what is not sorted in yet, which every question would have to read.
    "CREATE INDEX IF NOT EXISTS message_terms_index ON message_terms USING GIN (terms) "
    "WITH (fastupdate = off)",
)


def create_words(connection: Connection) -> None:
    """Create the index of words where it is missing."""
    sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE_WORDS if sqlite else _POSTGRES_WORDS:
        connection.exec_driver_sql(statement)

"""The tables of the stored conversations, the same in SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

METADATA = MetaData()

# SQLite only counts upwards by itself in a column that is called INTEGER.
ID = BigInteger().with_variant(Integer(), "sqlite")

schema_version = Table("schema_version", METADATA, Column("version", Integer, nullable=False))

conversations = Table(
    "conversations",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("conf_uid", Text, nullable=False),
    Column("history_uid", Text, nullable=False),
    # The last message, kept here so that the list of 10,000 conversations is one indexed query.
    # NULL while nothing was said.
    Column("latest_id", BigInteger),
    Column("latest_at_s", Float, nullable=False),
    # Whose conversation it is: the name a person gave; "" is who gave none.
    Column("person", Text, nullable=False, server_default=""),
    # Whether anything may be remembered of it in other conversations.
    Column("remembered", Boolean, nullable=False, server_default=true()),
    # What the person calls it, and that as it is searched; NULL where nobody named it.
    Column("title", Text),
    Column("title_folded", Text),
    # Whether it stands first in the list.
    Column("pinned", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("conf_uid", "history_uid", name="conversation_uid"),
    Index("conversation_order", "conf_uid", "latest_at_s", "latest_id"),
    Index("conversation_list", "conf_uid", "pinned", "latest_at_s", "id"),
    Index("conversation_list_of_all", "pinned", "latest_at_s", "id"),
    sqlite_autoincrement=True,
)

# Timestamps are text because a file is exported exactly as it was imported.
messages = Table(
    "messages",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column(
        "conversation_id",
        BigInteger,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("role", Text, nullable=False),
    Column("timestamp", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("name", Text),
    Column("avatar", Text),
    # What is searched: the content without differences of case and width, which SQLite only
    # ignores in ASCII and PostgreSQL only in some locales.
    Column("folded", Text, nullable=False),
    # The entry as JSON where the columns alone can not restore it. Text, because the JSON type of
    # PostgreSQL refuses what Python's reads, NaN for instance.
    Column("original", Text),
    # How far it is indexed for the memory: 0 not at all, 1 its words and facts, 2 its vector too,
    # 3 there is nothing to index, 4 not at all since something was cut out of it.
    Column("indexed", Integer, nullable=False, server_default="0"),
    # What it is called on the wire; NULL for what came without: then that is made of its id.
    Column("uid", Text),
    # The name of the message that it follows; NULL where that is the row before it.
    Column("parent", Text),
    # How it stands: 0 is on the branch, anything else set aside (branches.py).
    Column("aside", Integer, nullable=False, server_default="0"),
    Index("message_order", "conversation_id", "id"),
    Index("message_indexed", "indexed", "id"),
    sqlite_autoincrement=True,
)

# The bytes of a picture; each once in a conversation, by the SHA-256 of them.
pictures = Table(
    "pictures",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column(
        "conversation_id",
        BigInteger,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("conversation_id", "name", name="picture_name"),
    sqlite_autoincrement=True,
)

message_pictures = Table(
    "message_pictures",
    METADATA,
    Column(
        "message_id",
        BigInteger,
        ForeignKey("messages.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("picture_id", BigInteger, ForeignKey("pictures.id", ondelete="CASCADE"), nullable=False),
    Index("picture_shown", "picture_id"),
    comment="Which pictures were shown with a message, in their order.",
)

settled = Table(
    "settled",
    METADATA,
    Column("conf_uid", Text, primary_key=True),
    Column("history_uid", Text, primary_key=True),
    comment="Conversations that were imported or deleted: their files are not imported again.",
)

"""Stored messages by the words they share with a question: FTS5 of SQLite, or a tsvector."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    Subquery,
    TextClause,
    bindparam,
    column,
    text,
)

from .records import Recalled
from .rows import found_by, recalled

MOST_TERMS = 64
"""Of a longer question, the rarest."""
MOST_MATCHES = 2000
"""How many messages are ranked: more common terms are only looked for if there is none rarer."""

_PUT_SQLITE = text("INSERT INTO message_terms (rowid, terms) VALUES (:id, :terms)")
_PUT_POSTGRES = text(
    "INSERT INTO message_terms (message_id, terms) "
    "VALUES (:id, array_to_tsvector(string_to_array(:terms, ' ')))"
)
_DROP_SQLITE = text("DELETE FROM message_terms WHERE rowid = :id")
_DROP_POSTGRES = text("DELETE FROM message_terms WHERE message_id = :id")

_COUNT_SQLITE = text("SELECT term, doc FROM message_term_counts WHERE term IN :terms").bindparams(
    bindparam("terms", expanding=True)
)
_COUNT_POSTGRES = text(
    "SELECT asked.term, (SELECT count(*) FROM (SELECT 1 FROM message_terms "
    "WHERE message_terms.terms @@ CAST(quote_literal(asked.term) AS tsquery) LIMIT :most) AS few) "
    "FROM unnest(string_to_array(:terms, ' ')) AS asked (term)"
)
_FIND_SQLITE = text(
    "SELECT rowid AS message_id, -bm25(message_terms) AS score FROM message_terms "
    "WHERE message_terms MATCH :query ORDER BY rowid DESC LIMIT :most"
)
# BM25 of texts that hold a term once, which is nearly so for what is said in a turn; of the usual
# constants, with a length of ten terms for the average.
_FIND_POSTGRES = text(
    "SELECT message_terms.message_id, sum(asked.weight) * 2.2 "
    "/ (1.3 + 0.09 * max(length(message_terms.terms))) AS score "
    "FROM unnest(string_to_array(:terms, ' '), "
    "CAST(string_to_array(:weights, ' ') AS float8[])) AS asked (term, weight) "
    "JOIN message_terms ON message_terms.terms @@ CAST(quote_literal(asked.term) AS tsquery) "
    "GROUP BY message_terms.message_id ORDER BY message_terms.message_id DESC LIMIT :most"
)
_STORED = text("SELECT coalesce(max(id), 0) FROM messages")


def put(connection: Connection, terms: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Index messages, by id, under their terms; what they were under before is gone."""
    rows = [{"id": key, "terms": " ".join(found)} for key, found in terms]
    drop(connection, [row["id"] for row in rows])
    if rows := [row for row in rows if row["terms"]]:
        connection.execute(_PUT_SQLITE if _is_sqlite(connection) else _PUT_POSTGRES, rows)


def drop(connection: Connection, message_ids: Iterable[Any]) -> None:
    """Take messages out of the index."""
    if rows := [{"id": key} for key in message_ids]:
        connection.execute(_DROP_SQLITE if _is_sqlite(connection) else _DROP_POSTGRES, rows)


def merge(connection: Connection) -> None:
    """Write the index anew, so that it holds nothing of what was taken out."""
    if _is_sqlite(connection):
        connection.exec_driver_sql("INSERT INTO message_terms (message_terms) VALUES ('optimize')")


def find(
    connection: Connection, asked: Collection[str], where: ColumnElement[bool], limit: int
) -> list[Recalled]:
    """Return the messages that share a term with what is asked and for which `where` holds.

    Best first, by BM25. `where` may speak of messages and conversations.
    """
    counts = _counts(connection, set(asked))
    chosen = _rarest(counts)
    if not chosen:
        return []
    found = _found(connection, chosen, counts)
    rows = connection.execute(found_by(found, where).limit(limit)).mappings()
    return [recalled(dict(row), row["score"]) for row in rows]


def weights(connection: Connection, asked: Collection[str]) -> dict[str, float]:
    """Return how much each term tells of a text: the rarer it is, the more. None is below 0."""
    stored = connection.execute(_STORED).scalar_one()
    counts = dict.fromkeys(asked, 0) | _counts(connection, set(asked))
    return {term: _weight(count, stored) for term, count in counts.items()}


def _counts(connection: Connection, asked: set[str]) -> dict[str, int]:
    """Return how many messages have a term, for those that any has."""
    if not asked:
        return {}
    if _is_sqlite(connection):
        counted = connection.execute(_COUNT_SQLITE, {"terms": sorted(asked)})
    else:
        given = {"terms": " ".join(sorted(asked)), "most": MOST_MATCHES + 1}
        counted = connection.execute(_COUNT_POSTGRES, given)
    return {term: count for term, count in counted if count}


def _rarest(counts: dict[str, int]) -> list[str]:
    """Return the terms to look for: the rarest, as long as few enough messages have them."""
    chosen: list[str] = []
    matches = 0
    for count, term in sorted((count, term) for term, count in counts.items()):
        matches += count
        if chosen and (matches > MOST_MATCHES or len(chosen) == MOST_TERMS):
            break
        chosen.append(term)
    return chosen


def _found(connection: Connection, chosen: Sequence[str], counts: dict[str, int]) -> Subquery:
    """Return the newest messages that have a chosen term, with their scores."""
    find: TextClause
    if _is_sqlite(connection):
        query = " OR ".join(f'"{term}"' for term in chosen)
        find = _FIND_SQLITE.bindparams(query=query, most=MOST_MATCHES)
    else:
        stored = connection.execute(_STORED).scalar_one()
        told = " ".join(f"{_weight(counts[term], stored):.6f}" for term in chosen)
        find = _FIND_POSTGRES.bindparams(terms=" ".join(chosen), weights=told, most=MOST_MATCHES)
    return find.columns(column("message_id", BigInteger), column("score", Float)).subquery()


def _weight(count: int, stored: int) -> float:
    return math.log1p(max(0.0, stored - count + 0.5) / (count + 0.5))


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"

"""What a person changes in the memory: each in the transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from ..faults import fault
from ..history.entries import fold, is_of_other, is_unremembered, storable
from ..history.errors import HistoryError
from ..history.memory_schema import facts, vectors
from ..history.reads import of
from ..history.schema import conversations, messages
from ..history.writes import begin_empty
from ..protocol.memory import MOST_CHARS
from . import summaries, words
from .facts import StoredFact, change_fact, current, insert_fact, read_facts, retire
from .forgetting import OF_CONVERSATION, copies, correct_sentence, cut_sentence, delete_message
from .indexing import NOTHING_TO_INDEX, WAITS
from .records import DrawnFact, Fact, Owner
from .rows import mine, on_branch

_LOOKED_BACK = 20


@dataclass(frozen=True)
class Gone:
    """What was taken out of a message."""

    message_id: int
    owner: Owner
    history_uid: str
    sentence: str


def tell(connection: Connection, owner: Owner, history_uid: str, text: str) -> Fact:
    """Keep what the person asked to be remembered, and return it.

    It comes from the last message that says so, or from what they said last.
    """
    text = _checked(text)
    known, _ = current(read_facts(connection, mine(owner) & on_branch()))
    same = [fact for fact in known if fold(fact.text) == fold(text)]
    if same:
        return same[0]
    said = connection.execute(
        select(messages)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            mine(owner),
            of(owner.conf_uid, history_uid),
            messages.c.role == "human",
            on_branch(),
        )
        .order_by(messages.c.id.desc())
        .limit(_LOOKED_BACK)
    ).mappings()
    own = [row for row in said if not is_of_other(dict(row)) and not is_unremembered(dict(row))]
    if not own:
        raise _unknown("Nothing that was said there is stored, so nothing of it is remembered.")
    source = next((row for row in own if text in row["content"]), own[0])
    told = DrawnFact(text, "told", "")
    key = insert_fact(connection, source["conversation_id"], source["id"], told, sentence="")
    return fact_of(connection, owner, key).fact


def pin(connection: Connection, owner: Owner, fact_id: int, pinned: bool) -> Fact:
    """Have a fact stand first, or not any more; return it."""
    fact_of(connection, owner, fact_id)
    change_fact(connection, fact_id, pinned=pinned)
    return fact_of(connection, owner, fact_id).fact


def correct(connection: Connection, owner: Owner, fact_id: int, text: str) -> tuple[Fact, str]:
    """Have a fact, and its sentence in the conversation, say `text`; return it and the sentence."""
    text = _checked(text)
    before = fact_of(connection, owner, fact_id)
    told = f"{before.fact.text}\n{before.sentence}"
    summaries.drop_about(connection, owner, before.fact.message_id, told)
    values: dict[str, object] = {"text": text, "kind": "told", "edited": True, "day": None}
    if before.sentence:
        correct_sentence(connection, before.fact.message_id, before.sentence, text)
        values["sentence"] = text
    change_fact(connection, fact_id, **values)
    return fact_of(connection, owner, fact_id).fact, before.sentence


def forget(connection: Connection, owner: Owner, fact_id: int) -> tuple[Fact, list[Gone]]:
    """Forget a fact with its sentence, wherever it is remembered in the same words.

    What the tool was told, and stands in no message as such, goes with its whole message.
    """
    fact = fact_of(connection, owner, fact_id).fact
    known = read_facts(connection, mine(owner))
    same = [each for each in known if fold(each.fact.text) == fold(fact.text)]
    ids = {each.fact.id for each in same}
    if fact.slot:
        of_slot = [each for each in known if each.fact.slot == fact.slot]
        retire(connection, [each for each in of_slot if each.fact.id not in ids])
    connection.execute(delete(facts).where(facts.c.id.in_(ids)))
    gone: dict[tuple[int, str], Gone] = {}
    for each in same:
        said = each.sentence or each.fact.text
        whole = not each.sentence
        for one in _take_out(connection, owner, each.fact.message_id, said, whole=whole):
            gone[one.message_id, one.sentence] = one
    return fact, list(gone.values())


def forget_message(connection: Connection, owner: Owner, message_id: int) -> list[Gone]:
    """Forget a message, and whatever came from it."""
    if not (gone := _take_out(connection, owner, message_id, "", whole=True)):
        raise _unknown("There is no such message in this memory.")
    return gone


def _take_out(
    connection: Connection, owner: Owner, message_id: int, sentence: str, *, whole: bool
) -> list[Gone]:
    """Take a sentence out of a message and of its copies.

    Where it does not say that, nothing is taken out, or the `whole`.
    """
    found = connection.execute(
        select(messages, *OF_CONVERSATION)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.id == message_id, mine(owner))
    ).mappings()
    said = next((dict(row) for row in found), None)
    says = bool(sentence) and said is not None and sentence in said["content"]
    if said is None or not (says or whole):
        return []
    gone = []
    told = sentence if says else said["content"]
    for each in (said, *copies(connection, said)):
        whose = Owner(each["conf_uid"], each["person"])
        summaries.drop_about(connection, whose, each["id"], told)
        if says:
            cut_sentence(connection, each["id"], sentence)
        else:
            delete_message(connection, each["id"])
        gone.append(Gone(each["id"], whose, each["history_uid"], told))
    return gone


def keep(
    connection: Connection, owner: Owner, history_uid: str, begun_at: str, *, remembered: bool
) -> list[int]:
    """Have a conversation remembered, or not; return its messages if that has changed.

    It may still have to begin. Its facts stay in the table, for they may have been changed by hand,
    but are those of no owner any more.
    """
    names = storable(owner.conf_uid), storable(history_uid), storable(owner.person)
    key = begin_empty(connection, *names, begun_at)
    change = update(conversations).where(
        conversations.c.id == key, conversations.c.remembered != remembered
    )
    if not connection.execute(change.values(remembered=remembered)).rowcount:
        return []
    inside = messages.c.conversation_id == key
    message_ids = list(connection.execute(select(messages.c.id).where(inside)).scalars())
    if not remembered:
        words.drop(connection, message_ids)
        of_these = select(messages.c.id).where(inside)
        connection.execute(delete(vectors).where(vectors.c.message_id.in_(of_these)))
        summaries.drop(connection, key)
    stage = WAITS if remembered else NOTHING_TO_INDEX
    connection.execute(update(messages).where(inside).values(indexed=stage))
    return message_ids


def fact_of(connection: Connection, owner: Owner, fact_id: int) -> StoredFact:
    """Return a fact. Raises HistoryError if there is none of this owner's."""
    found = read_facts(connection, mine(owner) & (facts.c.id == fact_id))
    if not found:
        raise _unknown("This is not remembered any more.")
    return found[0]


def _checked(text: str) -> str:
    text = storable(text).strip()
    if not text or len(text) > MOST_CHARS:
        raise HistoryError(
            f"What is to be remembered must have between 1 and {MOST_CHARS} characters.",
            fault("limit-reached", limit=MOST_CHARS) if text else fault("message-empty"),
        )
    return text


def _unknown(text: str) -> HistoryError:
    return HistoryError(text, fault("memory-unknown"))

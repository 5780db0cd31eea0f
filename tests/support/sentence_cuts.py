"""Where a reply is cut into sentences, as a test writes it down."""

from __future__ import annotations

from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter


def split(*deltas: str, first_clause: bool = False) -> list[str]:
    splitter = SentenceSplitter(first_clause=first_clause)
    pieces = [piece for delta in deltas for piece in splitter.feed(delta)]
    return pieces + splitter.flush()


def assert_cut_at_bars(marked: str, *, first_clause: bool = False) -> None:
    """Check that `marked` without its bars "‖" is cut exactly where they stand."""
    assert split(marked.replace("‖", ""), first_clause=first_clause) == marked.split("‖")


def needs(text: str, *, first_clause: bool = False) -> str:
    """Return what had been read, character by character, when the first piece came."""
    splitter = SentenceSplitter(first_clause=first_clause)
    for at, char in enumerate(text, 1):
        if splitter.feed(char):
            return text[:at]
    raise AssertionError("nothing came before the end")

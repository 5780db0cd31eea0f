"""The code on the server's console: for one question, once, and not for long."""

from __future__ import annotations

import re

from open_llm_vtuber.server.confirmation import (
    MINUTES,
    MOST_UNUSED,
    TRIES,
    Confirmation,
    subject_of,
)

ONE, OTHER = subject_of("one"), subject_of("other")


class Console:
    """What was written, and a clock that stands still."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.now_s = 0.0
        self.confirmation = Confirmation(self.written.append, lambda: self.now_s)

    def ask(self, subject: str) -> str:
        self.confirmation.ask(subject, {"host": "0.0.0.0"})
        found = re.search(r"there: (\d{6})", self.written[-1])
        assert found
        return found[1]


def test_it_holds_once_and_for_this_question() -> None:
    console = Console()
    code = console.ask(ONE)
    assert '  host: "0.0.0.0"' in console.written[0]
    assert not console.confirmation.holds(OTHER, code)
    assert console.confirmation.holds(ONE, f" {code} ")
    assert not console.confirmation.holds(ONE, code)


def test_who_asks_again_gets_no_other_one() -> None:
    console = Console()
    assert console.ask(ONE) == console.ask(ONE)
    assert len(console.written) == 1
    console.ask(OTHER)
    assert len(console.written) == 2
    console.ask(ONE)
    assert len(console.written) == 3


def test_it_cannot_be_guessed() -> None:
    console = Console()
    code = console.ask(ONE)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(TRIES):
        assert not console.confirmation.holds(ONE, wrong)
    assert not console.confirmation.holds(ONE, code)


def test_ever_new_ones_are_not_made() -> None:
    console = Console()
    code = ""
    for number in range(MOST_UNUSED):
        code = console.ask(f"{number}")
    assert not console.confirmation.ask("one more", {})
    assert len(console.written) == MOST_UNUSED
    # The last one holds still, and one that was typed in has not been made for nothing.
    assert console.confirmation.holds(f"{MOST_UNUSED - 1}", code)
    console.ask("one more")
    assert not console.confirmation.ask("and another", {})
    console.now_s = 3600
    assert console.confirmation.ask("and another", {})


def test_it_does_not_hold_for_long() -> None:
    console = Console()
    code = console.ask(ONE)
    console.now_s = 60 * MINUTES
    assert not console.confirmation.holds(ONE, code)


def test_nothing_on_the_console_says_what_it_does_not() -> None:
    console = Console()
    console.confirmation.ask(ONE, {"path": "\x1b[2J\nharmless: \u202e" + "x" * 999})
    (text,) = console.written
    assert text.isascii()
    assert "\x1b" not in text
    assert text.count("\n") == 2
    assert len(text) < 500

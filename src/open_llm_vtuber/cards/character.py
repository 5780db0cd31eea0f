"""From a card to what a character of ours has, and back; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..cjk import HAN, KANA, written_in
from .card import Card
from .lorebook import Lorebook
from .macros import CHAR, USER, settled

LONG_PERSONA = 12_000
"""Characters; a small model that runs here has hardly room for more."""
MOST_EXAMPLES = 4000
"""Characters of the examples: the model reads all of them before its first answer."""
MOST_PERSONA, MOST_GREETING = 100_000, 4000
"""Characters; what there is beyond is cut off."""
MOST_MACROS = 10
"""So many that mean nothing are told of."""
EXTENSION = "open_llm_vtuber"
"""Our place among the extensions of a card."""

_START = re.compile(r"<start>", re.IGNORECASE)
_SPEAKER = re.compile(r"[ \t]*([^\s:：][^\n:：]{0,79}?)[ \t]*[:：][ \t]*")
_ODD = re.compile("[\u0085\u2028\u2029]")
_INVISIBLE = re.compile("[\ufeff\ufffe\uffff\U0010ffff\x80-\x9f]")
_VARIABLE = re.compile(r"\$(?=\{)")
_NOBODY = "…"
"""Stands for what the person said where an example begins with an answer."""
_WORDS = {
    False: (
        f"{CHAR}'s personality: ",
        "Scenario: ",
        f"How {CHAR} talks:\n",
        f"You are {CHAR}, and you are talking aloud with {USER}. Stay {CHAR}: answer in one or two "
        "short sentences, as one speaks, without describing what you do, and without lists or "
        "Markdown.",
    ),
    True: (
        f"{CHAR}的性格：",
        "场景：",
        f"{CHAR}这样说话：\n",
        f"你就是{CHAR}，正在和{USER}面对面说话。始终是{CHAR}：用口语回答，一两句就好，不描写动作，"
        "不要列清单，不要用 Markdown。",
    ),
}


@dataclass(frozen=True)
class CardCharacter:
    """What a character file holds of a card. The macros of the two names stand in its texts."""

    name: str
    persona_prompt: str
    greeting: str = ""
    example_dialogue: tuple[tuple[str, str], ...] = ()
    """What a person might say, and how the character would answer."""


def character_of(card: Card) -> tuple[CardCharacter, list[str]]:
    """Return the character that a card describes, and a line for each thing that is lost."""
    lost: set[str] = set()

    def text(written: str) -> str:
        found, unknown = settled(written)
        lost.update(unknown)
        return tidy(found)

    whole = f"{card.description}{card.first_mes}{card.mes_example}"
    chinese = len(HAN.findall(whole)) * 4 > len(whole) and not KANA.search(whole)
    personality, scenario, examples, voice = _WORDS[chinese]
    name = tidy(card.nickname or card.name).replace("\n", " ")
    turns, rest, left = _turns(text(card.mes_example), (card.name, card.nickname))
    parts = [
        text(card.system_prompt),
        text(card.description),
        _labelled(personality, text(card.personality)),
        _labelled(scenario, text(card.scenario)),
        _labelled(examples, rest),
        text(card.post_history_instructions),
        "" if _is_whole(card) else voice,
    ]
    persona = "\n\n".join(part for part in parts if part)
    greeting = text(card.first_mes)
    made = CardCharacter(name, _cut(persona, MOST_PERSONA), _cut(greeting, MOST_GREETING), turns)
    told = sorted(lost)[:MOST_MACROS]
    notes = [
        *_notes(card, made),
        *([f"{left} of the example dialogues are left out: they are too long."] if left else ()),
        *_cut_off("persona", persona, MOST_PERSONA),
        *_cut_off("greeting", greeting, MOST_GREETING),
        *(f"`{{{{{one}}}}}` means nothing here and is left out." for one in told),
    ]
    return made, notes


def own_language(made: CardCharacter) -> str:
    """Return the language that only its own letters can be of: zh, ja, ko; "" where none tell.

    Latin letters tell nothing certain: such a character speaks what conf.yaml says.
    """
    language = written_in(f"{made.greeting}\n{made.persona_prompt}")
    return language if language != "en" else ""


def _cut(text: str, most: int) -> str:
    return text[:most].rstrip()


def _cut_off(what: str, text: str, most: int) -> list[str]:
    return [f"The {what} is cut off after {most:,} characters."] if len(text) > most else []


def card_of(made: CardCharacter, before: Card | None) -> Card:
    """Return the card of a character as it is now; `before` is the one that it was made of.

    What was changed since replaces what the card had, all else is as it was.
    """
    card = before or Card(made.name)
    old = character_of(card)[0]
    if made.name != old.name:
        card = replace(card, name=made.name, nickname="")
    if made.persona_prompt != old.persona_prompt or before is None:
        extensions = card.other.get("extensions")
        own = {EXTENSION: {"persona": "whole"}}
        card = replace(
            card,
            description=made.persona_prompt,
            personality="",
            scenario="",
            system_prompt="",
            post_history_instructions="",
            other={
                **card.other,
                "extensions": {**(extensions if isinstance(extensions, dict) else {}), **own},
            },
        )
    if made.greeting != old.greeting:
        card = replace(card, first_mes=made.greeting)
    if made.example_dialogue != old.example_dialogue:
        blocks = (
            f"<START>\n{USER}: {human}\n{CHAR}: {hers}" for human, hers in made.example_dialogue
        )
        card = replace(card, mes_example="\n".join(blocks))
    return card


def tidy(text: str) -> str:
    """Return a text as a character file holds it: no blanks at ends, and no `${NAME}`.

    That would be replaced by what the environment of the server holds.
    """
    text = _INVISIBLE.sub("", _ODD.sub("\n", text)).replace("\t", "    ")
    lines = (line.rstrip(" \u00a0") for line in text.split("\n"))
    return _VARIABLE.sub("$ ", "\n".join(lines).strip())


def _is_whole(card: Card) -> bool:
    """Return whether the description is a persona of ours, to which nothing is added."""
    extensions = card.other.get("extensions")
    own = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return isinstance(own, dict) and own.get("persona") == "whole"


def _labelled(label: str, text: str) -> str:
    return f"{label}{text}" if text else ""


def _turns(text: str, names: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], str, int]:
    """Return the examples as turns, those that are none as text, and how many had no room."""
    turns: list[tuple[str, str]] = []
    rest: list[str] = []
    room, left = MOST_EXAMPLES, 0
    for block in _START.split(text):
        found, other = _block(block.strip(), names)
        size = sum(len(human) + len(hers) for human, hers in found) + len(other)
        if size > room:
            left += 1
            continue
        room -= size
        turns += found
        if other:
            rest.append(other)
    return tuple(turns), "\n\n".join(rest), left


def _block(block: str, names: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """Return the turns of one example, and what is no turn; one without any is all text."""
    hers = {CHAR, *(name.casefold() for name in names if name)}
    said: list[tuple[bool, str]] = []
    before: list[str] = []
    for line in block.split("\n"):
        match = _SPEAKER.match(line)
        who = match[1].casefold() if match else ""
        if match and (who in hers or who in (USER, "you")):
            mine, words = who in hers, line[match.end() :]
            if said and said[-1][0] == mine:
                said[-1] = (mine, f"{said[-1][1]}\n{words}")
            else:
                said.append((mine, words))
        elif said:
            said[-1] = (said[-1][0], f"{said[-1][1]}\n{line}")
        else:
            before.append(line)
    turns, human = [], _NOBODY
    for mine, words in said:
        if mine and words.strip():
            turns.append((human, words.strip()))
        human = _NOBODY if mine else words.strip() or _NOBODY
    return turns, "\n".join(before).strip()


def _notes(card: Card, made: CardCharacter) -> list[str]:
    """Return what a person should know of a character that was made of a card."""
    notes = []
    if card.alternate_greetings:
        count = len(card.alternate_greetings)
        others = "1 other greeting stays" if count == 1 else f"{count} other greetings stay"
        notes.append(f"{others} in the card; the first one is used.")
    if card.post_history_instructions:
        notes.append("Instructions for after the conversation stand in the persona.")
    extensions = card.other.get("extensions")
    deep = extensions.get("depth_prompt") if isinstance(extensions, dict) else None
    if isinstance(deep, dict) and deep.get("prompt"):
        notes.append(
            "The note for a certain depth (depth_prompt) stays in the card and is not told."
        )
    if card.other.get("group_only_greetings"):
        notes.append("Greetings for groups stay in the card: a group has none here.")
    if len(made.persona_prompt) > LONG_PERSONA:
        size = len(made.persona_prompt)
        notes.append(f"The persona has {size:,} characters: a small model hardly has room for it.")
    if card.character_book:
        notes += Lorebook(card.character_book, char=CHAR, user=USER).problems
    return notes

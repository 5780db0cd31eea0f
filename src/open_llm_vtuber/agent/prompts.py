"""What a character is told besides its persona: texts of ours, which files of the user replace."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ..cards.macros import named
from ..cjk import written_in
from ..config import CharacterConfig, ConfigError
from ..config.explain import nearest
from ..config.source import read_text
from ..engines.llm.base import ChatMessage
from ..human_name import called
from .base import Examples
from .cautions import Cautions

EXPRESSIONS = "[<insert_emomap_keys>]"
"""Where a text wants the list of the character's expressions."""

LISTED = 3
"""So many tags in a persona are a list of its own."""

DEFAULTS = Path(__file__).parent / "default_prompts"
_EXPRESSION, _HONESTY, _EXAMPLES, _PROACTIVE, _GROUP, _TOOLS = (
    "live2d_expression_prompt",
    "honesty_prompt",
    "example_dialogue_prompt",
    "proactive_speak_prompt",
    "group_conversation_prompt",
    "mcp_prompt",
)
_IF_HUMAN, _OF_A_STRANGER = "asked_if_human_prompt", "asked_of_a_stranger_prompt"
_ELSEWHERE = (_EXAMPLES, _PROACTIVE, _GROUP, _TOOLS, _IF_HUMAN, _OF_A_STRANGER)
"""What is not part of the system prompt: it is said when its time comes."""
_DEFAULTS = (_EXPRESSION, _HONESTY, *_ELSEWHERE)
_NAME = re.compile(r"[\w-]+")
_TAG = re.compile(r"\[(\w+)\]\s*")


class Prompts:
    """The texts of a server, read when it is made: `folder`/prompts/utils/<name>.txt, or ours.

    `tool_prompts` is the section of conf.yaml: for each purpose the name of a text. It blocks while
    it reads the disk.
    """

    def __init__(self, folder: Path, tool_prompts: Mapping[str, str], language: str = "") -> None:
        """Those that are not chosen are in the `language` the character speaks, if there are."""
        self._folder = folder / "prompts" / "utils"
        self.problems: list[str] = []
        """What of `tool_prompts` does nothing, a line each."""
        usual = {purpose: self._usual(purpose, language) for purpose in _DEFAULTS}
        named = {**usual, **tool_prompts}
        found = {purpose: self._text(purpose, name) for purpose, name in named.items() if name}
        self._texts = {purpose: text for purpose, text in found.items() if text}

    def system(self, character: CharacterConfig, emotions: Iterable[str], person: str = "") -> str:
        """Return the system prompt: who she is, the persona, then every tool prompt."""
        tags = [f"[{word}]" for word in emotions]
        words = " ".join(tags)
        persona = character.persona_prompt.strip()
        listed = EXPRESSIONS in persona or sum(tag in persona for tag in tags) >= LISTED
        parts = [_with_name(persona, character)]
        for purpose, text in self._texts.items():
            # Without expressions, or with a persona that lists them, there is nothing to add.
            idle = purpose == _EXPRESSION and (listed or not words)
            if purpose not in _ELSEWHERE and not idle:
                parts.append(text)
        return _named("\n\n".join(parts).replace(EXPRESSIONS, words).strip(), character, person)

    def examples(
        self, character: CharacterConfig, emotions: Collection[str], person: str = ""
    ) -> Examples:
        """Return the turns that show how the character talks, without tags it has no face for."""
        if not character.example_dialogue:
            return Examples()

        def shown(tag: re.Match[str]) -> str:
            return tag[0] if tag[1].lower() in emotions else ""

        turns = tuple(
            message
            for turn in character.example_dialogue
            for message in (
                ChatMessage("user", _named(turn.human, character, person)),
                ChatMessage(
                    "assistant", _TAG.sub(shown, _named(turn.character, character, person))
                ),
            )
        )
        return Examples(turns, self._texts.get(_EXAMPLES, ""))

    def cautions(self) -> Cautions:
        """Return what the model is reminded of before some questions."""
        return Cautions(self._texts.get(_IF_HUMAN, ""), self._texts.get(_OF_A_STRANGER, ""))

    def greeting(self, character: CharacterConfig, person: str = "") -> str:
        """Return what the character says first in a new conversation; "" if nothing.

        A `person` who has told their name is called so.
        """
        return _named(character.greeting.strip(), character, person, aloud=True)

    def proactive(self) -> str:
        """Return what makes a character speak of its own accord."""
        return self._texts.get(_PROACTIVE, "Please say something.")

    def tools(self) -> str:
        """Return what a model is told of tools that does not know them by itself."""
        return self._texts.get(_TOOLS, "")

    def group(self, human: str, me: str, others: Sequence[str]) -> str:
        """Return what the character `me` is told when a group begins to talk."""
        text = self._texts.get(_GROUP, "")
        names = ", ".join(others)
        values = {"human_name": human, "my_name": me, "other_names": names, "other_ais": names}
        # Not str.format: a text of the user may hold other braces.
        return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)

    def _usual(self, purpose: str, language: str) -> str:
        """Return the name of the text for a purpose: where the user has one of their own, that."""
        own = f"{language}_{purpose}"
        theirs = (self._folder / f"{purpose}.txt").is_file()
        return own if (DEFAULTS / f"{own}.txt").is_file() and not theirs else purpose

    def _text(self, purpose: str, name: str) -> str:
        if _NAME.fullmatch(name):
            for folder in (self._folder, DEFAULTS):
                file = folder / f"{name}.txt"
                if file.is_file():
                    try:
                        return read_text(file).strip()
                    except ConfigError as error:
                        self.problems.append(str(error))
                        return ""
        known = {file.stem for home in (self._folder, DEFAULTS) for file in home.glob("*.txt")}
        text = f"tool_prompts.{purpose}: there is no prompts/utils/{name}.txt, ignored"
        self.problems.append(text + nearest(name, sorted(known)))
        return ""


def _with_name(persona: str, character: CharacterConfig) -> str:
    """Return a persona that says what she is called: else small models take another's name."""
    name = character.character_name.strip()
    if not name or name.casefold() in _named(persona, character).casefold():
        return persona
    line = f"你叫{name}。" if character.spoken_language == "zh" else f"You are {name}."
    return f"{line}\n{persona}".strip()


def _named(text: str, character: CharacterConfig, person: str = "", *, aloud: bool = False) -> str:
    """Return a text in which the names stand for `{{char}}` and `{{user}}`."""
    chinese = written_in(text) == "zh"
    user = called(character.human_name, person, chinese=chinese, aloud=aloud)
    return named(text, char=character.called, user=user)

"""What a model is reminded of right before words that small models answer untruly; no I/O.

Which words those are is told by rules; what is said to them is the model's affair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..memory.asking import Wish, told_parts, wish

_ADVERB = r"(?:really|actually|even|just|truly|honestly|secretly|still|like|not|only)"
_ASKS_IF_HUMAN = re.compile(
    rf"""
    \b(?:are|aren't|r)\ (?:you|u|ya)\ (?:{_ADVERB}\ )*
        (?:(?:an?|the)\ )?(?:(?:real|actual|living|normal|true)\ )*
        (?:human|person|people|real|alive|robot|bot|chatbot|machine|program|computer|ai|man|woman
            |girl|boy|somebody|someone)\b
    | \byou(?:'re|\ are)\ (?:{_ADVERB}\ )*an?\ (?:(?:real|actual|living|normal)\ )*
        (?:human|person|robot|bot|chatbot|machine|program|ai|man|woman|girl|boy)\b
    | \b(?:talk|speak|chat)ing\ (?:to|with)\ an?\ (?:real\ |actual\ )?
        (?:human|person|robot|bot|machine|program|computer|ai|man|woman|girl|boy)\b
    | 你.{{0,6}}[是算].{{0,5}}(?:真人|人类|人類|活人|机器人|機器人|机器|程序|程式
        |电脑|電腦|AI|人工智能|(?<!好)人(?=[吗嗎嘛吧么呢?？还還]))
    | 真人[吗嗎嘛吧]
    | (?:人間|ロボット|機械|AI|人工知能)(?:なの|です)?か?(?:[?？]|$)
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Cautions:
    """Its texts; where one is "" there is none."""

    human: str = ""
    """Before words that ask whether she is a person."""
    stranger: str = ""
    """Before a question about a person who has said nothing before, now or ever."""

    def before(self, words: str, *, recalled: str, told: bool) -> str:
        """Return what stands before `words`: what was `recalled` for them, and a caution.

        `told` is whether the person has said anything before these, now or ever.
        """
        if _ASKS_IF_HUMAN.search(words.replace("’", "'")):
            return "\n".join(text for text in (recalled, self.human) if text)
        known = recalled or told or told_parts(words, 1)
        return recalled if known or wish(words) < Wish.OWN else self.stranger

"""Whose name somebody asks for: the character's, or their own; pure. English and Chinese."""

from __future__ import annotations

import re
from typing import Literal

from ..history.entries import fold

Whose = Literal["hers", "theirs", ""]

MAX_CHARS = 200
"""What is longer asks for more than a name."""
_HERS = re.compile(
    r"""
    \b(?:what|who)(?:'s|s|\ is|\ was)\ your\ (?:own\ |first\ |full\ |real\ )?name\b
    | \bwho\ (?:are|r)\ (?:you|u)\b(?!\ \w+ing\b)
    | \bwhat\ (?:do\ (?:people|they)|(?:do|should|can|may)\ i)\ call\ you\b
    | \b(?:what|how)\ are\ you\ called\b | \b(?:tell|say)\ (?:me\ )?your\ name\b
    | ^(?:and\ )?your\ name\??$
    | \bdo\ you\ have\ a\ name\b
    | (?<!我)你是(?:谁|誰|哪位) | 你(?:自己)?叫(?:什么|什麼|啥|做什么)
    | (?:你|您)的?名字(?:是|叫)?(?:什么|什麼|啥|呢) | 怎么称呼(?:你|您)?(?!我) | 您?贵姓
    | 我(?:该|应该|要)?(?:怎么|怎样|如何)(?:称呼|叫)(?:你|您)
    """,
    re.VERBOSE,
)
_THEIRS = re.compile(
    r"""
    \bwhat(?:'s|s|\ is|\ was)\ my\ (?:own\ |first\ |full\ |real\ )?name\b | \bwho\ am\ i\b
    | \b(?:know|remember|forgot|forget|tell\ me|say)\ (?:what\ )?my\ name\b
    | \bwhat\ (?:am\ i|i\ am|i'm)\ called\b | \bwhat\ do\ you\ call\ me\b
    | \b(?:know|remember)\ who\ i\ am\b
    | 我(?:自己)?叫(?:什么|什麼|啥|做什么) | 我是(?:谁|誰|哪位)
    | 我的?名字(?:是|叫)?(?:什么|什麼|啥|吗|嗎|呢|么|$) | (?:记得|知道|忘了|忘记)我的?名字
    | 你(?:该|应该|会|要)?(?:怎么|怎样|如何)(?:称呼|叫)我
    """,
    re.VERBOSE,
)


def whose_name(words: str) -> Whose:
    """Return whose name these words ask for; "" if they ask for none."""
    if len(words) > MAX_CHARS:
        return ""
    text = " ".join(fold(words).replace("’", "'").split()).strip(" .!,…。！，")
    if _THEIRS.search(text):
        return "theirs"
    return "hers" if _HERS.search(text) else ""

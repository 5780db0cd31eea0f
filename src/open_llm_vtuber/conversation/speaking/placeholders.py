"""What a model leaves for a person to fill in, such as [insert the current time]; no I/O."""

from __future__ import annotations

import re

LONGEST = 80
"""Of the text between the brackets, in characters."""

NEAR = 16
"""How far before such a name the greeting may begin, in characters."""

_ASKS = re.compile(
    r"(?:please )?(?:insert|enter|fill in|add|put|type|write|replace|specify|provide|include|state)"
    r"(?: with)? (?:the|your|a|an|any|some|current|today'?s|user'?s?|his|her|my|name|time|date|day"
    r"|details?|text|specific|relevant|appropriate|here)\b.*"
    r"|(?:the )?(?:current|today'?s|exact|actual)"
    r" (?:local )?(?:time|date|day|weather|location|year|month|temperature|hour)\b.*"
    r"|.{1,40} goes here|(?:(?:the|your) )?(?:name|time|date|text|number|answer|address|city) here"
    r"|(?:在?此处|在这里|请)?(?:插入|填写|填入|输入).{2,}|.{0,4}(?:当前|现在|今天)的?(?:时间|日期|天气|地点).{0,6}"
    r"|(?:現在|今日)の(?:時刻|時間|日付|天気).{0,6}|.{1,20}を(?:挿入|入力).{0,6}",
    re.IGNORECASE,
)
_DATUM = re.compile(
    r"\b(?:name|time|date|day|weather|location|city|age|number|address|year|month|here)\b"
    r"|时间|日期|天气|地点|名字|時刻|日付|名前",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:insert |the )?(?:(?:your|user'?s?|human'?s?|friend'?s?|person'?s?|first|their) ){0,2}name"
    r"|user|human|friend|你的名字|您的名字|用户名?|名字|(?:あなたの)?(?:お)?名前",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:[,，、]|\b(?:hi|hello|hey|welcome|thanks|bye|morning|evening|night|ciao|hola|hallo)"
    r"|[你您]好)[ \t]{0,3}\Z",
    re.IGNORECASE,
)
_ENDS = frozenset(",.!?，。！？~～")


def asks(text: str, *, aside: bool = False) -> bool:
    """Tell whether `text`, which stood in brackets, asks for something to be put in its place.

    `aside`: it stood in parentheses, as much else does; there it says what.
    """
    if len(text) > LONGEST or not _ASKS.fullmatch(_plain(text)):
        return False
    return not aside or _DATUM.search(text) is not None


def calls(text: str, before: str, after: str) -> bool:
    """Tell whether `text` between two others stands for the name of who is spoken to.

    Of what stands before it NEAR characters are enough, of what stands after it one.
    """
    if len(text) > LONGEST or not _NAME.fullmatch(_plain(text)):
        return False
    return after[:1] in _ENDS and _CALLED.search(before) is not None


def _plain(text: str) -> str:
    return text.replace("_", " ").replace("’", "'").strip(" <>{}")

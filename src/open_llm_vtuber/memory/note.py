"""How a model is told what is remembered: a line for each, in the words of who said it; pure.

As if the person said it, since what they said is about "me" and "my": so a small model knows whose
sister marries. English, or Chinese for what was said in Chinese. `today` is the day on which it is
told.
"""

from __future__ import annotations

from datetime import date, datetime

from ..cjk import HAN
from . import dates_en, dates_zh
from .dates import Precision
from .known_zh import SIMPLE
from .moments import ago
from .records import Fact, Recalled

MAX_CHARS = 300
"""More of a message is not quoted."""
NEAR_DAYS = 14
"""Of so near a day it is also said how near it is."""

_VERBS = {
    "said": ("told you", ""),
    "asked": ("asked you", " to remember"),
    "wrote": ("wrote", ""),
}
_VERBS_ZH = {"said": "告诉你", "asked": "要你记住", "wrote": "写道"}


def names_line(character: str, person: str, *, chinese: bool) -> str:
    """Return what both are called, as a sentence.

    Hers stands with theirs, because "I am Ada" alone was taken by small models for their own name.
    """
    if not character:
        return f"我叫{person}。" if chinese else f"I, who talk to you, am {person}."
    return (
        f"你叫{character}，我叫{person}。"
        if chinese
        else f"You are {character}, and I am {person}."
    )


def hers_line(character: str, *, chinese: bool) -> str:
    """Return what she is called, as a sentence."""
    return f"你叫{character}。" if chinese else f"You are {character}."


def theirs_line(person: str, *, chinese: bool) -> str:
    """Return what is to be answered to a person who asks for their name, as a sentence."""
    return f"回答说我叫{person}。" if chinese else f"Answer that I am {person}."


def fact_line(fact: Fact, today: date) -> str:
    """Return a fact as a line."""
    said = _day_of(fact.said_at)
    if HAN.search(fact.text):
        line = f"我{_on_zh(said, today)}{_VERBS_ZH[_verb(fact)]}：{_quoted_zh(fact.text)}"
    else:
        verb, rest = _VERBS[_verb(fact)]
        line = f"I {verb}{_on(said, today)}{rest}: {_quoted(fact.text)}"
    if fact.day is None:
        return line
    precision = _precision(fact.text, fact.day, said)
    if HAN.search(fact.text):
        return f"{line}（{_named_zh(fact.day, precision)}{_near_zh(fact.day, precision, today)}）"
    return f"{line} ({_named(fact.day, precision)}{_near(fact.day, precision, today)})"


def recalled_line(recalled: Recalled, today: date) -> str:
    """Return a message as a line that says how long ago it was and whose it is."""
    said = _day_of(recalled.said_at)
    text = " ".join(recalled.text.split())
    if len(text) > MAX_CHARS:
        text = text[:MAX_CHARS].rstrip() + "…"
    other = recalled.name if recalled.role == "human" else None
    if HAN.search(text):
        who = other or ("我" if recalled.role == "human" else "你")
        return f"{_ago_zh(said, today)}{who}说：{_quoted_zh(text)}"
    who = other or ("I" if recalled.role == "human" else "you")
    ago = _ago(said, today)
    return f"{ago[0].upper()}{ago[1:]} {who} said: {_quoted(text)}"


def _verb(fact: Fact) -> str:
    if fact.edited:
        return "wrote"
    return "asked" if fact.kind == "told" else "said"


def _day_of(said_at: str) -> date | None:
    """Return the day of a timestamp, None for what is none: imported files hold anything."""
    try:
        return datetime.fromisoformat(said_at).date()
    except ValueError:
        return None


def _precision(text: str, day: date, said: date | None) -> Precision:
    """Return how exactly the words name that day."""
    if said is None:
        return "day"
    lower = text.lower().replace("’", "'")
    for past in (False, True):
        for when in (
            *dates_en.find(lower, said, past=past),
            *dates_zh.find(text.translate(SIMPLE), said, past=past),
        ):
            if when.day == day:
                return when.precision
    return "day"


def _quoted(text: str) -> str:
    inside = " ".join(text.split()).replace('"', "'")
    return f'"{inside}"'


def _quoted_zh(text: str) -> str:
    inside = "".join(text.split("\n")).replace("“", "‘").replace("”", "’")
    return f"“{inside}”"


def _date(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _on(said: date | None, today: date) -> str:
    if said is None:
        return " once"
    if said == today:
        return " today"
    return f" on {said.day} {said:%B}" + ("" if said.year == today.year else f" {said.year}")


def _on_zh(said: date | None, today: date) -> str:
    if said is None:
        return "曾经"
    if said == today:
        return "今天"
    year = "" if said.year == today.year else f"{said.year}年"
    return f"{year}{said.month}月{said.day}日"


def _named(day: date, precision: Precision) -> str:
    return {
        "day": f"{day:%A} {_date(day)}",
        "about": f"about {_date(day)}",
        "week": f"the week of {_date(day)}",
        "month": f"{day:%B} {day.year}",
        "year": f"{day.year}",
    }[precision]


def _named_zh(day: date, precision: Precision) -> str:
    full = f"{day.year}年{day.month}月{day.day}日"
    return {
        "day": f"{full}星期{dates_zh.WEEKDAYS[day.weekday()]}",
        "about": f"{full}前后",
        "week": f"{full}那一周",
        "month": f"{day.year}年{day.month}月",
        "year": f"{day.year}年",
    }[precision]


def _near(day: date, precision: Precision, today: date) -> str:
    days = (day - today).days
    if precision != "day" or abs(days) > NEAR_DAYS:
        return ""
    if abs(days) <= 1:
        return f", {['today', 'tomorrow', 'yesterday'][days]}"
    return f", in {days} days" if days > 0 else f", {-days} days ago"


def _near_zh(day: date, precision: Precision, today: date) -> str:
    days = (day - today).days
    if precision != "day" or abs(days) > NEAR_DAYS:
        return ""
    if abs(days) <= 2:
        return f"，{['今天', '明天', '后天', '前天', '昨天'][days]}"
    return f"，{days}天后" if days > 0 else f"，{-days}天前"


def _ago(said: date | None, today: date) -> str:
    if said is None:
        return "once"
    days = (today - said).days
    if days < 0:
        return f"on {_date(said)}"
    if days == 0:
        return "earlier today"
    return ago(days, chinese=False)


def _ago_zh(said: date | None, today: date) -> str:
    if said is None:
        return "以前"
    days = (today - said).days
    if days < 0:
        return f"{said.year}年{said.month}月{said.day}日"
    if days == 0:
        return "今天早些时候"
    return ago(days, chinese=True)

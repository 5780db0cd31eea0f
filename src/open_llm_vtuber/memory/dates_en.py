"""The days that English words speak of; pure. See dates.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .dates import (
    Precision,
    When,
    after_days,
    after_months,
    day_of_month,
    last,
    monday,
    of_month,
    weekday,
)
from .numbers_en import NUMBER, ORDINAL, number
from .patterns import words

_WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS = words(
    "january february march april may june july august september october november december"
)
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
    "valentine's": (2, 14),
}
_UNITS = {"day": 1, "week": 7, "fortnight": 14}

_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_DAY = rf"(?:the )?(?P<day>{ORDINAL}|[0-3]?\d)"
_DAY_FIRST = rf"(?:the )?(?P<day_first>\d\d?(?:st|nd|rd|th)?(?: of)?|{ORDINAL} of)"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d))"
_PART = r"(?: (?:morning|noon|afternoon|evening|night))?"
_COUNT = rf"(?P<count>a couple of|a|an|one|{NUMBER})"
_UNIT = r"(?P<unit>day|week|fortnight|month|year)s?"

# The first that fits at a place is taken.
_PATTERNS = [
    re.compile(pattern.replace(" ", r"\s+"))
    for pattern in (
        r"(?:the )?day (?P<beside>after tomorrow|before yesterday)",
        rf"(?P<near>today|tonight|this (?:morning|afternoon|evening)|tomorrow{_PART}|tmrw|"
        rf"yesterday{_PART}|last night)",
        rf"in (?:about )?{_COUNT} {_UNIT}(?:'s?)?(?: time)?(?! (?:or|of)\b)",
        rf"{_COUNT} {_UNIT} (?P<way>ago|from now|from today)",
        r"(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)",
        rf"(?:(?:on|next|this|by|until|since) )?{_MONTH} {_DAY}(?!\d){_YEAR}?",
        rf"(?:(?:on|next|this|by|until|since) )?{_DAY_FIRST} {_MONTH}{_YEAR}?",
        rf"(?P<which>next|this|last|in|by|since|until)(?: early| mid| late)? {_MONTH}"
        rf"(?! (?:the )?\d\d?(?!\d)){_YEAR}?",
        rf"(?:(?P<which_day>next|this coming|this|last|past|on|by|until|since) )?"
        rf"(?P<weekday>{'|'.join(_WEEKDAYS)})(?!s){_PART}",
        rf"(?P<feast>{'|'.join(_FEASTS)})",
        r"(?P<which_span>next|this|last|the coming) (?P<span>week|month|year)(?!end)",
        r"(?P<weekend>next|this|last|on the|at the|over the|the coming) weekend",
        rf"on the (?P<of_month>{ORDINAL})(?! (?:floor|time|day|page|try|attempt|level)\b)",
        r"in (?P<in_year>20\d\d|19\d\d)",
    )
]
_ANY = re.compile(r"(?<![\w'-])(?=[\w'])")
_NEVER = re.compile(r"\b(?:every|each|most|all|some|any)\s+$")


def find(text: str, said: date, *, past: bool = False) -> Iterator[When]:
    """Yield the days of `text`, which is in lower case, in its order.

    `past` says that what is told of is over. What comes again and again is no day.
    """
    at = 0
    while place := _ANY.search(text, at):
        at = place.start() + 1
        for pattern in _PATTERNS:
            match = pattern.match(text, place.start())
            if match is None or text[match.end() : match.end() + 1].isalnum():
                continue
            found = _resolved(match, said, past=past)
            if found[0] and not _NEVER.search(text, 0, match.start()):
                yield When(found[0], found[1], match.start(), match.end())
            at = match.end()
            break


def _resolved(match: re.Match[str], said: date, *, past: bool) -> tuple[date | None, Precision]:
    """Return the day, None where there is no such, and how exactly it is named."""
    part = {name: " ".join(value.split()) for name, value in match.groupdict().items() if value}
    day: date | None = None
    precision: Precision = "day"
    if "beside" in part:
        day = after_days(said, 2 if "after" in part["beside"] else -2)
    elif near := part.get("near"):
        days = -1 if near.startswith(("yesterday", "last")) else near.startswith(("tom", "tmrw"))
        day = after_days(said, int(days))
    elif "count" in part:
        day, precision = _counted(part, said)
    elif "iso" in part:
        day = date.fromisoformat(part["iso"]) if _is_date(part["iso"]) else None
    elif "day" in part or "day_first" in part:
        day = of_month(
            said,
            _month(part["month"]),
            number(part.get("day") or part["day_first"].removesuffix(" of")),
            int(part["year"]) if "year" in part else None,
            past=past,
        )
    elif "which" in part:
        day, precision = _of_a_month(part, said, past=past), "month"
    elif "weekday" in part:
        day = _weekday(part, said, past=past)
    elif "feast" in part:
        day = of_month(said, *_FEASTS[part["feast"]], None, past=past)
    elif "span" in part:
        day, precision = _span(part["span"], part["which_span"], said)
    elif "weekend" in part:
        day, precision = _weekend(part["weekend"], said, past=past), "about"
    elif "of_month" in part:
        day = day_of_month(said, number(part["of_month"]), past=past)
    else:
        day, precision = date(int(part["in_year"]), 1, 1), "year"
    return day, precision


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _counted(part: dict[str, str], said: date) -> tuple[date | None, Precision]:
    words = part["count"]
    count = 2 if "couple" in words else 1 if words in ("a", "an") else number(words)
    if part.get("way") == "ago":
        count = -count
    unit = part["unit"]
    if unit in _UNITS:
        return after_days(said, _UNITS[unit] * count), "day" if unit == "day" else "about"
    return after_months(said, count * (12 if unit == "year" else 1)), "about"


def _of_a_month(part: dict[str, str], said: date, *, past: bool) -> date | None:
    month, which = _month(part["month"]), part["which"]
    if "year" in part:
        return date(int(part["year"]), month, 1)
    if which == "last" or (which == "since" and not past):
        before = after_months(said.replace(day=1), -1) if which == "last" else said
        return before and of_month(before, month, None, None, past=True)
    if which == "next":
        following = after_months(said.replace(day=1), 1)
        return following and of_month(following, month, None, None, past=False)
    return of_month(said, month, None, None, past=past)


def _weekday(part: dict[str, str], said: date, *, past: bool) -> date | None:
    day, which = _WEEKDAYS.index(part["weekday"]), part.get("which_day", "")
    if which == "next":
        following = monday(said, 1)
        return following and after_days(following, day)
    if which in ("last", "past", "since"):
        return last(said, day)
    if which == "this" and not past and day == said.weekday():
        return said
    return weekday(said, day, past=past)


def _span(span: str, which: str, said: date) -> tuple[date | None, Precision]:
    step = {"next": 1, "the coming": 1, "this": 0, "last": -1}[which]
    if span == "week":
        return monday(said, step), "week"
    if span == "month":
        return after_months(said.replace(day=1), step), "month"
    return after_months(said.replace(month=1, day=1), 12 * step), "year"


def _weekend(which: str, said: date, *, past: bool) -> date | None:
    weeks = {"next": 1, "last": -1}.get(which, -1 if past and said.weekday() < 5 else 0)
    start = monday(said, weeks)
    return start and after_days(start, 5)

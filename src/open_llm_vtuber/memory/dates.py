"""The days that words speak of, counted from the day on which they were said; pure.

A weekday alone is the next one, or the last one of what is past; "next Friday" is the one of the
next week, which begins on Monday. A date without a year is the next such, or the last.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "about", "week", "month", "year"]
"""How exactly a day is named: "in two weeks" is about that day, "in May" any of the month."""


@dataclass(frozen=True)
class When:
    """A day that is named in a text, and where."""

    day: date
    """Of a week, month or year the first."""
    precision: Precision
    start: int
    end: int


def after_days(said: date, days: int) -> date | None:
    """Return the day that many days later; None if no calendar has it."""
    try:
        return said + timedelta(days=days)
    except OverflowError:
        return None


def after_months(said: date, months: int) -> date | None:
    """Return the same day of a later month, or its last; None if no calendar has it."""
    year, month = divmod(said.year * 12 + said.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(said.day, calendar.monthrange(year, month + 1)[1]))


def monday(said: date, weeks: int = 0) -> date | None:
    """Return the Monday of the week so many weeks later."""
    return after_days(said, 7 * weeks - said.weekday())


def weekday(said: date, day: int, *, past: bool) -> date | None:
    """Return the nearest such weekday (Monday is 0), never the day itself."""
    return after_days(said, (day - said.weekday()) % 7 or 7) if not past else last(said, day)


def last(said: date, day: int) -> date | None:
    """Return the last such weekday before that day."""
    return after_days(said, -((said.weekday() - day) % 7 or 7))


def of_month(
    said: date, month: int, day: int | None, year: int | None, *, past: bool
) -> date | None:
    """Return a day of a month, or its first: of that year, or the nearest to come, or to be over.

    None if there is no such day.
    """
    if year is not None:
        return _date(year, month, day or 1)
    for other in range(9) if not past else range(0, -9, -1):  # the 29th of February
        found = _date(said.year + other, month, day or 1)
        if found is None:
            continue
        if day is None:  # a month that has begun is the one that is meant
            then, now = (found.year, found.month), (said.year, said.month)
            if then <= now if past else then >= now:
                return found
        elif found <= said if past else found >= said:
            return found
    return None


def day_of_month(said: date, day: int, *, past: bool) -> date | None:
    """Return the next day with that number, or the last one."""
    for months in range(3) if not past else range(0, -3, -1):
        first = after_months(said.replace(day=1), months)
        found = _date(first.year, first.month, day) if first else None
        if found and (found <= said if past else found >= said):
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

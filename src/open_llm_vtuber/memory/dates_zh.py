"""The days that Chinese words speak of; pure. See dates.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .dates import Precision, When, after_days, after_months, day_of_month, last, monday, of_month
from .numbers_zh import NUMBER, number

_NEAR = {
    "大前天": -3,
    "前天": -2,
    "昨": -1,
    "今": 0,
    "明": 1,
    "大后天": 3,
    "后天": 2,
}
_STEPS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_FEASTS = {
    "平安夜": (12, 24),
    "圣诞": (12, 25),
    "元旦": (1, 1),
    "情人节": (2, 14),
    "劳动节": (5, 1),
    "儿童节": (6, 1),
    "国庆": (10, 1),
    "万圣节": (10, 31),
}
WEEKDAYS = "一二三四五六日"
"""From Monday on."""

_HOUR = r"(?:[零一二两三四五六七八九十\d]{1,3}点(?:钟|半|多)?)?"
_PART = rf"(?:一?大?早上|上午|中午|下午|晚上|凌晨|傍晚|夜里)?{_HOUR}"
_STEP = r"上上|上|下下|下|这|本"
_WEEK = r"个?(?:周|星期|礼拜)"
_YEAR = rf"(?P<year>{'|'.join(_YEARS)}|(?:19|20)\d\d年)"

# The first that fits at a place is taken.
_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"(?P<near>大后天|大前天|后天|前天|[今明昨](?:天|晚|早|夜)){_PART}",
        rf"(?P<step>{_STEP})?{_WEEK}(?P<weekday>[一二三四五六日天])(?![个只条])的?{_PART}",
        rf"(?P<weekend_step>{_STEP})?个?周末",
        rf"(?P<count>{NUMBER})(?P<unit>天|周|个?星期|个?礼拜|个月|年)(?P<way>以后|之后|后|以前|之前|前)",
        r"(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)",
        rf"(?:{_YEAR}的?)?(?P<month>{NUMBER})月份?(?:的?(?P<day>{NUMBER})(?:[日号]|(?!\w)))?{_PART}",
        rf"(?P<month_step>{_STEP})个?月(?:的?(?P<step_day>{NUMBER})[日号])?",
        rf"(?P<bare_day>{NUMBER})号(?![楼线店房位人机])",
        rf"(?P<week_step>{_STEP}){_WEEK}",
        rf"{_YEAR.replace('year', 'only_year')}",
        rf"(?P<feast>{'|'.join(_FEASTS)})节?",
    )
]
_SIGN = re.compile(r"[\w]")


def find(text: str, said: date, *, past: bool = False) -> Iterator[When]:
    """Yield the days of `text`, in simplified characters, in its order.

    `past` says that what is told of is over. What comes again and again is no day.
    """
    at = 0
    while place := _SIGN.search(text, at):
        at = place.end()
        for pattern in _PATTERNS:
            match = pattern.match(text, place.start())
            if match is None:
                continue
            day, precision = _resolved(match, said, past=past)
            if day and text[max(0, match.start() - 2) : match.start()][-1:] != "每":
                yield When(day, precision, match.start(), match.end())
            at = match.end()
            break


def _resolved(match: re.Match[str], said: date, *, past: bool) -> tuple[date | None, Precision]:
    part = {name: value for name, value in match.groupdict().items() if value}
    day: date | None = None
    precision: Precision = "day"
    if near := part.get("near"):
        day = after_days(said, _NEAR.get(near, _NEAR.get(near[0], 0)))
    elif "weekday" in part:
        day = _weekday(part, said, past=past)
    elif "count" in part:
        day, precision = _counted(part, said)
    elif iso := part.get("iso"):
        day = _iso(iso)
    elif "month" in part:
        day, precision = _of_a_month(part, said, past=past)
    elif step := part.get("month_step"):
        first = after_months(said.replace(day=1), _STEPS[step])
        if "step_day" in part:
            number_of_day = number(part["step_day"])
            day = first and of_month(first, first.month, number_of_day, first.year, past=past)
        else:
            day, precision = first, "month"
    elif "bare_day" in part:
        day = day_of_month(said, number(part["bare_day"]), past=past)
    elif step := part.get("week_step"):
        day, precision = monday(said, _STEPS[step]), "week"
    elif year := part.get("only_year"):
        day, precision = _first_of(year, said), "year"
    elif feast := part.get("feast"):
        day = of_month(said, *_FEASTS[feast], None, past=past)
    else:  # a weekend
        start = monday(said, _STEPS[part.get("weekend_step", "这")])
        day, precision = start and after_days(start, 5), "about"
    return day, precision


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _weekday(part: dict[str, str], said: date, *, past: bool) -> date | None:
    day = WEEKDAYS.index(part["weekday"].replace("天", "日"))
    if "step" in part:
        start = monday(said, _STEPS[part["step"]])
        return start and after_days(start, day)
    if past:
        return last(said, day)
    return after_days(said, (day - said.weekday()) % 7)


def _counted(part: dict[str, str], said: date) -> tuple[date | None, Precision]:
    count = number(part["count"]) * (-1 if "前" in part["way"] else 1)
    unit = part["unit"]
    if unit == "天":
        return after_days(said, count), "day"
    if unit.endswith(("周", "星期", "礼拜")):
        return after_days(said, 7 * count), "about"
    return after_months(said, count * (12 if unit == "年" else 1)), "about"


def _of_a_month(part: dict[str, str], said: date, *, past: bool) -> tuple[date | None, Precision]:
    month, day = number(part["month"]), number(part["day"]) if "day" in part else None
    if not 1 <= month <= 12:
        return None, "day"
    first = _first_of(part["year"], said) if "year" in part else None
    found = of_month(said, month, day, first.year if first else None, past=past)
    return found, "day" if day else "month"


def _first_of(year: str, said: date) -> date | None:
    if year in _YEARS:
        return after_months(said.replace(month=1, day=1), 12 * _YEARS[year])
    return date(int(year[:4]), 1, 1)

"""What day and time it is, and how long ago something was, in words for a language model; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from .dates_zh import WEEKDAYS
from .patterns import words

_PARTS = ((5, "night"), (12, "morning"), (14, "midday"), (18, "afternoon"), (22, "evening"))
_PARTS_ZH = ((5, "夜里"), (9, "早上"), (12, "上午"), (14, "中午"), (18, "下午"), (22, "晚上"))
_COUNTS = words("no one two three four five six seven eight nine ten eleven twelve")
_UNITS_ZH = {"day": "天", "week": "周", "month": "个月", "year": "年"}
_JUST = timedelta(minutes=20)


def now_line(now: datetime, *, chinese: bool) -> str:
    """Return the local day and time as a sentence."""
    if chinese:
        day = f"{now.year}年{now.month}月{now.day}日星期{WEEKDAYS[now.weekday()]}"
        return f"现在是{day}，{_part(now.hour, _PARTS_ZH, '夜里')}{now:%H:%M}。"
    part = _part(now.hour, _PARTS, "night")
    when = f"{now.day} {now:%B} {now.year}, {now:%H:%M}"
    return f"It is {now:%A}, {when}, {'at' if part in ('night', 'midday') else 'in the'} {part}."


def since_line(last: datetime | None, now: datetime, *, chinese: bool) -> str:
    """Return how long ago one spoke last, as a sentence; None is never."""
    if last is None:
        return "我们还没有聊过。" if chinese else "We have never talked before."
    past = now - last
    if past < _JUST:
        return "我们刚刚还在聊。" if chinese else "We talked just now."
    days = (now.date() - last.date()).days
    when = ago(days, chinese=chinese) if days > 0 else _hours_ago(past, chinese=chinese)
    return f"我们上次聊天是{when}。" if chinese else f"We last talked {when}."


def _part(hour: int, parts: tuple[tuple[int, str], ...], late: str) -> str:
    return next((name for end, name in parts if hour < end), late)


def ago(days: int, *, chinese: bool) -> str:
    """Return how long ago something was, from one day on, in the unit in which one speaks of it."""
    count, unit = _in_units(days)
    if chinese:
        return ("昨天", "前天")[days - 1] if days <= 2 else f"{count}{_UNITS_ZH[unit]}前"
    if days == 1:
        return "yesterday"
    if count == 1:
        return f"a {unit} ago"
    return f"{_COUNTS[count] if count < len(_COUNTS) else count} {unit}s ago"


def _hours_ago(past: timedelta, *, chinese: bool) -> str:
    hours = round(past.total_seconds() / 3600)
    if not hours:
        return "半小时前" if chinese else "half an hour ago"
    if chinese:
        return f"{hours}小时前"
    return "an hour ago" if hours == 1 else f"{hours} hours ago"


def _in_units(days: int) -> tuple[int, str]:
    if days < 7:
        return days, "day"
    if days < 60:
        return days // 7, "week"
    if days < 365:
        return round(days / 30.44), "month"
    return days // 365, "year"

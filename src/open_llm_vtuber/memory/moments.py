"""What day and time it is, and how long ago one last spoke, in words for a language model; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

_PARTS = ((5, "night"), (12, "morning"), (14, "midday"), (18, "afternoon"), (22, "evening"))
_PARTS_ZH = ((5, "夜里"), (9, "早上"), (12, "上午"), (14, "中午"), (18, "下午"), (22, "晚上"))
_WEEKDAYS_ZH = "一二三四五六日"
_JUST = timedelta(minutes=20)


def now_line(now: datetime, *, chinese: bool) -> str:
    """Return the local day and time as a sentence."""
    if chinese:
        day = f"{now.year}年{now.month}月{now.day}日星期{_WEEKDAYS_ZH[now.weekday()]}"
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
    english, zh = _ago(last, now)
    return f"我们上次聊天是{zh}。" if chinese else f"We last talked {english}."


def _part(hour: int, parts: tuple[tuple[int, str], ...], late: str) -> str:
    return next((name for end, name in parts if hour < end), late)


def _ago(last: datetime, now: datetime) -> tuple[str, str]:
    """Return how long ago something was, in English and in Chinese."""
    days = (now.date() - last.date()).days
    hours = round((now - last).total_seconds() / 3600)
    if days <= 0:
        return (
            (_many(hours, "hour"), f"{hours}小时前") if hours else ("half an hour ago", "半小时前")
        )
    if days == 1:
        return "yesterday", "昨天"
    if days < 14:
        return _many(days, "day"), f"{days}天前"
    if days < 60:
        return _many(days // 7, "week"), f"{days // 7}周前"
    if days < 365:
        return _many(round(days / 30.4), "month"), f"{round(days / 30.4)}个月前"
    return _many(days // 365, "year"), f"{days // 365}年前"


def _many(count: int, unit: str) -> str:
    return f"{'an' if unit == 'hour' else 'a'} {unit} ago" if count == 1 else f"{count} {unit}s ago"

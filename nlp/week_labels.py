"""How far apart two labels of weeks are: numbers, dates, or ISO weeks."""

from datetime import date


def step(before: str, after: str) -> int | None:
    """Return the weeks from one label to the next, None when they do not tell.

    Labels may be whole numbers, dates (2026-11-23) or ISO weeks (2026-W48). Dates that are not a
    whole number of weeks apart give 0.
    """
    first, second = _day(before.strip()), _day(after.strip())
    if first and second:
        days = (second - first).days
        return days // 7 if days % 7 == 0 else 0
    if before.strip().isdecimal() and after.strip().isdecimal():
        return int(after) - int(before)
    return None


def _day(label: str) -> date | None:
    """Return the day of a date, the Monday of an ISO week, or None."""
    try:
        return date.fromisoformat(label)
    except ValueError:
        return None

"""A timer, of a session or of one group: minutes that run towards a moment, or seconds left while
it stands."""

from datetime import datetime, timedelta

from workshops.models import CardGroup, Workshop

Timed = Workshop | CardGroup


def start_timer(timed: Timed, minutes: int, now: datetime) -> None:
    """Give ``minutes``; a running timer starts anew."""
    timed.timer_until = now + timedelta(minutes=minutes)
    timed.timer_left_seconds = None


def pause_timer(timed: Timed, now: datetime) -> None:
    """Stop the clock, or let it run on when it is stopped."""
    left = seconds_left(timed, now)
    if left is None:
        return
    running = timed.timer_until is not None
    timed.timer_until = None if running else now + timedelta(seconds=left)
    timed.timer_left_seconds = left if running else None


def add_minute(timed: Timed, now: datetime) -> None:
    """Give one minute more, from now when the time was over."""
    left = seconds_left(timed, now) or 0
    if timed.timer_left_seconds is not None:
        timed.timer_left_seconds = left + 60
    else:
        timed.timer_until = now + timedelta(seconds=left + 60)


def seconds_left(timed: Timed, now: datetime) -> int | None:
    """Return the seconds on the timer, never negative; None when there is no timer."""
    if timed.timer_left_seconds is not None:
        return timed.timer_left_seconds
    if timed.timer_until is None:
        return None
    return max(0, round((timed.timer_until - now).total_seconds()))


def clear_timer(timed: Timed) -> None:
    """Take the timer away; what it was for is over."""
    timed.timer_until = timed.timer_left_seconds = None

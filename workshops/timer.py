"""The timer of a session: minutes that run towards a moment, or seconds left while it stands."""

from datetime import datetime, timedelta

from workshops.models import Workshop


def start_timer(workshop: Workshop, minutes: int, now: datetime) -> None:
    """Give the room ``minutes``; a running timer starts anew."""
    workshop.timer_until = now + timedelta(minutes=minutes)
    workshop.timer_left_seconds = None
    workshop.version += 1


def pause_timer(workshop: Workshop, now: datetime) -> None:
    """Stop the clock, or let it run on when it is stopped."""
    left = seconds_left(workshop, now)
    if left is None:
        return
    running = workshop.timer_until is not None
    workshop.timer_until = None if running else now + timedelta(seconds=left)
    workshop.timer_left_seconds = left if running else None
    workshop.version += 1


def add_minute(workshop: Workshop, now: datetime) -> None:
    """Give one minute more, from now when the time was over."""
    left = seconds_left(workshop, now) or 0
    if workshop.timer_left_seconds is not None:
        workshop.timer_left_seconds = left + 60
    else:
        workshop.timer_until = now + timedelta(seconds=left + 60)
    workshop.version += 1


def seconds_left(workshop: Workshop, now: datetime) -> int | None:
    """Return the seconds on the timer, never negative; None when there is no timer."""
    if workshop.timer_left_seconds is not None:
        return workshop.timer_left_seconds
    if workshop.timer_until is None:
        return None
    return max(0, round((workshop.timer_until - now).total_seconds()))


def clear_timer(workshop: Workshop) -> None:
    """Take the timer away; the phase that it was for is over."""
    workshop.timer_until = workshop.timer_left_seconds = None

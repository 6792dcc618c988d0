"""When a room writes no more: a hint for who facilitates, nobody else is told.

The session alone remembers when an idea last came, in steps, and forgets it with the phase: no idea
carries a moment (model.md §2).
"""

from datetime import datetime, timedelta

from workshops.models import Phase, Workshop

AFTER = timedelta(minutes=2)  # of silence: people read and think for a while
STEP = timedelta(seconds=20)  # an idea sooner than this after another writes no row


def listen(workshop: Workshop, now: datetime) -> None:
    """Count the silence from now on, where the room has begun to write; stop in any other phase."""
    workshop.quiet_since = now if workshop.phase == Phase.WRITE else None


def heard(workshop: Workshop, now: datetime) -> None:
    """Note that an idea came."""
    if workshop.quiet_since is None or now - workshop.quiet_since >= STEP:
        workshop.quiet_since = now


def minutes(workshop: Workshop, now: datetime) -> int:
    """Return for how many minutes nobody has written; 0 while that is nothing to speak of."""
    if workshop.quiet_since is None or workshop.phase != Phase.WRITE:
        return 0
    silence = now - workshop.quiet_since
    return int(silence.total_seconds() // 60) if silence >= AFTER else 0

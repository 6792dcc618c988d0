"""The half hour for correcting: a sealed moment on the receipt page; no table holds it."""

import hashlib
import hmac
from datetime import datetime, timedelta

EDIT_MINUTES = 30


def grant(secret: str, feedback_id: str, until: datetime) -> str:
    """Return the sealed leave to correct ``feedback_id`` until a moment."""
    stamp = str(int(until.timestamp()))
    return f"{stamp}.{_seal(secret, feedback_id, stamp)}"


def minutes_left(secret: str, feedback_id: str, leave: str, now: datetime) -> int:
    """Return the minutes for which ``leave`` still holds; 0 when it is over or not ours."""
    stamp, _dot, seal = leave.partition(".")
    if not leave.isascii() or not hmac.compare_digest(seal, _seal(secret, feedback_id, stamp)):
        return 0
    left = int(stamp) - int(now.timestamp())
    return min(EDIT_MINUTES, max(0, -(-left // 60)))


def first_leave(secret: str, feedback_id: str, now: datetime) -> str:
    """Return a fresh leave of half an hour."""
    return grant(secret, feedback_id, now + timedelta(minutes=EDIT_MINUTES))


def _seal(secret: str, feedback_id: str, stamp: str) -> str:
    body = f"edit:{feedback_id}:{stamp}".encode()
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()[:32]

"""Rate limits in the database: fixed windows per network, under a key that changes every day.

The address of a citizen is never kept: its network (/24 or /48) is sealed with a daily key, and the
rows go within a day (model.md §2).
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Moment, db

TEN_MINUTES = timedelta(minutes=10)  # the window of every limit so far


class RateBucket(Model):
    """How many times something was done in one window."""

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment, index=True)
    count: Mapped[int] = mapped_column(default=0)


def network_of(address: str | None) -> str:
    """Return the /24 or /48 that ``address`` stands in; what is no address shares one bucket."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    prefix = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{prefix}", strict=False))


def _key(what: str, who: str, window: timedelta, now: datetime, secret: str) -> str:
    daily = hmac.new(secret.encode(), f"limits:{now:%Y%m%d}".encode(), hashlib.sha256).digest()
    slot = int(now.timestamp() // window.total_seconds())
    return hmac.new(daily, f"{what}|{who}|{slot}".encode(), hashlib.sha256).hexdigest()


def is_spent(
    what: str, who: str, limit: int, window: timedelta, now: datetime, secret: str
) -> bool:
    """Say whether ``allow`` would refuse, without counting: reading takes no lock."""
    bucket = db.session.get(RateBucket, _key(what, who, window, now, secret))
    return bucket is not None and bucket.count >= limit


def allow(what: str, who: str, limit: int, window: timedelta, now: datetime, secret: str) -> bool:
    """Count one use of ``what`` by ``who``; say whether it is within ``limit`` per ``window``."""
    key = _key(what, who, window, now, secret)
    bucket = db.session.get(RateBucket, key)
    if bucket is None:
        bucket = RateBucket(key=key, until=now + window, count=0)
        db.session.add(bucket)
    bucket.count += 1
    db.session.flush()
    return bucket.count <= limit


def used(what: str, who: str, window: timedelta, now: datetime, secret: str) -> int:
    """Return how often ``what`` was done by ``who`` in this window; counts nothing."""
    bucket = db.session.get(RateBucket, _key(what, who, window, now, secret))
    return bucket.count if bucket else 0


def purge(now: datetime) -> int:
    """Drop the windows that are over; return how many."""
    result = db.session.execute(delete(RateBucket).where(RateBucket.until < now))
    return int(result.rowcount)  # type: ignore[attr-defined]

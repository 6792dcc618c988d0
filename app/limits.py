"""Rate limits in the database: fixed windows per network, under a key that is drawn every day.

The address of a citizen is never kept: its network (/24 or /48) is sealed with the day's key. Key
and rows go within a day (model.md §2), and then nobody can say whose they were, whatever they know.
"""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Moment, db

TEN_MINUTES = timedelta(minutes=10)  # the window of every limit so far


class RateBucket(Model):
    """How many times something was done in one window."""

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment, index=True)
    count: Mapped[int] = mapped_column(default=0)


class LimitKey(Model):
    """The key of one day, drawn when something is first counted and dropped the day after."""

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


def network_of(address: str | None) -> str:
    """Return the /24 or /48 that ``address`` stands in; what is no address shares one bucket."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    prefix = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{prefix}", strict=False))


def _key(
    what: str, who: str, window: timedelta, now: datetime, secret: str, draw: bool = False
) -> str:
    """Return the bucket's key; empty when today has no key yet and none is to be drawn."""
    today = db.session.get(LimitKey, now.date())
    if today is None and draw:
        today = LimitKey(day=now.date(), key=secrets.token_hex(32))
        db.session.add(today)
        db.session.flush()
    if today is None:
        return ""
    daily = hmac.new(secret.encode(), today.key.encode(), hashlib.sha256).digest()
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
    key = _key(what, who, window, now, secret, draw=True)
    bucket = db.session.get(RateBucket, key)
    if bucket is None:
        bucket = RateBucket(key=key, until=now + window, count=0)
        db.session.add(bucket)
    bucket.count += 1
    db.session.flush()
    return bucket.count <= limit


def take(
    what: str, who: str, wanted: int, limit: int, window: timedelta, now: datetime, secret: str
) -> int:
    """Count up to ``wanted`` uses within ``limit`` per ``window``; return how many are granted."""
    key = _key(what, who, window, now, secret, draw=True)
    bucket = db.session.get(RateBucket, key)
    if bucket is None:
        bucket = RateBucket(key=key, until=now + window, count=0)
        db.session.add(bucket)
    granted = max(0, min(wanted, limit - bucket.count))
    bucket.count += granted
    db.session.flush()
    return granted


def used(what: str, who: str, window: timedelta, now: datetime, secret: str) -> int:
    """Return how often ``what`` was done by ``who`` in this window; counts nothing."""
    bucket = db.session.get(RateBucket, _key(what, who, window, now, secret))
    return bucket.count if bucket else 0


def purge(now: datetime) -> int:
    """Drop the windows that are over and the keys of other days; return how many windows."""
    db.session.execute(delete(LimitKey).where(LimitKey.day < now.date()))
    result = db.session.execute(delete(RateBucket).where(RateBucket.until < now))
    return int(result.rowcount)  # type: ignore[attr-defined]

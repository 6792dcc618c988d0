"""Browsers from which a member of staff came in before: each has tries of its own at the door.

A limit of tries about one account lets anybody shut its owner out. A signed cookie, set once both
proofs were given, lets that browser past strangers' tries; it opens nothing by itself. OWASP calls
them device cookies. Ending all sessions of an account ends its devices too.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import date

from itsdangerous import BadData, URLSafeSerializer

DAYS = 180  # since somebody last came in
MOST_ACCOUNTS = 5  # of a computer that colleagues share
SALT = "known device"


@dataclass(frozen=True)
class Device:
    """A browser: a random name, the day of the last entry, and the marks of who came in."""

    name: str
    day: date
    marks: tuple[str, ...]

    def knows(self, mark: str) -> bool:
        """Say whether whoever has ``mark`` came in from here."""
        return bool(mark) and mark in self.marks


def mark_of(uniquifier: str, secret: str) -> str:
    """Return the mark of an account, which changes when all its sessions are ended."""
    return hmac.new(secret.encode(), f"{SALT}|{uniquifier}".encode(), hashlib.sha256).hexdigest()[
        :20
    ]


def read(cookie: str | None, secret: str, today: date) -> Device | None:
    """Return the device that ``cookie`` speaks of, unless it is not ours or too old."""
    try:
        name, day, *marks = URLSafeSerializer(secret, SALT).loads(cookie or "")
        device = Device(str(name), date.fromisoformat(day), tuple(map(str, marks)))
    except (BadData, TypeError, ValueError):
        return None
    return device if 0 <= (today - device.day).days <= DAYS else None


def write(device: Device, secret: str) -> str:
    """Return the cookie of ``device``."""
    told = [device.name, device.day.isoformat(), *device.marks]
    return str(URLSafeSerializer(secret, SALT).dumps(told))


def after_entry(device: Device | None, mark: str, today: date) -> Device:
    """Return the device that knows ``mark`` too, a new one where there is none."""
    known = device or Device(secrets.token_hex(16), today, ())
    others = [each for each in known.marks if each != mark]
    return replace(known, day=today, marks=(mark, *others)[:MOST_ACCOUNTS])

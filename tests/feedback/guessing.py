"""What tests of guessed codes share: ten thousand guesses, and how often the slow hash ran."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import event

from app.db import CROCKFORD, db
from feedback import receipts

GUESSED = 10_000


def guesses(count: int) -> list[str]:
    """Return codes that nobody was given, the same each time."""
    drawn = random.Random(46)
    return ["".join(drawn.choices(CROCKFORD, k=16)) for _n in range(count)]


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the codes that the slow hash is computed for, from here on."""
    seen: list[str] = []
    slow: Callable[[str, str], str] = receipts.hash_code

    def counted(tried: str, salt: str) -> str:
        seen.append(tried)
        return slow(tried, salt)

    monkeypatch.setattr(receipts, "hash_code", counted)
    return seen


def wait_for_no_disk() -> None:
    """Let new connections skip what only a power cut would need."""
    off = "PRAGMA synchronous=OFF"
    event.listen(db.engine, "connect", lambda connection, _record: connection.execute(off))
    db.engine.dispose()

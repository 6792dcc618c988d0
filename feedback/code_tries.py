"""Trying a code: who guesses is held off, and the right code of a person always gets in.

A keyed hint of 24 bits stands beside each hashed code. A guess whose hint nobody has is refused
without hashing, so guesses cost next to nothing and the slow hash is kept for those who hold a
code (docs/decisions/0017). Guesses count against their network; a right code never does. The same
holds for every table of codes: ``RETOURS`` here, the codes of sessions in ``workshops``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, exists, null, select, true, union_all, update
from sqlalchemy.orm import InstrumentedAttribute

from app import limits
from app.db import db, start_reading, start_writing
from app.limits import TEN_MINUTES
from feedback import receipts
from feedback.intake import find_by_code
from feedback.models import Feedback, State

GUESSES = 30  # by one network in ten minutes; then a guess is told to wait
SAME_CODE = 10  # openings of one code in ten minutes: each costs a slow hash
UNHINTED = 300  # by everybody, while codes from before the hints are left
Row = TypeVar("Row")


class TooManyGuesses(Exception):
    """This network guessed too often, or one code was entered too often: wait ten minutes."""


@dataclass(frozen=True)
class Door:
    """Who tries, when, and the secrets of this instance."""

    network: str
    now: datetime
    secret_key: str
    receipt_secret: str

    def allows(self, what: str, who: str, limit: int) -> bool:
        """Count one use, and commit at once; what is over its limit already takes no lock."""
        start_reading()
        given = (what, who, limit, TEN_MINUTES, self.now, self.secret_key)
        if limits.is_spent(*given):
            return False
        start_writing()
        allowed = limits.allow(*given)
        db.session.commit()
        return allowed


@dataclass(frozen=True)
class Codes(Generic[Row]):
    """A table of codes: its columns, how the slow hash finds a row, how many guesses it takes."""

    name: str  # in the names of its limits
    find: Callable[[str], Row | None]  # by the code itself: a slow hash
    key: InstrumentedAttribute[str]
    hint: InstrumentedAttribute[str | None]
    hashed: InstrumentedAttribute[Any]
    stands: ColumnElement[bool] = true()  # rows whose code opens something
    guesses: int = GUESSES


RETOURS = Codes(
    "code",
    find_by_code,
    Feedback.id,
    Feedback.code_hint,
    Feedback.code_hash,
    Feedback.state != State.WITHDRAWN,
)


def open_code(code: str, door: Door) -> Feedback | None:
    """Return the retour of ``code``, or None; raise ``TooManyGuesses``."""
    return try_code(RETOURS, code, door)


def try_code(codes: Codes[Row], code: str, door: Door) -> Row | None:
    """Return the row of ``code``, or None; raise ``TooManyGuesses``. Holds no lock at the end.

    An unknown code, one erased and one withdrawn are refused alike, without a slow hash.
    """
    start_reading()
    hint = receipts.hint(door.receipt_secret, code)
    known = _known(codes, hint)
    if hint in known:
        found = _hashed(codes, code, door, hint)
    else:
        found = _before_hints(codes, code, door, hint) if known else None
    if found is not None:
        return found
    if not door.allows(codes.name, door.network, codes.guesses):
        raise TooManyGuesses
    start_reading()
    return None


def _known(codes: Codes[Row], hint: str) -> set[str | None]:
    """Return ``hint`` if a row has it, and None if a code from before the hints is left."""
    with_hint = select(codes.hint).where(codes.hint == hint, codes.stands)
    unhinted = exists().where(codes.hint.is_(None), codes.hashed.is_not(None))
    return set(db.session.scalars(union_all(with_hint, select(null()).where(unhinted))))


def _hashed(codes: Codes[Row], code: str, door: Door, hint: str) -> Row | None:
    """Compare the slow hash; only who holds a code, or met its hint by chance, comes here."""
    if not door.allows(f"{codes.name} hint", hint, SAME_CODE):
        raise TooManyGuesses
    start_reading()
    return codes.find(code)


def _before_hints(codes: Codes[Row], code: str, door: Door, hint: str) -> Row | None:
    """Try a code given before hints were kept, within limits; a right one gets its hint."""
    unhinted = f"{codes.name} unhinted"
    mine = door.allows(unhinted, door.network, codes.guesses)
    if not mine or not door.allows(unhinted, "all", UNHINTED):
        raise TooManyGuesses
    start_reading()
    found = codes.find(code)
    if found is None:
        return None
    key, row = getattr(found, codes.key.key), type(found)
    start_writing()
    db.session.execute(update(row).where(codes.key == key).values({codes.hint: hint}))
    db.session.commit()
    start_reading()
    return db.session.get(row, key)

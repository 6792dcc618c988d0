"""Trying a code: who guesses is held off, and the right code of a person always gets in.

A keyed hint of 24 bits stands beside each hashed code. A guess whose hint nobody has is refused
without hashing, so guesses cost next to nothing and the slow hash is kept for those who hold a
code (docs/decisions/0017). Guesses count against their network; a right code never does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, null, select, union_all

from app import limits
from app.db import db, start_reading, start_writing
from app.limits import TEN_MINUTES
from feedback import receipts
from feedback.intake import find_by_code
from feedback.models import Feedback, State

GUESSES = 30  # by one network in ten minutes; then a guess is told to wait
SAME_CODE = 10  # openings of one code in ten minutes: each costs a slow hash
UNHINTED = 300  # by everybody, while codes from before the hints are left


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


def open_code(code: str, door: Door) -> Feedback | None:
    """Return the retour of ``code``, or None; raise ``TooManyGuesses``. Holds no lock at the end.

    An unknown code, one erased and one withdrawn are refused alike, without a slow hash.
    """
    start_reading()
    hint = receipts.hint(door.receipt_secret, code)
    known = _known(hint)
    if hint in known:
        found = _hashed(code, door, hint)
    else:
        found = _before_hints(code, door, hint) if known else None
    if found is not None:
        return found
    if not door.allows("code", door.network, GUESSES):
        raise TooManyGuesses
    start_reading()
    return None


def _known(hint: str) -> set[str | None]:
    """Return ``hint`` if a retour has it, and None if a code from before the hints is left."""
    with_hint = select(Feedback.code_hint).where(
        Feedback.code_hint == hint, Feedback.state != State.WITHDRAWN
    )
    unhinted = exists().where(Feedback.code_hint.is_(None), Feedback.code_hash.is_not(None))
    return set(db.session.scalars(union_all(with_hint, select(null()).where(unhinted))))


def _hashed(code: str, door: Door, hint: str) -> Feedback | None:
    """Compare the slow hash; only who holds a code, or met its hint by chance, comes here."""
    if not door.allows("code hint", hint, SAME_CODE):
        raise TooManyGuesses
    start_reading()
    return find_by_code(code)


def _before_hints(code: str, door: Door, hint: str) -> Feedback | None:
    """Try a code given before hints were kept, within limits; a right one gets its hint."""
    mine = door.allows("code unhinted", door.network, GUESSES)
    if not mine or not door.allows("code unhinted", "all", UNHINTED):
        raise TooManyGuesses
    start_reading()
    found = find_by_code(code)
    if found is None:
        return None
    feedback_id = found.id
    start_writing()
    again = db.session.get(Feedback, feedback_id)
    if again is not None:
        again.code_hint = hint
        db.session.commit()
    start_reading()
    return db.session.get(Feedback, feedback_id)

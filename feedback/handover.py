"""Giving a code to whom it belongs, and changing it: whoever wrote for them never sees it.

A code for the person's phone is made when the phone asks, from the key of the page it asks by: the
same page asking twice gets the same code, another page gets none.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from app import traces
from app.db import db
from app.traces import AUTHOR
from feedback import receipts
from feedback.models import CodeClaim, Feedback, State
from feedback.sheets import Held

CLAIM_MINUTES = 15
TOKEN_BYTES = 16


class Taken(Exception):
    """The code was already given, on another page or another phone."""


def offer(feedback: Feedback, now: datetime) -> str:
    """Return the token of a fresh address where one phone may take the code.

    An earlier address of the same retour ends. Raises ``Taken`` when the code was given.
    """
    if feedback.code_hash is not None:
        raise Taken
    db.session.execute(delete(CodeClaim).where(CodeClaim.feedback_id == feedback.id))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = now + timedelta(minutes=CLAIM_MINUTES)
    db.session.add(CodeClaim(feedback_id=feedback.id, token_hash=_hash(token), until=until))
    db.session.flush()
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def claim_of(token: str, now: datetime) -> CodeClaim | None:
    """Return the claim that ``token`` opens and that is not over, or None."""
    query = select(CodeClaim).where(CodeClaim.token_hash == _hash(token), CodeClaim.until > now)
    return db.session.scalar(query)


def take(claim: CodeClaim, key: str, secret: str, day: date) -> str:
    """Return the code for the page that carries ``key``; raise ``Taken`` when another has it."""
    hashed = receipts.hash_key(key)
    if claim.key_hash is not None and claim.key_hash != hashed:
        raise Taken
    code = receipts.code_from_key(secret, key)
    if claim.key_hash is None:
        feedback = db.session.get_one(Feedback, claim.feedback_id)
        if feedback.code_hash is not None:
            raise Taken
        _hold(feedback, code, secret)
        feedback.asks_new_code = True
        claim.key_hash = hashed
        traces.record("took code", AUTHOR, day, feedback.id)
    return code


def give_sheet(feedback: Feedback, held: Held) -> None:
    """Let a printed sheet's code open ``feedback``; a waiting phone gets none any more."""
    if feedback.code_hash is not None:
        raise Taken
    db.session.execute(delete(CodeClaim).where(CodeClaim.feedback_id == feedback.id))
    feedback.code_hash, feedback.code_hint = held.code_hash, held.code_hint
    feedback.asks_new_code = True
    db.session.flush()


def change_code(feedback: Feedback, key: str, secret: str, day: date) -> str:
    """Return the code that ``key`` gives, in place of the old one, which opens nothing any more.

    The same key again gives the same code and changes nothing.
    """
    code, before = receipts.code_from_key(secret, key), feedback.code_hash
    _hold(feedback, code, secret)
    feedback.asks_new_code = False
    if feedback.code_hash != before:
        traces.record("changed code", AUTHOR, day, feedback.id)
    db.session.flush()
    return code


def keep_code(feedback: Feedback, day: date) -> None:
    """Note that the author keeps the code that others printed or may have seen."""
    if feedback.asks_new_code:
        feedback.asks_new_code = False
        traces.record("kept code", AUTHOR, day, feedback.id)
        db.session.flush()


def _hold(feedback: Feedback, code: str, secret: str) -> None:
    feedback.code_hash = receipts.hash_code(code, receipts.system_salt())
    feedback.code_hint = receipts.hint(secret, code)
    db.session.flush()


def proof_of(feedback: Feedback) -> str:
    """Return what an open author's page carries: it ends with the code that opened it."""
    return _hash(f"page:{feedback.code_hash}")[:16] if feedback.code_hash else ""


def standing(feedback: Feedback | None) -> bool:
    """Say whether ``feedback`` may still be given a code."""
    return feedback is not None and feedback.state != State.WITHDRAWN


def purge(now: datetime) -> int:
    """Drop the claims that are over; return how many."""
    gone = db.session.execute(delete(CodeClaim).where(CodeClaim.until < now))
    return int(gone.rowcount)  # type: ignore[attr-defined]

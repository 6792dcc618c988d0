"""Journal des traces: who did what to a feedback, append-only and hash-chained.

Each entry carries H(previous, salt, payload). Erasing a feedback drops payload and salt; digests
stay, so the chain still verifies (model.md §7). The chain's order is its own; entries hold the day.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import JSON, Select, String, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, db

GENESIS = "0" * 64
GUARDS = frozenset({"trace_is_not_altered", "trace_is_not_shortened"})


@dataclass(frozen=True)
class Actor:
    """Who acts, as the author may read it: a role and an organisation, never a name."""

    role: str
    organisation: str = ""


AUTHOR = Actor("author")
RULE = Actor("rule")  # a written rule, never a model
EMPTIED = dict.fromkeys(("payload", "salt", "day", "feedback_id"))  # the digest alone stays


class Trace(Model):
    """One entry of the journal."""

    id: Mapped[int] = mapped_column(primary_key=True)
    previous: Mapped[str] = mapped_column(String(64), unique=True)  # unique: the chain cannot fork
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    feedback_id: Mapped[str | None] = mapped_column(String(12), index=True)
    day: Mapped[date | None]


def _digest(previous: str, salt: str, payload: dict[str, str]) -> str:
    body = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{previous}{salt}{body}".encode()).hexdigest()


def record(
    verb: str, actor: Actor, day: date, feedback_id: str | None = None, detail: str = ""
) -> Trace:
    """Append one entry. The caller holds the write lock (``app.db.will_write``)."""
    last = db.session.scalar(select(Trace.digest).order_by(Trace.id.desc()).limit(1)) or GENESIS
    payload = {
        "verb": verb,
        "role": actor.role,
        "organisation": actor.organisation,
        "day": day.isoformat(),
        "feedback": feedback_id or "",
        "detail": detail,
    }
    salt = secrets.token_hex(16)
    trace = Trace(
        previous=last,
        digest=_digest(last, salt, payload),
        salt=salt,
        payload=payload,
        feedback_id=feedback_id,
        day=day,
    )
    db.session.add(trace)
    db.session.flush()
    return trace


def record_once(
    verb: str, actor: Actor, day: date, feedback_id: str | None = None, detail: str = ""
) -> None:
    """Append one entry unless the same one was written today."""
    if not was_recorded(verb, actor, day, feedback_id, detail):
        record(verb, actor, day, feedback_id, detail)


def was_recorded(
    verb: str, actor: Actor, day: date, feedback_id: str | None = None, detail: str = ""
) -> bool:
    """Say whether the journal already holds this entry for this day."""
    same_day = db.session.scalars(
        select(Trace.payload).where(Trace.feedback_id == feedback_id, Trace.day == day)
    )
    wanted = (verb, actor.role, actor.organisation, detail)
    return any(
        (p["verb"], p["role"], p["organisation"], p["detail"]) == wanted for p in same_day if p
    )


def journal(feedback_id: str) -> list[dict[str, str]]:
    """Return the entries about one feedback, in the order they were written."""
    query = select(Trace.payload).where(Trace.feedback_id == feedback_id).order_by(Trace.id)
    return [payload for payload in db.session.scalars(query) if payload]


def forget(feedback_id: str) -> None:
    """Drop payload, salt and day of every entry about one feedback; the chain keeps its digests."""
    about = update(Trace).where(Trace.feedback_id == feedback_id)
    db.session.execute(about.values(EMPTIED))


def forget_others(known: Select[tuple[str]]) -> int:
    """Forget what is written of any feedback that is not among ``known``; return how many."""
    lost = Trace.feedback_id.is_not(None) & Trace.feedback_id.not_in(known)
    return int(db.session.execute(update(Trace).where(lost).values(EMPTIED)).rowcount)  # type: ignore[attr-defined]


def guards() -> set[str]:
    """Return the triggers by which the database itself refuses to alter the journal."""
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trace'")
    return set(db.session.scalars(query))


def verify() -> bool:
    """Say whether each entry follows the one before and each kept payload matches its digest.

    An entry that was emptied for an erasure keeps nothing but its digests.
    """
    previous = GENESIS
    for trace in db.session.scalars(select(Trace).order_by(Trace.id)):
        if trace.previous != previous:
            return False
        if trace.salt is not None and trace.payload is not None:
            if _digest(previous, trace.salt, trace.payload) != trace.digest:
                return False
        elif (trace.salt, trace.payload, trace.day, trace.feedback_id) != (None, None, None, None):
            return False
        previous = trace.digest
    return True

"""Following a notice by its number: shown once to who reported, typed to read what was decided.

The number is drawn from the form's key as a receipt code is; the notice's own id is drawn from the
number and cannot be read back into it. So no table, cookie or address holds a number, and it goes
with its notice.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app import traces
from app.db import ID_LENGTH, db
from app.traces import Actor
from feedback import receipts
from feedback.content_notices import PUBLIC
from feedback.models import ContentNotice, Feedback, NoticeOutcome


class Standing(StrEnum):
    """How far a notice came."""

    RECEIVED = "received"
    OPENED = "opened"  # a moderator read it and has not decided
    DECIDED = "decided"
    MOOT = "moot"  # the text went from the page before anybody decided


@dataclass(frozen=True)
class Followed:
    """What the reporter reads of a notice: its standing, who acted last and when."""

    notice: ContentNotice
    standing: Standing
    day: date | None  # of the last act of a moderator
    organisation: str  # of that moderator
    is_public: bool  # everybody may read the reported text today


def number_of(secret: str, key: str, feedback_id: str) -> str:
    """Return the number of the notice that the form with ``key`` makes about one text."""
    return receipts.code_from_key(secret, f"notice:{key}:{feedback_id}")


def id_of(secret: str, number: str) -> str:
    """Return the id of the notice that has ``number``."""
    digest = hmac.new(secret.encode(), f"notice id:{number}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().translate(receipts.TO_CROCKFORD)
    return letters[:ID_LENGTH]


def follow(secret: str, number: str) -> Followed | None:
    """Return how the notice with ``number`` stands; None when there is none, or no longer."""
    notice = db.session.get(ContentNotice, id_of(secret, number))
    if notice is None:
        return None
    is_public = notice.feedback.state in PUBLIC
    if notice.outcome:
        last = _last(notice, "moderated", f"notice: {notice.outcome}")
        return Followed(notice, Standing.DECIDED, notice.decided, last[1], is_public)
    if not is_public:
        return Followed(notice, Standing.MOOT, None, "", False)
    day, organisation = _last(notice, "opened", "")
    standing = Standing.OPENED if day else Standing.RECEIVED
    return Followed(notice, standing, day, organisation, True)


def _last(notice: ContentNotice, verb: str, detail: str) -> tuple[date | None, str]:
    """Return the day and organisation of the last such act that came after the notice."""
    found = [
        entry
        for entry in _since(notice.feedback_id, notice.day, notice.reason)
        if (entry["verb"], entry["role"], entry["detail"]) == (verb, "moderator", detail)
    ]
    return (
        (date.fromisoformat(found[-1]["day"]), found[-1]["organisation"]) if found else (None, "")
    )


def _since(feedback_id: str, day: date, reason: str) -> list[dict[str, str]]:
    """Return what the journal holds after the last notice of that day and reason.

    Two notices of one day with one reason cannot be told apart: an opening between both counts for
    neither, so that nobody is told of a reading that did not take place.
    """
    entries = traces.journal(feedback_id)
    mine = ("reported", day.isoformat(), reason)
    places = [n for n, e in enumerate(entries) if (e["verb"], e["day"], e["detail"]) == mine]
    return entries[places[-1] + 1 :] if places else []


def trace_opening(feedback: Feedback, actor: Actor, day: date) -> None:
    """Write that a moderator opened a reported text: once a day, and anew after each notice."""
    entries = traces.journal(feedback.id)
    reported = [n for n, entry in enumerate(entries) if entry["verb"] == "reported"]
    mine = ("opened", actor.role, actor.organisation, day.isoformat())
    since = entries[reported[-1] + 1 :] if reported else entries
    if not any((e["verb"], e["role"], e["organisation"], e["day"]) == mine for e in since):
        traces.record("opened", actor, day, feedback.id)


def is_same(notice: ContentNotice, reason: str, words: str) -> bool:
    """Say whether a form sent again holds what the notice holds."""
    return (notice.reason, notice.words) == (reason, words)


def took_down(notice: ContentNotice) -> bool:
    """Say whether the decision took the text from the page."""
    return notice.outcome in (NoticeOutcome.HIDDEN, NoticeOutcome.WITHDRAWN)

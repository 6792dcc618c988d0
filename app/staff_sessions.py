"""Sessions of staff live in rows, so that each can be listed and ended; visitors have none.

Flask-Session keeps the data, this module the row behind it. A visitor's session (the author's half
hour, a seat in a workshop) stays in its signed cookie, so that nothing here follows a citizen.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, Request, Response, request, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface
from flask_session.base import ServerSideSession, ServerSideSessionInterface
from sqlalchemy import ForeignKey, LargeBinary, String, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.days import now
from app.db import Model, Moment, apart, db, id_column

LONGEST = timedelta(hours=12)  # a working day
SIGNED_IN = "_user_id"  # Flask-Login's key
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")  # the first that is named is meant
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")

log = structlog.get_logger()


class StaffSession(Model):
    """An open session of a member of staff; the browser holds its key, the row only a digest."""

    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(String(64), unique=True, index=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    device: Mapped[str] = mapped_column(String(40))  # « Firefox, Linux »: no more is kept
    began: Mapped[datetime] = mapped_column(Moment, index=True)
    seen: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    account: Mapped[Account] = relationship()


class _AsFlaskDoes:
    """Writes what a session holds as Flask does; the library's own would also read pickles."""

    json = TaggedJSONSerializer()

    def encode(self, session: Any) -> bytes:
        return self.json.dumps(dict(session)).encode()

    def decode(self, content: bytes) -> dict[str, Any]:
        found: dict[str, Any] = self.json.loads(content.decode())
        return found


class StoredSessions(ServerSideSessionInterface):
    """Flask-Session over the table above, on a connection apart from that of the request."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, key_prefix="", permanent=False)
        self.serializer = _AsFlaskDoes()

    def _get_store_id(self, sid: str) -> str:
        return hashlib.sha256(sid.encode()).hexdigest()

    def _retrieve_session_data(self, store_id: str) -> dict[str, Any] | None:
        query = select(StaffSession.content).where(StaffSession.key == store_id)
        try:
            with apart(writes=False) as connection:
                content = connection.scalar(query)
        except SQLAlchemyError:  # no database: nobody is signed in, pages say what is wrong
            return None
        return self.serializer.decode(content) if content else None

    def _delete_session(self, store_id: str) -> None:
        with apart(writes=True) as connection:
            connection.execute(delete(StaffSession).where(StaffSession.key == store_id))

    def _upsert_session(self, _lifetime: timedelta, session: Any, store_id: str) -> None:
        """Write a session; one that was ended meanwhile does not come back."""
        content = self.serializer.encode(session)
        with apart(writes=True) as connection:
            if not getattr(session, "is_new", False):
                kept = update(StaffSession).where(StaffSession.key == store_id)
                connection.execute(kept.values(content=content, seen=now()))
                return
            who = select(Account.id).where(Account.fs_uniquifier == session[SIGNED_IN])
            values = {
                "key": store_id,
                "account_id": connection.scalar(who),
                "device": device_of(request.headers.get("User-Agent", "")),
                "began": now(),
                "seen": now(),
                "content": content,
            }
            connection.execute(insert(StaffSession).values(values))


class Sessions(SessionInterface):
    """Rows for who is signed in, the signed cookie for everybody else; one cookie for both."""

    def __init__(self, app: Flask) -> None:
        self.stored, self.signed = StoredSessions(app), SecureCookieSessionInterface()

    def open_session(self, app: Flask, request: Request) -> Any:
        """Return the session that the cookie names; a signed cookie holds dots, a key does not."""
        held = request.cookies.get(self.get_cookie_name(app), "")
        if not held or "." in held:
            found = self.signed.open_session(app, request)
            return SecureCookieSession() if found and SIGNED_IN in found else found
        found = self.stored.open_session(app, request)
        return found if SIGNED_IN in found else SecureCookieSession()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Write the session where it belongs; signing in gives a new key, out takes it away."""
        is_stored = isinstance(session, ServerSideSession)
        if SIGNED_IN not in session:
            if is_stored:
                db.session.rollback()
                self.stored._delete_session(self.stored._get_store_id(session.sid))
                session = SecureCookieSession({k: v for k, v in session.items() if k[0] != "_"})
                session.modified = True
            self.signed.save_session(app, session, response)
            return
        if not is_stored:
            sid = self.stored._generate_sid(self.stored.sid_length)
            session = ServerSideSession(dict(session), sid=sid)
            session.modified = session.is_new = True
        if session.modified:
            db.session.rollback()  # what was to be kept is committed; the lock must be free
        self._save_stored(app, session, response)

    def _save_stored(self, app: Flask, session: Any, response: Response) -> None:
        try:
            self.stored.save_session(app, session, response)
        except SQLAlchemyError as error:
            log.warning("session_not_saved", error=type(error).__name__)
            if getattr(session, "is_new", False):
                raise


def device_of(agent: str) -> str:
    """Return browser and system in a few words, for their owner to tell sessions apart."""
    browser = next((name for name in BROWSERS if f"{name}/" in agent), "")
    system = next((name for name in SYSTEMS if re.search(name, agent)), "")
    return ", ".join(filter(None, (NAMES.get(browser, browser), system)))


def open_sessions(account: Account) -> list[StaffSession]:
    """Return the open sessions of ``account``, the newest first."""
    query = select(StaffSession).where(StaffSession.account_id == account.id)
    return list(db.session.scalars(query.order_by(StaffSession.began.desc())))


def current_key() -> str:
    """Return the digest of this request's session key; empty without a stored session."""
    sid = getattr(session, "sid", None)
    return hashlib.sha256(sid.encode()).hexdigest() if sid else ""


def end(account: Account, *kept: str) -> int:
    """End every session of ``account`` but those with a key in ``kept``; return how many."""
    over = (StaffSession.account_id == account.id) & StaffSession.key.not_in(kept)
    return int(db.session.execute(delete(StaffSession).where(over)).rowcount)  # type: ignore[attr-defined]


def purge(moment: datetime) -> int:
    """Drop the sessions that are over; return how many."""
    over = delete(StaffSession).where(StaffSession.began < moment - LONGEST)
    return int(db.session.execute(over).rowcount)  # type: ignore[attr-defined]

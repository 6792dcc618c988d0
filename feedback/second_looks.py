"""The second look on an answer that says a change is made: no author reads it before a moderator.

Whoever wrote the answer never takes the second look. Nothing is sent by a clock or a model.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import traces
from app.access import Verb, reaches
from app.accounts import Account
from app.db import db
from feedback import theme_answers, threads
from feedback.appeals import Moderator, SameModerator
from feedback.models import Feedback, SecondLook, Theme

Addressee = Feedback | Theme
BY_A_LOOK = "second look"  # what the journal says of the decision


class OtherWaits(Exception):
    """Another answer to the same addressee waits for its second look; ``look`` is that one."""

    def __init__(self, look: SecondLook) -> None:
        super().__init__(look.id)
        self.look = look


class WriterGone(Exception):
    """Whoever wrote the answer may answer for this service no more: it can only be given back."""


def look_for(addressee: Addressee) -> SecondLook | None:
    """Return the answer to ``addressee`` that waits for a moderator or was given back, or None."""
    is_theme = isinstance(addressee, Theme)
    column = SecondLook.theme_id if is_theme else SecondLook.feedback_id
    return db.session.scalar(select(SecondLook).where(column == addressee.id))


def ask(
    addressee: Addressee, text: str, account: Account, day: date, canned: bool = False
) -> SecondLook:
    """Put an answer before a moderator; raise ``OtherWaits`` when different words wait already.

    The same words are one answer; one that was given back makes room for what comes after it.
    """
    standing = look_for(addressee)
    if standing and not standing.is_given_back:
        if standing.text != text:
            raise OtherWaits(standing)
        return standing
    if standing:
        drop(standing)
    look = SecondLook(
        service_id=addressee.service_id,
        account_id=account.id,
        text=text,
        canned=canned,
        day=day,
        reason="",
    )
    setattr(look, "theme_id" if isinstance(addressee, Theme) else "feedback_id", addressee.id)
    db.session.add(look)
    db.session.flush()
    return look


def waiting() -> list[SecondLook]:
    """Return the answers that wait for a moderator, oldest first."""
    return _found(SecondLook.reason == "")


def given_back(service_ids: Iterable[int]) -> list[SecondLook]:
    """Return the answers of the services that a moderator gave back, oldest first."""
    return _found(SecondLook.reason != "", SecondLook.service_id.in_(service_ids))


def _found(*conditions: object) -> list[SecondLook]:
    query = select(SecondLook).where(*conditions)  # type: ignore[arg-type]
    loaded = query.options(
        joinedload(SecondLook.service),
        joinedload(SecondLook.feedback),
        joinedload(SecondLook.theme),
    )
    return list(db.session.scalars(loaded.order_by(SecondLook.day, SecondLook.id)))


def accept(look: SecondLook, moderator: Moderator, day: date) -> int:
    """Send the answer in its writer's name and return to how many authors.

    Raises ``SameModerator`` for one's own answer, ``WriterGone`` and ``ForbiddenMove`` when it
    cannot go any more.
    """
    _check_another(look, moderator)
    if not reaches(look.service, look.account, Verb.ANSWER):
        raise WriterGone
    if look.theme:
        sent = theme_answers.answer_all(look.theme, look.text, look.account, day)
    else:
        threads.answer(_only(look), look.text, look.account, day, canned=look.canned)
        sent = 1
    traces.record("moderated", moderator, day, look.feedback_id, BY_A_LOOK)
    drop(look)
    return sent


def give_back(look: SecondLook, reason: str, moderator: Moderator, day: date) -> None:
    """Give the answer back to the team with the reason; no author has read it."""
    _check_another(look, moderator)
    look.reason = reason
    traces.record("moderated", moderator, day, look.feedback_id, BY_A_LOOK)
    db.session.flush()


def _check_another(look: SecondLook, moderator: Moderator) -> None:
    if moderator.account_id == look.account_id:
        raise SameModerator


def _only(look: SecondLook) -> Feedback:
    assert look.feedback is not None  # the table lets in one addressee, no theme here
    return look.feedback


def drop(look: SecondLook) -> None:
    """Forget the answer: it is sent, or its team took it back."""
    db.session.delete(look)
    db.session.flush()

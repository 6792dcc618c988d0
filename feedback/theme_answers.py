"""One reply to a whole theme: whom it reaches, what it says first, and sending it once to each.

Decides nothing about access. Each author reads it in their own exchange, told that it went to all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale, gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.access import Verb, actor_of
from app.accounts import Account
from app.catalogue import Service
from app.db import db
from feedback import threads
from feedback.earlier_answers import earlier_answers, near_duplicates
from feedback.models import Feedback, Message, Placement, Segment, Theme, ThemeEvent, ThreadState
from feedback.theme_counts import is_readable

AWAITED = (ThreadState.WAITING.value, ThreadState.REPLIED.value)


@dataclass(frozen=True)
class Reach:
    """Whom a reply to the whole theme reaches, and whom not."""

    concerns: tuple[Feedback, ...]
    in_conversation: tuple[Feedback, ...]  # of these, who wrote again after an earlier answer
    answered: int  # concerns of the theme that nobody waits for any more
    held: int  # concerns that the team may not read now

    @property
    def count(self) -> int:
        """How many retours."""
        return len(self.concerns)


def open_concerns(theme: Theme) -> list[Feedback]:
    """Return the concerns of ``theme`` that wait for the team, oldest first: none held, none gone.

    A retour with several sentences in the theme comes once.
    """
    query = _concerns(theme).where(is_readable(), Feedback.thread_state.in_(AWAITED))
    found = db.session.scalars(query.order_by(Feedback.waiting_since, Feedback.id))
    return [each for each in found if each.is_concern]


def reach(theme: Theme) -> Reach:
    """Return whom one reply to the whole ``theme`` reaches."""
    concerns = open_concerns(theme)
    others = [each for each in db.session.scalars(_concerns(theme)) if each.is_concern]
    held = sum(not each.is_readable_by_team for each in others)
    return Reach(
        tuple(concerns),
        tuple(each for each in concerns if each.thread_state == ThreadState.REPLIED),
        len(others) - held - len(concerns),
        held,
    )


def _concerns(theme: Theme) -> Select[Feedback]:
    in_theme = (
        select(Segment.feedback_id)
        .join(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
    )
    return (
        select(Feedback)
        .where(Feedback.id.in_(in_theme), Feedback.service_id == theme.service_id)
        .options(selectinload(Feedback.answers))
    )


def disclosed(text: str) -> str:
    """Return ``text`` after the line that says to whom it went; authors read French first.

    The theme is not named: its title may be words of a few (model.md §8).
    """
    with force_locale("fr"):
        first = gettext(
            "Cette réponse s’adresse à tous les retours sur le même sujet que le vôtre."
        )
    return f"{first}\n\n{text}"


def copies(service: Service, text: str) -> list[Message]:
    """Return the earlier sendings of nearly this text, to one author or to many."""
    earlier = earlier_answers(service)
    found = [
        *near_duplicates(service, text, earlier),
        *near_duplicates(service, disclosed(text), earlier),
    ]
    return list({message.id: message for message in found}.values())


def answer_all(theme: Theme, text: str, account: Account, day: date) -> int:
    """Send ``text`` to every open concern of ``theme`` as a disclosed reply; return how many.

    Whoever already has these words is left out: a second tap reaches nobody twice.
    """
    words = disclosed(text)
    concerns = open_concerns(theme)
    told = _have_read(concerns, words)
    for feedback in (each for each in concerns if each.id not in told):
        threads.answer(feedback, words, account, day, canned=True)
    sent = len(concerns) - len(told)
    if sent:
        role = actor_of(account, Verb.ANSWER).role
        event = ThemeEvent(theme_id=theme.id, day=day, kind="answered", detail=str(sent), by=role)
        db.session.add(event)
        db.session.flush()
    return sent


def _have_read(feedbacks: Iterable[Feedback], words: str) -> set[str]:
    query = select(Message.feedback_id).where(
        Message.feedback_id.in_([each.id for each in feedbacks]),
        Message.sender == "team",
        Message.text == words,
    )
    return set(db.session.scalars(query))

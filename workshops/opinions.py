"""What participants think of their session: three questions once it is closed, one answer a phone.

Nothing links an answer to what the same phone wrote or voted: the seats are gone by then.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from app.db import db
from nlp.redact import NameFinder, redact
from workshops.around_models import Opinion
from workshops.models import Participant, Workshop
from workshops.seats import hash_token

DAYS_TO_ANSWER = 7  # then the blanks go, and with them the last hash of a phone
LONGEST_WORDS = 500  # characters
CHOICES = {"yes": _("Oui"), "partly": _("En partie"), "no": _("Non")}
QUESTIONS = {
    "spoke": _("Avez-vous pu dire ce que vous vouliez ?"),
    "knows": _("Savez-vous ce que vont devenir vos idées ?"),
}
WORDS_QUESTION = _("Que faut-il changer la prochaine fois ?")


@dataclass(frozen=True)
class Given:
    """The answers of one phone; each may be left out."""

    spoke: str = ""
    knows: str = ""
    words: str = ""


@dataclass(frozen=True)
class Opinions:
    """What a session's phones answered: how many of each, and the words in no order of time."""

    count: int
    answers: dict[str, Counter[str]]  # by the question's name
    words: tuple[str, ...]


def invite(workshop: Workshop) -> None:
    """Lay a blank for each phone that sits in the session, which is about to close."""
    phones = (Participant.workshop_id == workshop.id) & Participant.paper.is_(False)
    for token_hash in list(db.session.scalars(select(Participant.token_hash).where(phones))):
        db.session.add(Opinion(workshop_id=workshop.id, token_hash=token_hash))
    db.session.flush()


def blank_of(workshop: Workshop, token: str | None) -> Opinion | None:
    """Return the blank that waits for the phone with ``token``, or None."""
    if not token:
        return None
    mine = Opinion.token_hash == hash_token(workshop, token)
    return db.session.scalar(select(Opinion).where(Opinion.workshop_id == workshop.id, mine))


def answer(blank: Opinion, given: Given, names: NameFinder | None, allowed: list[str]) -> None:
    """Write a phone's answers, masked, and cut the last thread to the phone."""
    blank.spoke, blank.knows = given.spoke, given.knows
    masked = redact(given.words, names, allowed)
    blank.words, blank.names_masked = masked.text, masked.names_masked or not masked.text
    blank.token_hash = None
    db.session.flush()


def opinions_of(workshop: Workshop) -> Opinions:
    """Return what the session's phones answered."""
    given = (Opinion.workshop_id == workshop.id) & Opinion.token_hash.is_(None)
    found = list(db.session.scalars(select(Opinion).where(given).order_by(Opinion.id)))
    words = (each.words for each in found if each.words and each.names_masked)
    counts = {name: Counter(getattr(each, name) for each in found) for name in QUESTIONS}
    return Opinions(len(found), counts, tuple(words))


def purge(day: date) -> int:
    """Drop the blanks that nobody filled in time; return how many."""
    over = select(Workshop.id).where(Workshop.closed < day - timedelta(days=DAYS_TO_ANSWER))
    waiting = Opinion.token_hash.is_not(None) & Opinion.workshop_id.in_(over)
    gone = db.session.execute(delete(Opinion).where(waiting))
    return int(gone.rowcount)  # type: ignore[attr-defined]

"""Groups that the machine proposes for the ideas that stand alone; nothing is ever applied by it.

The worker compares (``read``, ``find``, ``keep``), a person accepts or refuses one by one. Without
a sentence model the words alone are compared, and the console says so.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app import jobs
from app.db import db
from feedback.masked_text import pieces
from nlp.card_groups import Found, common_words, propose
from nlp.encode import Encoder
from workshops import board, groups
from workshops.console_models import GroupSuggestion
from workshops.models import Card, CardGroup, Phase, Workshop
from workshops.phases import Act, check_act

JOB = "suggest"
MOST_SHOWN = 8  # proposals at once: what a person reads in two minutes
LATE = timedelta(seconds=40)  # the worker answers in seconds once its model is loaded
BY_MEANING, BY_WORDS = "meaning", "words"


class SuggestionIsStale(Exception):
    """Ideas of the proposal changed, left or were grouped since it was made."""


class SuggestionGone(Exception):
    """The proposal was answered already."""


@dataclass(frozen=True)
class Asked:
    """The ideas that stand alone, as the worker read them."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    seal: str  # of every idea that the room may read


@dataclass(frozen=True)
class Shown:
    """A proposal with its ideas as they are now, and why they may go together."""

    id: str
    cards: tuple[Card, ...]
    words: tuple[str, ...]
    likeness: int  # in hundredths
    is_stale: bool


@dataclass(frozen=True)
class Proposed:
    """What the console shows of proposals: those that wait for a person, and how they stand."""

    shown: tuple[Shown, ...]
    waits: bool  # the worker was asked and has not answered
    is_late: bool
    how: str  # by meaning or by words; empty before the first time
    is_stale: bool  # ideas changed, came or left since they were made


def ask(workshop: Workshop, now: datetime) -> None:
    """Ask the worker for proposals. Raises ``WrongPhase``."""
    check_act(workshop.phase, Act.ARRANGE)
    jobs.enqueue(JOB, workshop.id, now)


def read(workshop_id: str) -> Asked | None:
    """Return what the worker compares; None when the session is not being grouped."""
    workshop = db.session.get(Workshop, workshop_id)
    if workshop is None or workshop.phase != Phase.GROUP:
        return None
    alone = _alone(workshop)
    ids = tuple(card.id for card in alone)
    return Asked(ids, tuple(card.text for card in alone), _seal(board.shown_cards(workshop)))


def find(asked: Asked, encoder: Encoder | None) -> list[Found]:
    """Return the groups to propose, the most alike first; asks nothing of the database."""
    texts = [_plain(text) for text in asked.texts]
    vectors = encoder.encode(texts) if encoder and texts else None
    return propose(texts, vectors)


def keep(workshop_id: str, asked: Asked, found: Sequence[Found], how: str) -> int:
    """Replace the proposals that wait; one that a person refused is not made again."""
    workshop = db.session.get(Workshop, workshop_id)
    if workshop is None or workshop.phase != Phase.GROUP:
        return 0
    own = GroupSuggestion.workshop_id == workshop_id
    refused = select(GroupSuggestion).where(own, GroupSuggestion.refused)
    known = {frozenset(each.card_ids) for each in db.session.scalars(refused)}
    db.session.execute(delete(GroupSuggestion).where(own, ~GroupSuggestion.refused))
    made = [row for each in found if (row := _row(workshop_id, asked, each, known))][:MOST_SHOWN]
    db.session.add_all(made)
    workshop.suggested_seal, workshop.suggested_how = asked.seal, how
    workshop.version += 1
    db.session.flush()
    return len(made)


def _row(
    workshop_id: str, asked: Asked, found: Found, known: set[frozenset[str]]
) -> GroupSuggestion | None:
    ids = [asked.ids[place] for place in found.members]
    if frozenset(ids) in known:
        return None
    said = [(asked.ids[place], asked.texts[place]) for place in found.members]
    return GroupSuggestion(
        workshop_id=workshop_id,
        card_ids=ids,
        seal=_digest(said),
        likeness=round(100 * found.likeness),
    )


def proposed(workshop: Workshop, now: datetime) -> Proposed:
    """Return what the console shows of proposals."""
    job = db.session.scalar(
        select(jobs.Job).where(jobs.Job.kind == JOB, jobs.Job.key == workshop.id)
    )
    return Proposed(
        shown=_shown(workshop),
        waits=job is not None,
        is_late=job is not None and now - job.due > LATE,
        how=workshop.suggested_how,
        is_stale=bool(workshop.suggested_how)
        and workshop.suggested_seal != _seal(board.shown_cards(workshop)),
    )


def _shown(workshop: Workshop) -> tuple[Shown, ...]:
    own = GroupSuggestion.workshop_id == workshop.id
    query = select(GroupSuggestion).where(own, ~GroupSuggestion.refused)
    rows = db.session.scalars(query.order_by(GroupSuggestion.likeness.desc(), GroupSuggestion.id))
    alone = {card.id: card for card in _alone(workshop)}
    made = (_as_shown(row, [alone[key] for key in row.card_ids if key in alone]) for row in rows)
    return tuple(each for each in made if each.cards)


def _as_shown(row: GroupSuggestion, cards: list[Card]) -> Shown:
    stale = _seal(cards) != row.seal
    words = tuple(common_words([card.text for card in cards]))
    return Shown(row.id, tuple(cards), words, row.likeness, stale)


def accept(workshop: Workshop, suggestion_id: str) -> CardGroup:
    """Make the group that was proposed, all of it.

    Raises ``WrongPhase``, ``SuggestionGone`` or ``SuggestionIsStale``.
    """
    check_act(workshop.phase, Act.ARRANGE)
    row = _waiting(workshop, suggestion_id)
    alone = {card.id: card for card in _alone(workshop)}
    cards = [alone[key] for key in row.card_ids if key in alone]
    if _seal(cards) != row.seal:
        raise SuggestionIsStale(suggestion_id)
    db.session.delete(row)
    return groups.gather(workshop, cards)


def refuse(workshop: Workshop, suggestion_id: str) -> None:
    """Put a proposal away for good. Raises ``WrongPhase`` or ``SuggestionGone``."""
    check_act(workshop.phase, Act.ARRANGE)
    _waiting(workshop, suggestion_id).refused = True
    db.session.flush()


def _waiting(workshop: Workshop, suggestion_id: str) -> GroupSuggestion:
    row = db.session.get(GroupSuggestion, suggestion_id)
    if row is None or row.workshop_id != workshop.id or row.refused:
        raise SuggestionGone(suggestion_id)
    return row


def _alone(workshop: Workshop) -> list[Card]:
    """Return the ideas to read that no group of people's making holds."""
    singles = [row.cards[0] for row in groups.rows(workshop) if row.is_single]
    return groups.loose_cards(workshop) + singles


def _plain(text: str) -> str:
    return "".join(words for words, kind in pieces(text) if not kind)


def _seal(cards: Iterable[Card]) -> str:
    return _digest((card.id, card.text) for card in cards)


def _digest(said: Iterable[tuple[str, str]]) -> str:
    body = repr(sorted(said)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(body).hexdigest()[:16]

"""Erasing what a code's holder said in sessions: at once, and again after a restore (model.md §7).

Who erases notes the ids first (``app/erasures.py``): a backup is older than some erasures.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from app.db import Model, db
from workshops import decisions, holder_news
from workshops.around_models import KeptCode
from workshops.kept_codes import cards_of
from workshops.models import Card, Participant, Proposal, Workshop
from workshops.process_models import DiaryEntry
from workshops.talk_models import Remark

AT_ONCE = 500  # ids in one question


def ids_of(kept: KeptCode) -> list[str]:
    """Return the ids of all that goes with a code: itself, ideas, messages, notes of a diary."""
    notes = select(DiaryEntry.id).where(DiaryEntry.code_id == kept.id)
    ideas = [card.id for card in cards_of(kept)]
    said = [remark.id for remark in remarks_of(kept)]
    return [kept.id, *ideas, *said, *db.session.scalars(notes)]


def remarks_of(kept: KeptCode) -> list[Remark]:
    """Return what the holder wrote in threads; after the close nothing tells whose it was."""
    seats = select(Participant.id).where(Participant.code_id == kept.id)
    mine = select(Remark).where(Remark.participant_id.in_(seats))
    return list(db.session.scalars(mine.order_by(Remark.workshop_id, Remark.position)))


def erase(kept: KeptCode) -> None:
    """Erase the ideas of the code's holder, then the code; its diary goes with it.

    A proposal keeps their wording only if another card of it says the same.
    """
    for card in cards_of(kept):
        _erase_card(card)
    for remark in remarks_of(kept):
        _erase_row(remark)
    holder_news.forget([kept.id])
    seats = update(Participant).where(Participant.code_id == kept.id)
    db.session.execute(seats.values(code_id=None))
    db.session.delete(kept)
    db.session.flush()


def erase_again(ids: Sequence[str]) -> int:
    """Erase those of ``ids`` that a restored backup brought back; return how many rows that was."""
    codes, cards = _found(KeptCode, ids), _found(Card, ids)
    others = [*_found(Remark, ids), *_found(DiaryEntry, ids)]
    for card in cards:
        _erase_card(card)
    for row in others:
        _erase_row(row)
    for kept in codes:
        erase(kept)
    return len(codes) + len(cards) + len(others)


def _found(table: type[Model], ids: Sequence[str]) -> list[Any]:
    key = next(iter(table.__table__.primary_key))
    found: list[Any] = []
    for start in range(0, len(ids), AT_ONCE):
        some: Iterable[str] = ids[start : start + AT_ONCE]
        found += db.session.scalars(select(table).where(key.in_(some)))
    return found


def _erase_card(card: Card) -> None:
    _take_out(card)
    _erase_row(card)


def _erase_row(row: Any) -> None:
    """Delete a row; what screens keep drawn of its session is drawn anew."""
    if workshop_id := getattr(row, "workshop_id", None):
        db.session.get_one(Workshop, workshop_id).version += 1
    db.session.delete(row)
    db.session.flush()


def _take_out(card: Card) -> None:
    carried_by = decisions.proposed_as(card.group if card.group_id else None)
    query = select(Proposal).where(Proposal.group_id == carried_by)
    proposal = db.session.scalar(query) if carried_by else None
    if proposal is None or _said_by_another(card, carried_by):
        return
    left = [line for line in proposal.text.splitlines() if line != card.text]
    proposal.text = "\n".join(left)
    if proposal.title == card.text[: len(proposal.title)]:
        named = card.group.title if card.group else ""
        proposal.title = named or (left[0] if left else proposal.workshop.title)[:120]
    db.session.flush()


def _said_by_another(card: Card, carried_by: str) -> bool:
    here = Card.group_id.in_(decisions.said_together(carried_by))
    same = here & (Card.text == card.text) & (Card.id != card.id)
    return db.session.scalar(select(Card.id).where(same).limit(1)) is not None

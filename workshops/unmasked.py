"""Words of a session that came without the name finder: masked again once it is back.

Until then the room reads a card or a message only after who facilitates has read it: it waits under
a reason of its own (``models.UNREAD``). Notes of a diary and opinions wait for the finder
(model.md §3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db
from nlp.redact import NameFinder, redact
from workshops import decisions, groups
from workshops.around_models import Opinion
from workshops.models import Card, Proposal, Workshop
from workshops.process_models import DiaryEntry
from workshops.talk_models import Remark

WORDS: dict[type[Any], str] = {Card: "text", Remark: "text", DiaryEntry: "text", Opinion: "words"}


@dataclass(frozen=True)
class Waiting:
    """Words that wait for the finder, with what their service never masks."""

    table: type[Any]
    id: str
    text: str
    allowed: tuple[str, ...]


def read() -> list[Waiting]:
    """Return the words that wait."""
    return [
        Waiting(table, row.id, getattr(row, words), tuple(_allowed(row)))
        for table, words in WORDS.items()
        for row in db.session.scalars(select(table).where(~table.names_masked))
    ]


def _allowed(row: Any) -> list[str]:
    if isinstance(row, DiaryEntry):
        return row.trial.process.service.allowed_words
    return db.session.get_one(Workshop, row.workshop_id).service.allowed_words


def find(waiting: Sequence[Waiting], finder: NameFinder) -> dict[Waiting, str]:
    """Return the words masked, those that could be; slow, so no lock is held meanwhile."""
    found = {each: redact(each.text, finder, list(each.allowed)) for each in waiting}
    return {each: masked.text for each, masked in found.items() if masked.names_masked}


def keep(masked: dict[Waiting, str]) -> int:
    """Write the masked words, and show what had waited; return how many.

    Words that their author changed or took back meanwhile are left to the next time.
    """
    done = 0
    for each, text in masked.items():
        row = db.session.get(each.table, each.id)
        if row is None or getattr(row, WORDS[each.table]) != each.text:
            continue
        if isinstance(row, Card):
            _in_its_proposal(row, text)
        setattr(row, WORDS[each.table], text)
        row.names_masked = True
        if isinstance(row, Card | Remark):
            _let_read(row)
        done += 1
    db.session.flush()
    return done


def _let_read(row: Card | Remark) -> None:
    workshop = db.session.get_one(Workshop, row.workshop_id)
    workshop.version += 1  # screens draw it anew
    if row.awaits_reading:
        row.hidden_reason = ""
        db.session.flush()
        groups.seat_shown(workshop)


def _in_its_proposal(card: Card, text: str) -> None:
    carried_by = decisions.proposed_as(card.group if card.group_id else None)
    query = select(Proposal).where(Proposal.group_id == carried_by)
    if not carried_by or (proposal := db.session.scalar(query)) is None:
        return
    lines = [text if line == card.text else line for line in proposal.text.splitlines()]
    proposal.text = "\n".join(lines)
    if proposal.title == card.text[: len(proposal.title)]:
        proposal.title = text[: len(proposal.title)]

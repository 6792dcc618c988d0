"""The public board of a service: what was said, what was done, what its authors checked.

Counts of retours and rates pass the floors; words that somebody wrote to be public never do, nor
does the tally of a commitment (model.md §1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, exists, func, select

from app.board_figures import Figures, figures_of
from app.catalogue import Service
from app.co_record_order import in_public
from app.db import db
from app.floors import shown_total
from app.paging import pages_of
from feedback.commitment_orders import newest
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Theme,
    Verdict,
)
from feedback.promises import CHECKING, CHECKING_NAME, public_stage
from feedback.published import Said, is_published, told
from feedback.verdicts import tallies

C = CommitmentState
STAGES = {  # what the public reads beside the ring, and which drawing of it
    C.PROMISED: ("answered", _("Promis")),
    C.LATE: ("answered", _("En retard")),
    CHECKING: ("answered", CHECKING_NAME),
    C.REOPENED: ("contested", _("Rouvert")),
    C.ANNOUNCED: ("answered", _("Annoncé, à vérifier par vous")),
    C.UNVERIFIED: ("answered", _("Annoncé, personne ne l’a encore vérifié")),
    C.CONFIRMED: ("confirmed", _("Confirmé")),
    C.DROPPED: ("withdrawn", _("Abandonné")),
}
PER_PAGE = 20  # commitments
MOST_SAID = 10  # published messages without a commitment
QUOTES = 2  # published messages beside one commitment


@dataclass(frozen=True)
class Entry:
    """One line of the board."""

    commitment: Commitment
    stage: str  # promised, late, checking, reopened, announced, unverified, confirmed, dropped
    theme: str  # "" when its title is not public
    retours: int | None  # at least so many; None under the floor
    quotes: tuple[Said, ...]
    verdicts: dict[Verdict, int]
    has_chain: bool  # in the public record


@dataclass(frozen=True)
class Board:
    """One page of the board of a service: figures and other words stand on the first alone."""

    entries: tuple[Entry, ...]
    page: int
    pages: int
    figures: Figures | None
    said: tuple[Said, ...]  # published, without a commitment


def board(service: Service, day: date, floor: int, page: int = 1) -> Board:
    """Return a page of the public board of ``service`` on ``day``; the last when it is too far."""
    own = Commitment.service_id == service.id
    pages = pages_of(db.session.scalar(select(func.count()).where(own)) or 0, PER_PAGE)
    page = min(page, pages)
    rows = newest(own, PER_PAGE, (page - 1) * PER_PAGE)
    is_first = page == 1
    return Board(
        entries_of(service, rows, day, floor),
        page,
        pages,
        figures_of(service, day, floor) if is_first else None,
        _unquoted(service, floor) if is_first else (),
    )


def entries_of(
    service: Service, rows: Sequence[Commitment], day: date, floor: int
) -> tuple[Entry, ...]:
    """Return these commitments of ``service`` as lines of the board on ``day``."""
    ids = [row.id for row in rows]
    tally, quotes = tallies(ids), _quotes(service, ids, floor)
    chains = in_public(ids)
    themes = _titles(Theme.id.in_([row.theme_id for row in rows if row.theme_id]))
    return tuple(
        Entry(
            row,
            public_stage(row, day),
            themes.get(row.theme_id or "", ""),
            tally[row.id].retours and shown_total(tally[row.id].retours, floor),
            tuple(quotes.get(row.id, [])),
            tally[row.id].verdicts,
            row.id in chains,
        )
        for row in rows
    )


def _titles(condition: ColumnElement[bool]) -> dict[str, str]:
    """Return the titles of themes that the public may read: those that a person wrote."""
    query = select(Theme.id, Theme.name).where(condition, Theme.named_by_person)
    return dict(db.session.execute(query).all())


def _quotes(service: Service, commitment_ids: Sequence[str], floor: int) -> dict[str, list[Said]]:
    """Return the newest published messages that each of these commitments answers, a few each."""
    place = func.row_number().over(
        partition_by=CommitmentLink.commitment_id, order_by=(Feedback.day.desc(), Feedback.id)
    )
    ranked = (
        select(CommitmentLink.commitment_id, Feedback.id, place.label("place"))
        .join(Feedback)
        .where(CommitmentLink.commitment_id.in_(commitment_ids), is_published(service))
        .subquery()
    )
    query = select(ranked.c.commitment_id, Feedback).join(ranked, ranked.c.id == Feedback.id)
    rows = db.session.execute(query.where(ranked.c.place <= QUOTES).order_by(ranked.c.place)).all()
    said = {each.id: each for each in told([row for _, row in rows], floor)}
    found: dict[str, list[Said]] = {}
    for commitment_id, row in rows:
        found.setdefault(commitment_id, []).append(said[row.id])
    return found


def _unquoted(service: Service, floor: int) -> tuple[Said, ...]:
    """Return the newest of the other published messages; their own pages hold them all."""
    answered = exists().where(CommitmentLink.feedback_id == Feedback.id)
    query = select(Feedback).where(is_published(service), ~answered)
    query = query.order_by(Feedback.day.desc(), Feedback.id).limit(MOST_SAID)
    return told(list(db.session.scalars(query)), floor)

"""The public board of a service: what was said, what was done, what its authors checked.

Counts of retours and rates pass the floors; words that somebody wrote to be public never do, nor
does the tally of a commitment (model.md §1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, exists, func, select

from app.catalogue import Service
from app.co_record_order import in_public
from app.db import db
from app.floors import RATE_FLOOR, may_show
from app.paging import pages_of
from feedback import kept_figures
from feedback.commitment_orders import newest
from feedback.indicators import Indicators
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Theme,
    Verdict,
)
from feedback.published import Said, is_published, told
from feedback.verdicts import tallies

C = CommitmentState
STAGES = {  # what the public reads beside the ring, and which drawing of it
    C.PROMISED: ("answered", _("Promis")),
    C.LATE: ("answered", _("En retard")),
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
    stage: str  # promised, late, reopened, announced, unverified, confirmed, dropped
    theme: str  # "" when its title is not public
    retours: int | None  # None under the floor
    quotes: tuple[Said, ...]
    verdicts: dict[Verdict, int]
    has_chain: bool  # in the public record


@dataclass(frozen=True)
class Figures:
    """The indicators as the public may read them; None is "too few to say"."""

    day: date  # on which they were counted
    floor: int
    retours: int | None
    median_days: float | None
    answered_percent: int | None
    committed_percent: int | None
    changes: int
    confirmed: int
    reopened: int
    confirmed_percent: int | None  # of the changes; their tally is public, however small
    canned_percent: int | None


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
        entries_of(service, rows, floor),
        page,
        pages,
        _figures(service, day, floor) if is_first else None,
        _unquoted(service, floor) if is_first else (),
    )


def stage_of(commitment: Commitment) -> str:
    """Return the word of the board for a commitment; an unchecked claim is still a promise."""
    return C.PROMISED if commitment.state in (C.CLAIMED, C.DUE) else commitment.state


def entries_of(service: Service, rows: Sequence[Commitment], floor: int) -> tuple[Entry, ...]:
    """Return these commitments of ``service`` as lines of the board."""
    ids = [row.id for row in rows]
    tally, quotes = tallies(ids), _quotes(service, ids, floor)
    chains = in_public(ids)
    themes = _titles(Theme.id.in_([row.theme_id for row in rows if row.theme_id]))
    return tuple(
        Entry(
            row,
            stage_of(row),
            themes.get(row.theme_id or "", ""),
            tally[row.id].retours if may_show(tally[row.id].retours, floor) else None,
            tuple(quotes.get(row.id, [])),
            tally[row.id].verdicts,
            row.id in chains,
        )
        for row in rows
    )


def public_titles(service: Service) -> dict[str, str]:
    """Return the titles of themes that the public may read: those that a person wrote."""
    return _titles(Theme.service_id == service.id)


def _titles(condition: ColumnElement[bool]) -> dict[str, str]:
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


def _figures(service: Service, day: date, floor: int) -> Figures:
    counted = kept_figures.current(service, day)
    return figures(counted.figures, floor, counted.day)


def figures(counted: Indicators, floor: int, day: date) -> Figures:
    """Return the indicators that may leave the team: counts from the floor, rates from 30."""
    return Figures(
        day=day,
        floor=floor,
        retours=counted.retours if may_show(counted.retours, floor) else None,
        median_days=counted.median_days if may_show(counted.answered, floor) else None,
        answered_percent=_percent(counted.answered, counted.concerns, floor),
        committed_percent=_percent(counted.with_commitment, counted.answered, floor),
        changes=counted.changes,
        confirmed=counted.confirmed,
        reopened=counted.reopened,
        confirmed_percent=round(100 * counted.confirmed / counted.changes)
        if counted.changes
        else None,
        canned_percent=_percent(counted.canned, counted.messages, floor),
    )


def _percent(part: int, whole: int, floor: int) -> int | None:
    """Return a whole percentage when enough retours stand behind it."""
    return round(100 * part / whole) if whole >= max(RATE_FLOOR, floor) else None

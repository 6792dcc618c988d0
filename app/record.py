"""The public board of a service: what was said, what was done, what its authors checked.

Counts of retours and rates pass the floors; words that somebody wrote to be public never do, nor
does the tally of a commitment (model.md §1).
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from app.catalogue import Service
from app.db import db
from app.floors import RATE_FLOOR, may_show
from feedback import commitments
from feedback.indicators import Indicators, indicators
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Theme,
    Verdict,
)
from feedback.published import Said, is_published, told
from feedback.verdicts import tally

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


@dataclass(frozen=True)
class Figures:
    """The indicators as the public may read them; None is "too few to say"."""

    floor: int
    retours: int | None
    median_days: float | None
    answered_percent: int | None
    committed_percent: int | None
    changes: int
    confirmed: int
    reopened: int
    canned_percent: int | None


@dataclass(frozen=True)
class Board:
    """The board of one service."""

    entries: tuple[Entry, ...]
    figures: Figures
    said: tuple[Said, ...]  # published, without a commitment


def board(service: Service, day: date, floor: int) -> Board:
    """Return the public board of ``service`` on ``day``."""
    rows = commitments.board(service)
    themes = public_titles(service)
    quoted = _quoted(service, floor)
    return Board(
        tuple(_entry(row, themes, quoted, floor) for row in rows),
        figures(indicators(service, day), floor),
        _unquoted(service, floor),
    )


def stage_of(commitment: Commitment) -> str:
    """Return the word of the board for a commitment; an unchecked claim is still a promise."""
    return C.PROMISED if commitment.state in (C.CLAIMED, C.DUE) else commitment.state


def _entry(
    commitment: Commitment, themes: dict[str, str], published: dict[str, Said], floor: int
) -> Entry:
    linked = [link.feedback_id for link in commitment.links]
    quotes = [published[each] for each in linked if each in published]
    return Entry(
        commitment,
        stage_of(commitment),
        themes.get(commitment.theme_id or "", ""),
        len(linked) if may_show(len(linked), floor) else None,
        tuple(quotes[:QUOTES]),
        tally(commitment),
    )


def public_titles(service: Service) -> dict[str, str]:
    """Return the titles of themes that the public may read: those that a person wrote."""
    query = select(Theme).where(Theme.service_id == service.id, Theme.named_by_person)
    return {theme.id: theme.name for theme in db.session.scalars(query)}


def _quoted(service: Service, floor: int) -> dict[str, Said]:
    """Return the published messages that a commitment answers, by id."""
    query = select(Feedback).where(is_published(service), Feedback.id.in_(_linked()))
    return {said.id: said for said in told(list(db.session.scalars(query)), floor)}


def _unquoted(service: Service, floor: int) -> tuple[Said, ...]:
    """Return the newest of the other published messages; their own pages hold them all."""
    query = select(Feedback).where(is_published(service), Feedback.id.not_in(_linked()))
    query = query.order_by(Feedback.day.desc(), Feedback.id).limit(MOST_SAID)
    return told(list(db.session.scalars(query)), floor)


def _linked() -> Select[tuple[str]]:
    return select(CommitmentLink.feedback_id)


def figures(counted: Indicators, floor: int) -> Figures:
    """Return the indicators that may leave the team: counts from the floor, rates from 30."""
    return Figures(
        floor=floor,
        retours=counted.retours if may_show(counted.retours, floor) else None,
        median_days=counted.median_days if may_show(counted.answered, floor) else None,
        answered_percent=_percent(counted.answered, counted.concerns, floor),
        committed_percent=_percent(counted.with_commitment, counted.answered, floor),
        changes=counted.changes,
        confirmed=counted.confirmed,
        reopened=counted.reopened,
        canned_percent=_percent(counted.canned, counted.messages, floor),
    )


def _percent(part: int, whole: int, floor: int) -> int | None:
    """Return a whole percentage when enough retours stand behind it."""
    return round(100 * part / whole) if whole >= max(RATE_FLOOR, floor) else None

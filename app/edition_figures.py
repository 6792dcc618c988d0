"""What may be drawn of an edition: its numbers in order, with the table behind them.

One computation for paper (``app/edition_charts.py``) and mails (``app/mail_charts.py``). Works from
stored content alone: no number stands here that its readers have not been told.
"""

from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from app.digest_items import Content
from app.editions import Edition
from app.periods import Period
from app.said import as_said
from app.subscriptions import Audience
from app.theme_words import short
from feedback.signal_words import STATE_NAMES
from workshops.proposals import STATE_NAMES as PROPOSAL_NAMES

PERIODS = 12  # of the small curve
MOST_ROWS = 10  # beyond, a page is no picture any more
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Mark:
    """One bar or column: its name, its number, and that of the stretch before where it is told.

    A number is None where it is too small to be said.
    """

    name: str
    count: int | None
    before: int | None = None


@dataclass(frozen=True)
class Figure:
    """Marks in order, and their table; ``alt`` says in a sentence what is seen."""

    title: str
    alt: str
    marks: tuple[Mark, ...]
    head: tuple[str, ...]
    rows: Rows
    total: int | None = None  # of how many retours, signals or proposals
    is_trend: bool = False  # periods from the oldest to the newest


def figures_of(edition: Edition) -> list[Figure]:
    """Return what may be drawn of ``edition``, in the reader's language."""
    is_role = edition.is_of_role
    found = [_of_role(edition)] if is_role else [_over_time(edition), _themes(edition)]
    return [each for each in found if any(mark.count for mark in each.marks)]


def _over_time(edition: Edition) -> Figure:
    """Return the retours of the last editions of the same kind; no mark in one alone."""
    line = [(each, each.content["retours"]) for each in [*_earlier(edition), edition]]
    locale = str(get_locale())
    named = [(Period(each.start, each.end).words(locale), count) for each, count in line]
    return Figure(
        _("Retours par période"),
        _("Une colonne par période, de la plus ancienne à la plus récente."),
        tuple(Mark(*each) for each in named) if len(line) > 1 else (),
        (_("Période"), _("Retours")),
        tuple((name, written_count(count)) for name, count in named),
        edition.content["retours"],
        is_trend=True,
    )


def _earlier(edition: Edition) -> list[Edition]:
    """Return the editions of the same kind before this one, the oldest first.

    A preview is not stored: the edition itself is never read again.
    """
    told = select(Edition).where(
        Edition.audience == edition.audience,
        Edition.about == edition.about,
        Edition.frequency == edition.frequency,
        Edition.start < edition.start,
    )
    newest = db.session.scalars(told.order_by(Edition.start.desc()).limit(PERIODS - 1))
    return list(reversed(newest.all()))


def _themes(edition: Edition) -> Figure:
    is_team = edition.audience == Audience.TEAM
    heard = [each for each in edition.content["themes"] if each["retours"] != 0]
    lines = sorted(heard, key=_by_retours)[:MOST_ROWS]
    head: tuple[str, ...]
    if is_team:
        head = (_("Thème"), _("Retours"), _("Avant"), _("Difficultés"), _("Gravité sur 3"))
        rows = tuple(_of_team(each) for each in lines)
    else:
        head = (_("Thème"), _("Retours"))
        rows = tuple((as_said(each["name"]), written_count(each["retours"])) for each in lines)
    return _bars(_("Retours par thème"), lines, head, rows, edition.content["retours"])


def _of_team(line: Content) -> tuple[str, ...]:
    severity = short(line["severity"]) if line["concerns"] else "–"
    numbers = str(line["retours"]), str(line["before"]), str(line["concerns"])
    return (as_said(line["name"]), *numbers, severity)


def _of_role(edition: Edition) -> Figure:
    content = edition.content
    if edition.audience == Audience.TERRITORY:
        lines = sorted(content["services"], key=_by_retours)
        rows = tuple((as_said(each["name"]), written_count(each["retours"])) for each in lines)
        return _bars(_("Retours par service"), lines, (_("Service"), _("Retours")), rows)
    is_expert = edition.audience == Audience.EXPERT
    names = STATE_NAMES if is_expert else PROPOSAL_NAMES
    lines = [
        {"name": str(names[state]).capitalize(), "retours": count}
        for state, count in content["states"].items()
    ]
    rows = tuple((line["name"], str(line["retours"])) for line in lines)
    title = _("Par état") if is_expert else _("Toutes vos propositions")
    total = sum(content["states"].values())
    return _bars(title, lines, (_("État"), _("Nombre")), rows, total)


def _by_retours(line: Content) -> int:
    """Return where a line stands: the most first, those without a number last."""
    return -(line["retours"] or 0)


def written_count(count: int | None) -> str:
    """Return a count as a table shows it; the public reads no small one."""
    return _("trop peu pour un nombre") if count is None else str(count)


def _bars(
    title: str, lines: list[Content], head: tuple[str, ...], rows: Rows, total: int | None = None
) -> Figure:
    marks = tuple(Mark(str(each["name"]), each["retours"], each.get("before")) for each in lines)
    alt = _("Une barre par ligne du tableau qui suit, aussi longue que son nombre.")
    return Figure(title, alt, marks, head, rows, total)

"""The score of a service by month or by quarter, with its releases: a chart and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from app.axes import number
from app.catalogue import Service
from app.floors import RATE_FLOOR, shown_cells
from app.trends import Reading, Trend, trend
from feedback.ratings import Score, score_of, summed
from feedback.tallies import faces_by_month

MONTHS = 24
QUARTERS = 12


@dataclass(frozen=True)
class TrendRow:
    """One period of the table; no score: none came, or too few to be shown."""

    label: str
    n: int | None  # None where the floor hides it
    score: Score | None
    releases: tuple[str, ...]


@dataclass(frozen=True)
class ScoreTrend:
    """The chart, the sentence that says it, and its table; no chart without any point."""

    chart: Trend | None
    finding: str
    rows: tuple[TrendRow, ...]


def score_trend(
    service: Service, day: date, by_quarter: bool, floor: int, part: int | None = None
) -> ScoreTrend:
    """Return the score of each period up to ``day``, of the service or of one functionality.

    ``floor`` is 1 inside the team. Outside, a point needs 30 retours, and a second one is left out
    where the total would tell.
    """
    starts = periods(day, by_quarter)
    found = _grouped(faces_by_month(service.id, part), starts)
    sizes = {start: sum(faces.values()) for start, faces in found.items()}
    shown = shown_cells(sizes, RATE_FLOOR if floor > 1 else 1)
    kept = [start for start in starts if start in found] and starts[_first(starts, found) :]
    rows = tuple(
        TrendRow(
            label(start, by_quarter),
            shown[start] if start in found else 0,
            score_of(found[start]) if shown.get(start) else None,
            tuple(r.number for r in service.releases if _period_of(r.day, starts) == start),
        )
        for start in kept
    )
    return as_trend(rows)


def as_trend(rows: tuple[TrendRow, ...]) -> ScoreTrend:
    """Return the chart and the sentence of ``rows``, the oldest first."""
    return ScoreTrend(_chart(rows), _finding(rows), rows)


def periods(day: date, by_quarter: bool) -> list[date]:
    """Return the first days of the periods up to that of ``day``, the oldest first."""
    months = 3 if by_quarter else 1
    first = day.replace(day=1, month=day.month - (day.month - 1) % months)
    found = []
    for back in range(QUARTERS if by_quarter else MONTHS):
        index = first.year * 12 + first.month - 1 - back * months
        found.append(date(index // 12, index % 12 + 1, 1))
    return found[::-1]


def _period_of(day: date, starts: Sequence[date]) -> date | None:
    return max((start for start in starts if start <= day), default=None)


def _grouped(
    months: Mapping[date, Mapping[int, int]], starts: Sequence[date]
) -> dict[date, dict[int, int]]:
    """Return the faces by period; what came before the first one is a group of its own."""
    groups: dict[date, list[Mapping[int, int]]] = {}
    for month, faces in months.items():
        groups.setdefault(_period_of(month, starts) or date.min, []).append(faces)
    return {start: summed(every) for start, every in groups.items()}


def _first(starts: Sequence[date], found: Mapping[date, object]) -> int:
    return next(i for i, start in enumerate(starts) if start in found)


def label(start: date, by_quarter: bool = False) -> str:
    """Return the name of the month, or of the quarter, that begins on ``start``."""
    if by_quarter:
        quarter = (start.month + 2) // 3
        return str(_("T%(quarter)d %(year)d", quarter=quarter, year=start.year))
    return str(format_date(start, "MMM yy"))


def _chart(rows: Sequence[TrendRow]) -> Trend | None:
    if not any(row.score for row in rows):
        return None
    readings = [
        Reading(r.label, r.score.mean, r.score.low, r.score.high) if r.score else Reading(r.label)
        for r in rows
    ]
    marks = [(i, ", ".join(row.releases)) for i, row in enumerate(rows) if row.releases]
    return trend(readings, marks)


def _finding(rows: Sequence[TrendRow]) -> str:
    points = [(row.label, row.score) for row in rows if row.score]
    if not points:
        return str(_("Aucune période n’a assez de retours pour montrer une note."))
    (first, early), (last, late) = points[0], points[-1]
    if len(points) == 1:
        return str(_("%(when)s : %(mean)s sur 10.", when=first, mean=_on_ten(early)))
    told = _(
        "La note va de %(early)s sur 10 (%(first)s) à %(late)s sur 10 (%(last)s).",
        early=_on_ten(early),
        first=first,
        late=_on_ten(late),
        last=last,
    )
    return str(told)


def _on_ten(score: Score) -> str:
    return number(round(score.mean, 1))

"""Who spoke behind an aggregate and who did not, against the reference margins (product.md §4).

Inside the team the floor is 1, and 5 for traits within a theme or a signal; it is 11 everywhere
else. Weights are ``feedback/weighting.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement

from app.catalogue import Service
from app.floors import FLOOR, RATE_FLOOR, shown_cells
from feedback.facets import CHANNEL, FACETS, PLACE, Facet
from feedback.margins import Margin, margins_of
from feedback.voices import Voices, count_voices, each_voice
from feedback.weighting import Weighted, weigh
from nlp.comparison import Interval, wilson
from nlp.representativeness import (
    Gap,
    gap_table,
    representativity,
)

INSIDE = 1  # the team reads every message: one trait at a time hides nothing from it
SKEWED = 0.8  # share of one channel above which a banner stands
FEWEST_FOR_SKEW = 11
MOST_LINES = 12  # of a facet: départements are a hundred
UNSAID = ""


@dataclass(frozen=True)
class Line:
    """One value: its retours (None under the floor), its share, and the public's."""

    words: str
    retours: int | None
    share: Interval | None = None  # of those who said it, in [0, 1]
    reference: float | None = None  # in [0, 1]
    is_apart: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether clearly fewer spoke than the public would have them."""
        return self.is_apart and self.share is not None and self.share.value < (self.reference or 0)


@dataclass(frozen=True)
class Table:
    """One facet: its lines, how many say nothing, and the margin that it is set against."""

    facet: Facet
    lines: tuple[Line, ...]
    left_out: int  # values that have no line, the least telling ones
    unsaid: int | None  # None under the floor
    margin: Margin | None
    compared: int  # retours with a value that the margin knows; 0 where there is no comparison
    summary: float | None  # representativity in [0, 1], from 30 of them on


@dataclass(frozen=True)
class WhoSpoke:
    """Everything that a panel says."""

    n: int
    floor: int
    tables: tuple[Table, ...]  # none where too few spoke to say who
    skew: tuple[str, float] | None  # the words of one channel and its share
    weighted: Weighted | None

    @property
    def has_reference(self) -> bool:
        """Whether any margin is loaded for this service."""
        return any(table.margin for table in self.tables)


def who_spoke(
    condition: ColumnElement[bool], service: Service | None, floor: int = INSIDE
) -> WhoSpoke:
    """Return who spoke among the retours that ``condition`` keeps; no service: of several."""
    found = told(count_voices(condition), service, floor)
    margins = margins_of(service) if floor < FLOOR else {}
    return replace(found, weighted=weigh(each_voice(condition), margins)) if margins else found


def told(voices: Voices, service: Service | None, floor: int) -> WhoSpoke:
    """Return what may be said of ``voices``, without weights."""
    if floor >= FLOOR and voices.n < max(RATE_FLOOR, floor):
        return WhoSpoke(voices.n, floor, (), None, None)
    margins = margins_of(service)
    asked = [f for f in FACETS if f is not PLACE or not (service and service.anonymous_by_law)]
    tables = tuple(_table(facet, voices, margins.get(facet.code), floor) for facet in asked)
    return WhoSpoke(voices.n, floor, tables, _skew(voices, tables[0]), None)


def _skew(voices: Voices, channels: Table) -> tuple[str, float] | None:
    """Return the one channel that nearly all came by, unless the floor hides it."""
    if voices.n < FEWEST_FOR_SKEW:
        return None
    value, most = max(voices.counts[CHANNEL.code].items(), key=lambda pair: pair[1])
    words = str(CHANNEL.values[value])
    is_shown = any(line.words == words and line.retours for line in channels.lines)
    return (words, most / voices.n) if most / voices.n > SKEWED and is_shown else None


def _table(facet: Facet, voices: Voices, margin: Margin | None, floor: int) -> Table:
    counts, unsaid = voices.counts[facet.code], voices.unsaid(facet.code)
    # A channel is no trait: inside the team it is never hidden.
    own_floor = INSIDE if facet is CHANNEL and floor < FLOOR else floor
    shown = shown_cells({**counts, UNSAID: unsaid}, own_floor)
    is_whole = all(count is not None for count in shown.values())
    # A share of those who said it would give back what the floor hides.
    known = margin.counts if margin and is_whole else ()
    compared = sum(counts.get(value, 0) for value in known)
    if margin and compared:
        lines = _compared(facet, counts, margin)
    else:
        lines = _plain(facet, {v: shown[v] for v in counts}, sum(counts.values()), is_whole)
    kept = sorted(lines, key=_weight, reverse=True)[:MOST_LINES]
    return Table(
        facet,
        tuple(line for line in lines if line in kept),
        len(lines) - len(kept),
        shown[UNSAID],
        margin,
        compared,
        representativity(counts, margin.counts) if margin and compared >= RATE_FLOOR else None,
    )


def _weight(line: Line) -> tuple[bool, float, int]:
    """Return how much a line matters: who is apart first, by how far, then by retours."""
    gap = abs(line.share.value - line.reference) if line.share and line.reference else 0.0
    return line.is_apart, gap, line.retours or 0


def _compared(facet: Facet, counts: Mapping[str, int], margin: Margin) -> list[Line]:
    gaps = gap_table(counts, {v: margin.counts[v] for v in facet.values if v in margin.counts})
    lines = {gap.value: _gap_line(facet, gap) for gap in gaps}
    others = {v: Line(str(facet.values[v]), n) for v, n in counts.items() if v not in lines}
    every = lines | others
    return [every[value] for value in facet.values if value in every]


def _gap_line(facet: Facet, gap: Gap) -> Line:
    return Line(str(facet.values[gap.value]), gap.answers, gap.share, gap.reference, gap.is_apart)


def _plain(facet: Facet, shown: Mapping[str, int | None], said: int, is_whole: bool) -> list[Line]:
    """Return a line for each value that was said; shares only where nothing is hidden."""
    return [
        Line(str(facet.values[value]), count, wilson(count, said) if is_whole and count else None)
        for value in facet.values
        if (count := shown.get(value, 0)) is None or count > 0
    ]

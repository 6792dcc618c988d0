"""What the page of one theme shows, gathered into a frozen record before it is printed.

Decides nothing about access: whoever may not read messages gets the record without them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.bars import Bar, BarChart, bar_chart
from app.charts import LineChart, Mark, Point, line_chart
from app.said import as_said
from feedback.models import Feedback, Segment, Theme
from feedback.theme_counts import TREND_WEEKS, Counts, first_day
from feedback.theme_facets import OTHERS, UNSAID, Facet
from feedback.theme_labels import (
    MOVEMENT_NAMES,
    column_name,
    counts_words,
    share_words,
    week_names,
)
from feedback.theme_movement import Movement
from feedback.theme_splits import split_of
from feedback.themes import (
    borderline_segments,
    line_of,
    retours_of,
    typical_segments,
)

PER_PAGE = 30
TYPICAL = 3
ROOM = 130.0  # percent at the end of a bar's canvas: its number stands to its right
SHOWN_FACETS = (Facet.CHANNEL, Facet.ROLE, Facet.DEPARTEMENT, Facet.RELEASE)
SIZES = 4  # of chips: classes w1 to w4


@dataclass(frozen=True)
class FacetChart:
    """How a theme splits by one facet: the bars, and the sentence that says it."""

    facet: Facet
    chart: BarChart | None  # None when nobody said, or too few
    finding: str
    is_hidden: bool  # a few said, too few to be shown


@dataclass(frozen=True)
class Messages:
    """One page of the retours of a theme."""

    retours: tuple[Feedback, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class ThemePage:
    """Everything that the page prints about a theme."""

    theme: Theme
    counts: Counts
    movement: Movement
    sentence: str
    chart: LineChart
    finding: str
    chips: tuple[tuple[str, int], ...]  # words and their size, 1 to 4
    splits: tuple[FacetChart, ...]
    typical: tuple[Segment, ...]
    borderline: tuple[Segment, ...]


def theme_page(theme: Theme, day: date, with_messages: bool) -> ThemePage:
    """Return what the page of ``theme`` shows, its messages only ``with_messages``."""
    line = line_of(theme, day)
    every = typical_segments(theme) if with_messages else []
    sentence = _sentence(line.counts, line.movement)
    return ThemePage(
        theme=theme,
        counts=line.counts,
        movement=line.movement,
        sentence=sentence,
        chart=_chart(theme, line.counts, day),
        finding=str(
            _(
                "Retours par semaine sur « %(name)s » : %(said)s",
                name=as_said(theme.name),
                said=sentence,
            )
        ),
        chips=chips(theme.words),
        splits=tuple(facet_chart(theme, facet) for facet in SHOWN_FACETS),
        typical=tuple(every[:TYPICAL]),
        borderline=tuple(borderline_segments(theme, every)) if with_messages else (),
    )


def messages_page(theme: Theme, asked: int, retours: int) -> Messages:
    """Return the ``asked`` page of the retours of ``theme``, which has ``retours`` of them."""
    pages = max(1, -(-retours // PER_PAGE))
    page = min(max(1, asked), pages)
    return Messages(tuple(retours_of(theme, PER_PAGE, (page - 1) * PER_PAGE)), page, pages)


def _sentence(counts: Counts, movement: Movement) -> str:
    size = ngettext("%(num)d retour", "%(num)d retours", counts.retours)
    said = _(
        "%(size)s, %(movement)s : %(counts)s.",
        size=size,
        movement=MOVEMENT_NAMES[movement],
        counts=counts_words(counts),
    )
    return str(said)


def _chart(theme: Theme, counts: Counts, day: date) -> LineChart:
    start = first_day(day)
    points = [Point(*pair) for pair in zip(week_names(day), counts.weeks, strict=True)]
    marks = [
        Mark((release.day - start) // timedelta(weeks=1), release.number)
        for release in theme.service.releases
        if start <= release.day < start + timedelta(weeks=TREND_WEEKS)
    ]
    return line_chart(points, marks=marks)


def chips(words: list[list[str | float]]) -> tuple[tuple[str, int], ...]:
    """Return the words with a size by their weight, the heaviest largest."""
    weights = [float(weight) for _word, weight in words]
    top = max([*weights, 0.0]) or 1.0
    return tuple(
        (str(word), 1 + min(SIZES - 1, int(SIZES * max(0.0, weight) / top)))
        for (word, _weight), weight in zip(words, weights, strict=True)
    )


def facet_chart(theme: Theme, facet: Facet) -> FacetChart:
    """Return the bars of ``theme`` by ``facet``; small counts share the bar of the others."""
    columns, split = split_of(theme, facet)
    names = {column.value: column_name(column, facet) for column in columns}
    shown = {value: split.share(value) for value in names}
    bars = [
        Bar(names[value], share, _bar_words(*share_words(split, value)))
        for value, share in shown.items()
        if share is not None
    ]
    said = {v: s for v, s in shown.items() if s is not None and v not in (UNSAID, OTHERS)}
    is_silent = not any(value != UNSAID for value in names)
    return FacetChart(
        facet,
        None if is_silent or not bars else bar_chart(bars, top=ROOM),
        _facet_finding(names, said),
        not bars and not is_silent,
    )


def _bar_words(share: str, count: str) -> str:
    return f"{share} ({count})"


def _facet_finding(names: dict[str, str], said: dict[str, float]) -> str:
    if not said:
        return ""
    first = max(said, key=lambda value: said[value])
    share = str(_("%(percent)d %%", percent=round(said[first])))
    return str(_("Le plus souvent : %(name)s, %(share)s", name=names[first], share=share))

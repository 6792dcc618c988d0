"""The list of a service's themes as its page prints it: searched, sorted, paged, split.

Decides nothing about access.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue import Service
from app.sparklines import Sparkline, sparkline
from feedback.models import Theme
from feedback.theme_counts import Counts, Unplaced, unplaced
from feedback.theme_facets import TRAITS, Facet
from feedback.theme_labels import (
    MOVEMENT_MARKS,
    MOVEMENT_NAMES,
    Sort,
    column_name,
    counts_words,
    share_words,
    week_names,
)
from feedback.theme_splits import Split, SplitTable, split_table
from feedback.themes import ThemeLine, themes_of

PER_PAGE = 40


@dataclass(frozen=True)
class Asked:
    """What the reader wants of the list."""

    words: str = ""
    sort: Sort = Sort.SIZE
    facet: Facet | None = None
    page: int = 1


@dataclass(frozen=True)
class Drawn:
    """One line of the list: a theme, or what stands in none."""

    theme: Theme | None
    counts: Counts
    spark: Sparkline
    finding: str  # what the sparkline says
    change: str  # the last four weeks against the four before
    movement: str
    mark: str
    split: tuple[tuple[str, str], ...]  # share and count by column, in words; empty when hidden


@dataclass(frozen=True)
class ThemeList:
    """Everything that the page prints."""

    lines: tuple[Drawn, ...]
    unplaced: Drawn
    unplaced_segments: Unplaced
    themes: int
    found: int
    page: int
    pages: int
    columns: tuple[str, ...]  # names of the columns of the split
    whole: tuple[tuple[str, str], ...]
    whole_retours: int
    hides_traits: bool
    weeks: tuple[str, ...]  # first days of the weeks, in words

    @property
    def every_line(self) -> tuple[Drawn, ...]:
        """The themes of the page, then what stands in none."""
        return (*self.lines, self.unplaced)


def theme_list(service: Service, asked: Asked, day: date) -> ThemeList:
    """Return the list of ``service``; a few queries whatever the number of themes."""
    every = themes_of(service, day)
    found = _sorted([line for line in every if _holds(line.theme.name, asked.words)], asked.sort)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, asked.page), pages)
    table = split_table(service, asked.facet) if asked.facet else None
    alone = unplaced(service, day)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return ThemeList(
        lines=tuple(_drawn(line, table) for line in shown),
        unplaced=_drawn_unplaced(alone, table),
        unplaced_segments=alone,
        themes=len(every),
        found=len(found),
        page=page,
        pages=pages,
        columns=tuple(column_name(c, table.facet) for c in table.columns) if table else (),
        whole=_words_of(table.whole, table) if table else (),
        whole_retours=table.whole.total if table else 0,
        hides_traits=asked.facet in TRAITS,
        weeks=week_names(day),
    )


def _holds(name: str, words: str) -> bool:
    return all(word in _plain(name) for word in _plain(words).split())


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in parts if not unicodedata.combining(each))


def _sorted(lines: list[ThemeLine], sort: Sort) -> list[ThemeLine]:
    if sort is Sort.NAME:
        return sorted(lines, key=lambda line: _plain(line.theme.name))
    if sort is Sort.GROWTH:
        return sorted(lines, key=lambda line: -line.growth)
    return lines


def _drawn(line: ThemeLine, table: SplitTable | None) -> Drawn:
    moves = str(MOVEMENT_NAMES[line.movement])
    split = table.themes.get(line.theme.id, Split(0, {})) if table else None
    return Drawn(
        line.theme,
        line.counts,
        sparkline(line.counts.weeks),
        _finding(line.theme.name, line.counts, moves),
        counts_words(line.counts),
        moves,
        MOVEMENT_MARKS[line.movement],
        _words_of(split, table) if table and split else (),
    )


def _drawn_unplaced(alone: Unplaced, table: SplitTable | None) -> Drawn:
    counts = alone.counts
    return Drawn(
        None,
        counts,
        sparkline(counts.weeks),
        _finding(str(_("Sans thème")), counts, ""),
        counts_words(counts),
        "",
        "",
        _words_of(table.unplaced, table) if table else (),
    )


def _finding(name: str, counts: Counts, moves: str) -> str:
    words = [counts_words(counts)]
    top = max(counts.weeks)
    if top:
        most = ngettext(
            "%(num)d retour au plus en une semaine", "%(num)d au plus en une semaine", top
        )
        words.append(str(most))
    if moves:
        words.append(moves)
    return " ".join((str(_("%(name)s :", name=name)), ", ".join(words)))


def _words_of(split: Split, table: SplitTable) -> tuple[tuple[str, str], ...]:
    return tuple(share_words(split, column.value) for column in table.columns)

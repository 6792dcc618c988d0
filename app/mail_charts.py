"""The charts of a mail: bars as coloured cells of a table, or as block characters in plain text.

Mail programs drop SVG and scripts and ask before they load a picture; a cell with a background
stays. Each number stands beside its bar as text, so that nothing hangs on the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.bars import BAR_ROOM, Bar, bar_chart
from app.digest_items import MOST_LINES
from app.edition_figures import Figure, Mark, figures_of
from app.editions import Edition
from app.sparklines import HEIGHT, heights

BLOCKS = "▁▂▃▄▅▆▇█"  # a column in plain text: an eighth to a whole of a line
NO_COLUMN = "·"
FULL, LONGEST = "█", 24  # a bar in plain text, and how many of them the longest takes
PIXELS = 2  # of a column in HTML, for one unit of a sparkline's height


@dataclass(frozen=True)
class MailBar:
    """One line of a bar chart: its name, its numbers as text, and how long they are in %."""

    name: str
    numbers: tuple[str, ...]
    percent: int
    before: int

    @property
    def blocks(self) -> str:
        """The bar in plain text; empty where there is no number."""
        return FULL * max(round(self.percent * LONGEST / 100), bool(self.percent))


@dataclass(frozen=True)
class Column:
    """One period of a sparkline: how high it stands in pixels, and whether it is the newest."""

    pixels: int
    is_newest: bool


@dataclass(frozen=True)
class MailChart:
    """A chart as a mail prints it; either ``bars`` or ``columns`` stand in it."""

    title: str
    head: tuple[str, ...]
    notes: tuple[str, ...]
    bars: tuple[MailBar, ...] = ()
    columns: tuple[Column, ...] = ()
    blocks: str = ""


def mail_charts_of(edition: Edition) -> list[MailChart]:
    """Return what a mail draws of ``edition``; one bar alone shows nothing that words do not."""
    drawn = [figure for figure in figures_of(edition) if len(figure.marks) > 1]
    return [_trend(each) if each.is_trend else _distribution(each) for each in drawn]


def _trend(figure: Figure) -> MailChart:
    counts = [mark.count for mark in figure.marks]
    tall = heights([float(count or 0) for count in counts])
    last = len(tall) - 1
    columns = tuple(Column(round(PIXELS * each), i == last) for i, each in enumerate(tall))
    blocks = "".join(_block(each) for each in tall)
    said = ", ".join(map(_short, counts))
    notes = [_("De la plus ancienne à la plus récente : %(counts)s.", counts=said)]
    notes += [change(counts[-2], counts[-1]), _hidden(counts)]
    return MailChart(
        figure.title, figure.head, tuple(filter(None, notes)), columns=columns, blocks=blocks
    )


def _block(high: float) -> str:
    return BLOCKS[max(0, round(high / HEIGHT * len(BLOCKS)) - 1)] if high else NO_COLUMN


def _short(count: int | None) -> str:
    return "–" if count is None else str(count)


def _hidden(counts: Sequence[int | None]) -> str:
    """Return what a dash stands for, where there is one."""
    return _("Un tiret : trop peu pour un nombre.") if None in counts else ""


def change(before: int | None, now: int | None) -> str:
    """Return how a number moved; nothing where either of the two may not be said."""
    if before is None or now is None:
        return ""
    moved = now - before
    if moved > 0:
        return ngettext(
            "%(num)d de plus que la période d’avant.",
            "%(num)d de plus que la période d’avant.",
            moved,
        )
    if moved < 0:
        return ngettext(
            "%(num)d de moins que la période d’avant.",
            "%(num)d de moins que la période d’avant.",
            -moved,
        )
    return _("Autant que la période d’avant.")


def _distribution(figure: Figure) -> MailChart:
    shown, left = figure.marks[:MOST_LINES], len(figure.marks) - MOST_LINES
    has_before = any(mark.before is not None for mark in shown)
    notes = [ngettext("et %(num)d autre.", "et %(num)d autres.", left)] if left > 0 else []
    if figure.total:
        notes.append(_("n = %(num)d.", num=figure.total))
    if has_before:
        notes.append(_("Barre fine : la période d’avant."))
    notes.append(_hidden([mark.count for mark in shown]))
    head, bars = figure.head[: 3 if has_before else 2], tuple(_bars(shown, has_before))
    return MailChart(figure.title, head, tuple(filter(None, notes)), bars=bars)


def _bars(marks: Sequence[Mark], has_before: bool) -> list[MailBar]:
    """Return the lines of a chart, every bar on one scale: those of before too."""
    now, before = ([getattr(mark, which) or 0 for mark in marks] for which in ("count", "before"))
    top = float(max([*now, *before, 1]))
    return [
        MailBar(
            mark.name,
            (_short(mark.count), *([str(mark.before)] if has_before else [])),
            _percent(count, top),
            _percent(earlier, top),
        )
        for mark, count, earlier in zip(marks, now, before, strict=True)
    ]


def _percent(count: int, top: float) -> int:
    """Return how much of its room a bar takes; what is there at all is seen."""
    (bar,) = bar_chart([Bar("", count, "")], top).bars
    return max(round(100 * bar.width / BAR_ROOM), bool(count))

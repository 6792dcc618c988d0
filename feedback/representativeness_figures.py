"""The tables of the panel *Qui a parlé*, in words: one facet each, beside its reference."""

from dataclasses import dataclass

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from app.said import as_said
from feedback.representativeness import Line, Table
from nlp.comparison import Interval


@dataclass(frozen=True)
class Row:
    """One line of a table, in words."""

    words: str
    retours: int
    share: str  # with its interval; empty where the floor hides it
    public: str
    is_apart: bool


@dataclass(frozen=True)
class Figures:
    """The table of one facet; ``public`` is the source and day of its margin, if compared."""

    title: str
    public: str
    rows: tuple[Row, ...]
    note: str

    @property
    def has_shares(self) -> bool:
        """Whether any line has a share to show."""
        return any(row.share for row in self.rows)


def percent(share: float) -> str:
    """Return a share in whole percent; one that is small and not zero says so."""
    if 0 < share < 0.005:
        return str(_("moins de %(share)s %%", share=1))
    return str(_("%(share)s %%", share=round(100 * share)))


def figures(table: Table) -> Figures:
    """Return the words of one facet."""
    hidden = sum(line.retours is None for line in table.lines)
    source = ""
    if table.margin and table.compared:
        day = format_date(table.margin.day, "d MMMM y")
        source = _("%(source)s, importé le %(day)s", source=as_said(table.margin.source), day=day)
    rows = tuple(_row(line, line.retours) for line in table.lines if line.retours is not None)
    return Figures(str(table.facet.words), str(source), rows, _note(table, hidden))


def _row(line: Line, retours: int) -> Row:
    return Row(
        line.words,
        retours,
        _with_interval(line.share) if line.share else "",
        "–" if line.reference is None else percent(line.reference),
        line.is_apart,
    )


def _with_interval(share: Interval) -> str:
    ends = {"low": round(100 * share.low), "high": round(100 * share.high)}
    return str(_("%(share)s (%(low)d à %(high)d)", share=percent(share.value), **ends))


def _note(table: Table, hidden: int) -> str:
    """Return the summary figure, 1 when each group spoke as much as its size, and what is cut."""
    parts = []
    if table.summary is not None:
        figure = format_decimal(round(table.summary, 2))
        parts.append(_("Indice de représentativité : %(figure)s sur 1.", figure=figure))
    if left_out := table.left_out + hidden:
        parts.append(
            ngettext(
                "%(num)d autre valeur n’est pas montrée.",
                "%(num)d autres valeurs ne sont pas montrées.",
                left_out,
            )
        )
    return " ".join(parts)

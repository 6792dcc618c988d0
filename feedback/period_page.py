"""What the page of two periods prints: the comparison in words, its chart and its finding."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.catalogue import Release, Service
from app.pairs import Half, Pair, PairChart, pair_chart
from app.said import as_said, together
from app.web import written_day
from feedback.models import Theme
from feedback.period_choice import Periods
from feedback.periods import Comparison, Line, Rates, Tally
from feedback.representativeness_figures import percent
from feedback.theme_labels import MOVEMENT_MARKS, MOVEMENT_NAMES
from feedback.theme_movement import Movement
from nlp.comparison import Interval

MOST_PAIRS = 6  # on the picture; every theme stands in the table


@dataclass(frozen=True)
class Cell:
    """One period of one theme: the count, and its share and score in words where they may stand."""

    retours: int
    share: str
    score: str


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    theme: Theme
    before: Cell
    after: Cell
    difference: str
    movement: str
    mark: str


@dataclass(frozen=True)
class PeriodPage:
    """Everything that the page prints about two periods."""

    before: Cell
    after: Cell
    rows: tuple[Row, ...]
    chart: PairChart | None
    finding: str
    has_rates: bool
    silent: int
    hidden: int
    drawn: int
    release: Release | None  # that came out on the first day of the later period


def period_page(service: Service, periods: Periods, found: Comparison) -> PeriodPage:
    """Return the words of ``found``; without a chart where there are no rates."""
    drawn = _drawn(found) if found.has_rates else []
    return PeriodPage(
        _cell(found.before, None),
        _cell(found.after, None),
        tuple(_row(line) for line in found.lines),
        pair_chart([_pair(line) for line in drawn]) if drawn else None,
        _finding(found) if found.has_rates else "",
        found.has_rates,
        found.silent,
        found.hidden,
        len(drawn),
        next((each for each in service.releases if each.day == periods.after.start), None),
    )


def _drawn(found: Comparison) -> list[Line]:
    """Return the themes whose share changed most, in the order of the table."""
    far = sorted(found.lines, key=lambda line: -abs(_rates(line).difference.value))[:MOST_PAIRS]
    return [line for line in found.lines if line in far]


def _rates(line: Line) -> Rates:
    if line.rates is None:
        raise ValueError("a theme without rates is not drawn")
    return line.rates


def _pair(line: Line) -> Pair:
    rates = _rates(line)
    before = _("avant %(share)s", share=percent(rates.before.value))
    after = _("après %(share)s", share=percent(rates.after.value))
    return Pair(as_said(line.theme.name), _half(rates.before, before), _half(rates.after, after))


def _half(share: Interval, words: str) -> Half:
    return Half(share.value, share.low, share.high, str(words))


def _row(line: Line) -> Row:
    rates = line.rates
    moves = rates.movement if rates else None
    steady = _("pas de différence nette")
    return Row(
        line.theme,
        _cell(line.before, rates.before if rates else None),
        _cell(line.after, rates.after if rates else None),
        _points(rates.difference) if rates else "",
        str(steady if moves is Movement.STEADY else MOVEMENT_NAMES[moves]) if moves else "",
        MOVEMENT_MARKS[moves] if moves else "",
    )


def _cell(tally: Tally, share: Interval | None) -> Cell:
    score = tally.score
    return Cell(
        tally.retours,
        share_in_words(share) if share else "",
        score_in_words(score) if score else "",
    )


def share_in_words(share: Interval) -> str:
    """Return a share with its interval, in percent."""
    limits = {"low": round(100 * share.low), "high": round(100 * share.high)}
    return str(_("%(share)s (%(low)d à %(high)d)", share=percent(share.value), **limits))


def score_in_words(score: Interval) -> str:
    """Return a score on 10 with its interval."""
    value, low, high = (
        format_decimal(each, "0.0") for each in (score.value, score.low, score.high)
    )
    return str(_("%(value)s (%(low)s à %(high)s)", value=value, low=low, high=high))


def _points(change: Interval) -> str:
    """Return a difference in points of percent, with its interval, always signed."""
    value, low, high = (_signed(100 * each) for each in (change.value, change.low, change.high))
    return str(_("%(value)s points (%(low)s à %(high)s)", value=value, low=low, high=high))


def _signed(value: float) -> str:
    return str(format_decimal(round(value), "+0;−0")) if round(value) else "0"


def _finding(found: Comparison) -> str:
    """Return which theme rose and which fell most, beyond chance; or that none did."""
    sure = [line for line in found.lines if _rates(line).movement is not Movement.STEADY]
    ends = sure[:1] + (sure[-1:] if len(sure) > 1 else [])
    if not ends:
        return str(_("Aucun thème ne change plus que le hasard ne le fait une fois sur cent."))
    told = [
        _(
            "« %(name)s » passe de %(before)s à %(after)s des retours",
            name=as_said(line.theme.name),
            before=percent(_rates(line).before.value),
            after=percent(_rates(line).after.value),
        )
        for line in ends
    ]
    return together((together(told, str(_(" ; "))), "."), "")


def release_words(release: Release) -> str:
    """Return what may and may not be said of the effect of ``release``."""
    return str(
        _(
            "La version %(number)s est du %(day)s. Ce qui change après elle peut avoir "
            "d’autres causes possibles : une saison, une campagne, un autre public.",
            number=release.number,
            day=written_day(release.day),
        )
    )

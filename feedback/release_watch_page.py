"""What the page of a release watch prints: its plan, its looks, and what a result means."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.charts import LineChart, Point, line_chart
from app.said import as_said, together
from app.web import written_day
from feedback.models import ReleaseWatch
from feedback.period_choice import around
from feedback.period_page import Row, period_page, release_words
from feedback.periods import compare
from feedback.release_watch_words import finding_of, number
from feedback.release_watches import WEEK, last_day, plan_of
from nlp.release_watch import detectable_ratio, largest_quiet


@dataclass(frozen=True)
class Effect:
    """The theme eight weeks before and after the release, where there is something to compare."""

    row: Row
    caution: str


@dataclass(frozen=True)
class WatchPage:
    """Everything that the page prints."""

    finding: str
    meaning: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    chart: LineChart | None
    effect: Effect | None


def watch_page(watch: ReleaseWatch, day: date, floor: int = 1) -> WatchPage:
    """Return the page of ``watch``; ``floor`` for readers outside its team."""
    return WatchPage(
        finding_of(watch), _meaning(watch), _facts(watch), _chart(watch), _effect(watch, day, floor)
    )


def _meaning(watch: ReleaseWatch) -> tuple[str, ...]:
    alpha = round(100 * watch.plan["alpha"])
    promise = _(
        "Sans aucune hausse, %(alpha)d surveillances sur 100 au plus dépassent leur limite par "
        "hasard.",
        alpha=alpha,
    )
    cause = _(
        "Un dépassement ne prouve pas que la version en est la cause : il y a d’autres causes "
        "possibles, une saison, une campagne, un autre public."
    )
    silence = _(
        "Ne rien trouver ne prouve pas qu’il n’y a rien : une petite hausse peut passer inaperçue."
    )
    return tuple(str(each) for each in (promise, cause, silence, _power(watch)) if each)


def _power(watch: ReleaseWatch) -> str:
    ratio = detectable_ratio(plan_of(watch))
    if ratio is None:
        return str(
            _("Avec ces nombres, même dix fois plus de retours pourraient passer inaperçus.")
        )
    said = _(
        "Avec ces nombres, %(ratio)s fois plus de retours se voient 4 fois sur 5.",
        ratio=number(ratio),
    )
    return str(said)


def _facts(watch: ReleaseWatch) -> tuple[tuple[str, str], ...]:
    plan = plan_of(watch)
    share = _(
        "%(reports)d retours sur %(total)d, en %(weeks)d semaines",
        reports=plan.reports,
        total=plan.total,
        weeks=plan.baseline_weeks,
    )
    length = _(
        "%(weeks)d semaines, du %(start)s au %(end)s",
        weeks=watch.planned_weeks,
        start=written_day(watch.starts),
        end=written_day(last_day(watch)),
    )
    facts = [
        (_("Demandé le"), together((written_day(watch.declared), as_said(watch.declared_by)))),
        (_("Durée prévue"), length),
        (_("Avant la version"), share),
        (_("Attendus sur la durée"), number(plan.expected)),
        (_("Erreur promise"), _("%(alpha)s %%", alpha=number(100 * plan.alpha))),
        (_("Limite"), number(plan.limit)),
    ]
    if watch.looks:
        facts.append((_("Au dernier regard"), number(watch.looks[-1][2])))
    return tuple((str(name), str(value)) for name, value in facts)


def _chart(watch: ReleaseWatch) -> LineChart | None:
    """Return what was counted since the start against what was expected, and up to the limit."""
    if not watch.looks:
        return None
    plan = plan_of(watch)
    days = [watch.starts + n * WEEK for n in range(len(watch.looks))]
    return line_chart(
        [
            Point(written_day(day, "d MMM"), row[0])
            for day, row in zip(days, watch.looks, strict=True)
        ],
        expected=[row[1] for row in watch.looks],
        band=[(0.0, float(largest_quiet(plan, max(row[1], 0.01)))) for row in watch.looks],
    )


def _effect(watch: ReleaseWatch, day: date, floor: int) -> Effect | None:
    if watch.theme is None or watch.release.day > day - WEEK:
        return None
    periods = around(watch.release, day)
    found = period_page(watch.service, periods, compare(watch.service, periods, floor))
    row = next((each for each in found.rows if each.theme.id == watch.theme_id), None)
    return Effect(row, release_words(watch.release)) if row else None

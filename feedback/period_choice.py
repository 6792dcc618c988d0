"""Which two periods are compared: what was typed, read strictly, and the choices of one touch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.catalogue import Release
from app.web import written_day

FIELDS = ("de", "a", "et_de", "et_a")  # of the later period, then of the one it is set against
EIGHT_WEEKS = timedelta(weeks=8)
DAY = timedelta(days=1)
LONGEST_TYPED = 40


@dataclass(frozen=True)
class Span:
    """Days from ``start`` to ``last``, both inside."""

    start: date
    last: date

    def words(self) -> str:
        """Return the span as people write it."""
        first, last = written_day(self.start, "d MMM y"), written_day(self.last, "d MMM y")
        return f"{first} – {last}"


@dataclass(frozen=True)
class Periods:
    """Two spans without a day in common, the earlier one first."""

    before: Span
    after: Span

    @property
    def query(self) -> dict[str, str]:
        """The periods as they stand in an address."""
        days = (self.after.start, self.after.last, self.before.start, self.before.last)
        return {field: day.isoformat() for field, day in zip(FIELDS, days, strict=True)}


@dataclass(frozen=True)
class Choice:
    """Two periods that one touch compares."""

    words: str
    periods: Periods


class BadPeriods(Exception):
    """What was typed names no two periods; ``errors`` has a sentence for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def last_weeks(day: date) -> Periods:
    """Return the eight weeks that end on ``day`` and the eight before them."""
    middle = day - EIGHT_WEEKS
    return Periods(Span(middle - EIGHT_WEEKS + DAY, middle), Span(middle + DAY, day))


def around(release: Release, day: date) -> Periods:
    """Return the eight weeks before ``release`` and those after it, as far as they have gone."""
    start = release.day
    after = Span(start, min(start + EIGHT_WEEKS - DAY, day))
    return Periods(Span(start - EIGHT_WEEKS, start - DAY), after)


def last_quarters(day: date) -> Periods:
    """Return the last complete quarter and the same one a year before."""
    end = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    start = (end - timedelta(days=80)).replace(day=1)
    earlier = Span(start.replace(year=start.year - 1), end.replace(year=end.year - 1) - DAY)
    return Periods(earlier, Span(start, end - DAY))


def choices(releases: Iterable[Release], day: date) -> tuple[Choice, ...]:
    """Return the choices of one touch: eight weeks, quarters, then each release, newest first."""
    past = sorted((each for each in releases if each.day <= day), key=lambda each: each.day)
    weeks = Choice(str(_("8 semaines contre les 8 d’avant")), last_weeks(day))
    quarter = Choice(str(_("Dernier trimestre contre l’an passé")), last_quarters(day))
    effects = [
        Choice(
            str(_("Avant et après la version %(number)s", number=each.number)), around(each, day)
        )
        for each in reversed(past)
    ]
    return (weeks, quarter, *effects)


def read_periods(typed: Mapping[str, str], day: date) -> Periods:
    """Return the two typed periods in their order; raise BadPeriods with every fault at once."""
    found = {field: _day(typed.get(field, "")) for field in FIELDS}
    errors = {field: _fault(typed.get(field, ""), found[field], day) for field in FIELDS}
    errors = {field: words for field, words in errors.items() if words}
    days = {field: each for field, each in found.items() if each is not None}
    for first, last in (FIELDS[:2], FIELDS[2:]):
        if first in days and last in days and days[last] < days[first]:
            errors.setdefault(last, str(_("La fin vient avant le début. Inversez les deux dates.")))
    if errors:
        raise BadPeriods(errors)
    spans = Span(days["de"], days["a"]), Span(days["et_de"], days["et_a"])
    before, after = sorted(spans, key=lambda span: span.start)
    if before.last >= after.start:
        fault = _("Les deux périodes se chevauchent. Choisissez-les sans jour commun.")
        raise BadPeriods({"et_de": str(fault)})
    return Periods(before, after)


def _day(typed: str) -> date | None:
    """Return the day as a browser sends it or as people write it; None for anything else."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed.strip(), form).date()
        except ValueError:
            continue
    return None


def _fault(typed: str, found: date | None, day: date) -> str:
    if not typed.strip():
        return str(_("Choisissez une date."))
    if found is None:
        return str(_("Ce n’est pas une date. Écrivez-la ainsi : 31/12/2026."))
    return str(_("Cette date est à venir. Choisissez un jour passé.")) if found > day else ""

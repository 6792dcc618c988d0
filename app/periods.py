"""The calendar periods that editions are composed for: explicit [start, end) local days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date

from app.days import PARIS, paris_day, week_start
from app.subscriptions import MORNING, Frequency

MOST_MISSED = 8  # periods that a stopped worker catches up with, the newest ones


@dataclass(frozen=True)
class Period:
    """[start, end) in local days."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The stretch of the same length just before."""
        return Period(self.start - (self.end - self.start), self.start)

    def words(self, locale: str = "fr") -> str:
        """Return the period as people write it: « 16 – 22 novembre 2026 »."""
        return self._between("d", "d MMMM", "d MMMM y", locale)

    def short_words(self, locale: str = "fr") -> str:
        """Return the period without its year, fit for a subject line: « 16 – 22 nov. »."""
        return self._between("d", "d MMM", "d MMM", locale)

    def _between(self, day: str, month: str, year: str, locale: str) -> str:
        """Return first and last day, the first without what both share."""
        first, last = self.start, self.last
        end = str(format_date(last, year, locale))
        if first == last:
            return end
        shared = day if first.replace(day=1) == last.replace(day=1) else month
        start = format_date(first, shared if first.year == last.year else year, locale)
        return f"{start} – {end}"


def last_complete(frequency: str, day: date) -> Period:
    """Return the newest period of ``frequency`` that ended on or before ``day`` began."""
    if frequency == Frequency.DAILY:
        return Period(day - timedelta(days=1), day)
    if frequency == Frequency.WEEKLY:
        end = week_start(day)
        return Period(end - timedelta(weeks=1), end)
    if frequency == Frequency.MONTHLY:
        end = day.replace(day=1)
        return Period((end - timedelta(days=1)).replace(day=1), end)
    raise ValueError(f"frequency must be daily, weekly or monthly, got {frequency!r}")


def containing(frequency: str, day: date) -> Period:
    """Return the period of ``frequency`` that ``day`` lies in, past or to come."""
    if frequency == Frequency.DAILY:
        return Period(day, day + timedelta(days=1))
    if frequency == Frequency.WEEKLY:
        return Period(week_start(day), week_start(day) + timedelta(weeks=1))
    start = day.replace(day=1)
    return Period(start, (start + timedelta(days=31)).replace(day=1))


def after(last_end: date | None, frequency: str, day: date) -> list[Period]:
    """Return the periods that ended since ``last_end``, in order: those that are still to compose.

    The newest alone where nothing was composed yet; after a long stop, the newest ``MOST_MISSED``.
    """
    newest = last_complete(frequency, day)
    found: list[Period] = []
    while len(found) < MOST_MISSED and (not found or found[0].start > (last_end or newest.start)):
        found.insert(0, last_complete(frequency, found[0].start) if found else newest)
    return [each for each in found if last_end is None or each.start >= last_end] or [newest]


def send_at(period: Period, now: datetime, weekday: int = 0, hour: int = MORNING) -> datetime:
    """Return when an edition of ``period`` may leave: what its reader prefers only delays it.

    Args:
        weekday: of a week's edition, 0 for Monday.
        hour: in Paris; nobody is woken at midnight.
    """
    is_week = period.end - period.start == timedelta(weeks=1)
    day = period.end + timedelta(days=weekday if is_week else 0)
    at = datetime.combine(day, time(hour), PARIS)
    if now < at or paris_day(now) == day:
        return max(now, at)
    return max(now, datetime.combine(paris_day(now), time(hour), PARIS))

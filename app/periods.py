"""The calendar periods that editions are composed for: explicit [start, end) local days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date

from app.days import PARIS, paris_day, week_start
from app.subscriptions import Frequency

MORNING = time(7)  # nobody is woken at midnight; the period, not the hour, makes an edition


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


def send_at(period: Period, now: datetime) -> datetime:
    """Return when an edition of ``period`` may leave: after its end, at once or in the morning."""
    return max(now, datetime.combine(max(period.end, paris_day(now)), MORNING, PARIS))

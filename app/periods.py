"""The calendar periods that editions are composed for: explicit [start, end) local days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_interval

from app.days import PARIS, week_start
from app.subscriptions import Frequency

MORNING = time(7)  # nothing is sent at night; the period, not the hour, is what makes an edition


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
        if self.start == self.last:
            return str(format_date(self.start, "d MMMM y", locale))
        return str(format_interval(self.start, self.last, "yMMMMd", locale=locale))


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
    """Return when an edition of ``period`` may leave: the morning after its end, or at once."""
    return max(now, datetime.combine(period.end, MORNING, PARIS))

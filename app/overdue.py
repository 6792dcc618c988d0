"""What should have happened by now and has not: a backup, digests, mails; and a clock that errs.

Each fault is one sentence for ``flask doctor``; mends nothing.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app import job_runs
from app.clock import CLOCK
from app.days import paris_day
from app.db import db
from app.job_runs import MAIL_LATE_AFTER, JobRun
from app.mail import OutboxRow
from app.system import SystemValue
from app.traces import Trace
from feedback.models import Feedback

BACKUP_PATIENCE = timedelta(days=2)  # the timer makes one a day
CLOCK_PATIENCE = timedelta(minutes=5)  # what two clocks of one house may differ by
MANY_TRIES = 4  # of one mail: put off for a quarter of an hour at least
LAST_BACKUP = "last_backup"


def note_backup(day: date) -> None:
    """Write down that a backup was made on ``day``. The caller commits."""
    db.session.merge(SystemValue(name=LAST_BACKUP, value=day.isoformat()))


def find(now: datetime) -> list[str]:
    """Return one sentence for each thing overdue at ``now`` or that shows a wrong clock."""
    asked = _backup(paris_day(now)), _digest(now), *_mails(now), *_clock(now)
    return [sentence for sentence in asked if sentence]


def _backup(day: date) -> str:
    kept = db.session.get(SystemValue, LAST_BACKUP)
    if kept is None:
        first = db.session.scalar(select(func.min(Feedback.day)))
        if first is None or day - first <= BACKUP_PATIENCE:
            return ""
        return f"no backup was ever made, and retours are kept since {first}: run flask backup"
    age = day - date.fromisoformat(kept.value)
    if age <= BACKUP_PATIENCE:
        return ""
    return f"the last backup is of {kept.value}, {age.days} days ago: is its timer running?"


def _digest(now: datetime) -> str:
    """Say whether the composing of digests is late or failed; the worker does it each hour."""
    (run,) = job_runs.runs({"digest": CLOCK["digest"]}, now)
    if run.error:
        return f"digests could not be composed ({run.error}): see job_failed in the worker's log"
    if run.late_minutes and run.succeeded:
        return f"digests were last composed on {_minute(run.succeeded)}: is the worker running?"
    return ""


def _mails(now: datetime) -> list[str]:
    waits = ~OutboxRow.dead
    oldest = db.session.scalar(select(func.min(OutboxRow.due)).where(waits))
    late = now - oldest if oldest else timedelta()
    hard = select(func.count(), func.max(OutboxRow.error)).where(waits)
    many, reason = db.session.execute(hard.where(OutboxRow.tries >= MANY_TRIES)).one()
    return [
        f"the oldest mail should have left {int(late.total_seconds() // 60)} minutes ago: "
        "is the worker (flask work) running?"
        if late > MAIL_LATE_AFTER
        else "",
        f"{many} mails were tried {MANY_TRIES} times or more and still wait ({reason}): "
        "does the mail server answer?"
        if many
        else "",
    ]


def _clock(now: datetime) -> list[str]:
    """Name what was written later than ``now``: the clock went back, or was ahead when it was."""
    today = paris_day(now)
    said = db.session.scalar(select(func.max(Feedback.day)))
    traced = db.session.scalar(select(func.max(Trace.day)))
    done = db.session.scalar(select(func.max(JobRun.succeeded)))
    stands = f"the clock stands at {_minute(now)}, but"
    return [
        f"{stands} the newest retour is of {said}: set the clock right"
        if _after(said, today)
        else "",
        f"{stands} the journal goes up to {traced}: set the clock right"
        if _after(traced, today)
        else "",
        f"{stands} the worker ended a job on {_minute(done)}: set the clock right"
        if done and done > now + CLOCK_PATIENCE
        else "",
    ]


def _after(day: date | None, today: date) -> bool:
    return day is not None and day > today


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

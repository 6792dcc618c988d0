"""What the worker does unattended, one short function for each kind of job.

Each takes the job's key and the moment, may run twice and does its work once, commits, and returns
one line that says what it did. Raise ``NotNow`` when a model is missing: the job waits, untried.
"""

from collections.abc import Callable
from datetime import datetime

from app import digests, following, jobs, limits, mail, privacy
from app.catalogue import all_services
from app.days import paris_day
from app.db import db
from app.runtime import runtime
from app.subscriptions import ensure_team_subscriptions
from feedback import analysis, commitments, signals, threads
from feedback.analysis import Machine


class NotNow(Exception):
    """A model is missing: try again later, this is not the job's fault."""


def _machine() -> Machine:
    if (encoder := runtime().encoder) is None:
        raise NotNow("the sentence encoder is not available")
    return Machine(encoder, runtime().instance, runtime().clauses)


def analyse(keys: list[str], now: datetime) -> str:
    """Cut, encode and place the retours called ``keys``; the first thirty ask for a structure."""
    machine = _machine()
    done = analysis.analyse(keys, machine, paris_day(now))
    if analysis.lacks_structure():
        jobs.enqueue("refresh", "first", now)
    db.session.commit()
    return f"analysed {done} retours"


def mask_names(_key: str, now: datetime) -> str:
    """Mask the names of retours and replies that came while the pipeline was missing."""
    if (finder := runtime().name_finder) is None:
        raise NotNow("the name pipeline is not available")
    done = analysis.mask_names(finder, paris_day(now), now)
    db.session.commit()
    if done:
        privacy.truncate_log()  # its old pages still hold the names
    return f"masked names in {done} retours and replies"


def refresh(key: str, now: datetime) -> str:
    """Group everything anew and keep the identity of themes."""
    run = analysis.refresh(_machine(), paris_day(now))
    db.session.commit()
    return f"refreshed {run.subjects} subjects over {run.segments} segments ({key})"


def look(_key: str, now: datetime) -> str:
    """Look at the weekly counts and raise or refresh candidates."""
    raised = signals.look(paris_day(now))
    db.session.commit()
    return f"looked at the signals, {raised} candidates raised"


def dates(_key: str, now: datetime) -> str:
    """Let the calendar act: commitments due or late, exchanges without a word for 60 days."""
    day = paris_day(now)
    moved = commitments.advance_dates(day)
    lapsed = threads.lapse_old(day)
    db.session.commit()
    return f"{moved} commitments moved, {lapsed} exchanges lapsed"


def digest(_key: str, now: datetime) -> str:
    """Compose what is due and put it in the outbox, one service after the other."""
    queued = 0
    for service in all_services():
        ensure_team_subscriptions(service, paris_day(now))
        queued += digests.send_for(service, now)
        db.session.commit()  # the lock is held for one service, not for all
    return f"{queued} mails put in the outbox"


def purge(_key: str, now: datetime) -> str:
    """Drop what may only live for a day, and what has passed its term."""
    purges = (limits.purge, privacy.purge, jobs.purge, mail.purge, following.purge)
    dropped = sum(each(now) for each in purges)
    db.session.commit()
    return f"purged {dropped} rows"


TASKS: dict[str, Callable[[str, datetime], str]] = {
    "mask_names": mask_names,
    "refresh": refresh,
    "look": look,
    "dates": dates,
    "digest": digest,
    "purge": purge,
}

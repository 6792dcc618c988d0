"""What the worker does unattended, one short function for each kind of job.

Each takes the job's key and the moment, may run twice and does its work once, commits, and returns
one line that says what it did. Those that need a model are in ``app/model_tasks.py``.
"""

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from app import commitment_reminders, digests, following, jobs, limits, mail, privacy
from app.catalogue import all_services
from app.days import paris_day
from app.db import db, measure_tables, start_reading, start_writing
from app.model_tasks import encode_effects, mask_names, reencode, refresh
from app.subscriptions import ensure_team_subscriptions
from feedback import (
    commitments,
    handover,
    kept_evaluations,
    kept_figures,
    references,
    release_looks,
    signals,
    silence,
    sittings,
    tallies,
    threads,
    watch_checks,
)
from feedback.models import ReferenceTable, TableState
from workshops import retention


def look(_key: str, now: datetime) -> str:
    """Look at the weekly counts and raise or refresh candidates; find them without a lock."""
    signals.follow_merges()
    db.session.commit()
    start_reading()
    found = signals.find(paris_day(now))
    start_writing()
    raised = signals.write(found, paris_day(now))
    db.session.commit()
    return f"looked at the signals, {raised} candidates raised"


def check_watch(_key: str, now: datetime) -> str:
    """Write down how often each service's watch would have cried wolf on its own past."""
    start_reading()
    rows = watch_checks.checks(paris_day(now))
    start_writing()
    db.session.add_all(rows)
    db.session.commit()
    return f"checked the watch of {len(rows)} services"


def watch_releases(_key: str, now: datetime) -> str:
    """Look at the watches of releases whose week is over."""
    start_reading()
    services = release_looks.read_services(paris_day(now))
    start_writing()
    found = release_looks.look(paris_day(now), services)
    db.session.commit()
    return f"looked at the watched releases, {found} rises found"


def silent_groups(_key: str, now: datetime) -> str:
    """Look for groups of the declared public that are hardly heard."""
    raised = silence.look(paris_day(now))
    db.session.commit()
    return f"looked for silent groups, {raised} candidates raised"


def dates(_key: str, now: datetime) -> str:
    """Let the calendar act: commitments due or late, exchanges without a word for 60 days."""
    day = paris_day(now)
    moved = commitments.advance_dates(day)
    reminded = commitment_reminders.remind(day, now)
    lapsed = threads.lapse_old(day)
    db.session.commit()
    return f"{moved} commitments moved, {reminded} reminded of, {lapsed} exchanges lapsed"


def recount(_key: str, _now: datetime) -> str:
    """Compare the running counts with all retours and count anew where they differ."""
    wrong = tallies.repair()
    db.session.commit()
    return f"counted the retours anew, {wrong} cells were wrong"


def count_figures(_key: str, now: datetime) -> str:
    """Count the figures of services that hear much, so that their pages need not."""
    counted = kept_figures.count_all(paris_day(now))
    kept_evaluations.count(paris_day(now), int(current_app.config["FLOOR"]))
    measure_tables()
    db.session.commit()
    return f"counted the figures of {counted} large services"


def read_reference(key: str, _now: datetime) -> str:
    """Read the file of a reference table in pieces, each committed: a page shows how far."""
    table = db.session.get(ReferenceTable, int(key))
    if table is None or table.state != TableState.READING:
        return f"reference table {key} is not to be read"
    references.read(table, db.session.commit)
    db.session.commit()
    return f"read {table.good} rows of reference table {key}, rejected {table.rejected}"


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
    passing = (limits.purge, jobs.purge, mail.purge, handover.purge, sittings.purge)
    purges = (*passing, privacy.purge, following.purge, retention.purge)
    dropped = sum(each(now) for each in purges)
    db.session.commit()
    return f"purged {dropped} rows"


TASKS: dict[str, Callable[[str, datetime], str]] = {
    "mask_names": mask_names,
    "refresh": refresh,
    "reencode": reencode,
    "look": look,
    "encode_effects": encode_effects,
    "check_watch": check_watch,
    "silence": silent_groups,
    "watch_releases": watch_releases,
    "dates": dates,
    "recount": recount,
    "count_figures": count_figures,
    "read_reference": read_reference,
    "digest": digest,
    "purge": purge,
}

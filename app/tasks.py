"""What the worker does unattended, one short function for each kind of job.

Each takes the job's key and the moment, may run twice and does its work once, commits, and returns
one line that says what it did. Those that need a model are in ``app/model_tasks.py``, those
about mails in ``app/mail_tasks.py``.
"""

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from app import (
    commitment_reminders,
    following,
    jobs,
    limits,
    mail,
    privacy,
    staff_sessions,
    staff_tokens,
    suspended,
)
from app import retention as terms
from app.author_mails import AUTHORS
from app.days import paris_day
from app.db import db, measure_tables, start_reading, start_writing
from app.holder_mails import HOLDERS
from app.mail_tasks import (
    alert_of_bursts,
    collect_bounces,
    digest,
    remind_moderators,
    remind_of_waiting,
)
from app.model_tasks import encode_effects, mask_names, reencode, refresh, suggest_groups
from app.recognition_runs import recognise
from feedback import (
    commitments,
    handover,
    kept_evaluations,
    kept_figures,
    publications,
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
from workshops import retention, suggestions


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
    """Publish the figures that are due; count those of services that hear much for their pages."""
    day, floor = paris_day(now), int(current_app.config["FLOOR"])
    published = publications.publish_all(day, floor)
    counted = kept_figures.count_all(day)
    kept_evaluations.count(day, floor)
    measure_tables()
    db.session.commit()
    return f"published {published} figures, counted those of {counted} large services"


def read_reference(key: str, _now: datetime) -> str:
    """Read the file of a reference table in pieces, each committed: a page shows how far."""
    table = db.session.get(ReferenceTable, int(key))
    if table is None or table.state != TableState.READING:
        return f"reference table {key} is not to be read"
    references.read(table, db.session.commit)
    db.session.commit()
    return f"read {table.good} rows of reference table {key}, rejected {table.rejected}"


def purge(_key: str, now: datetime) -> str:
    """Drop what may only live for a day, and what has passed its term."""
    operational = (limits.purge, jobs.purge, mail.purge, handover.purge, sittings.purge)
    of_staff = (staff_sessions.purge, staff_tokens.purge)
    of_mails = (following.purge, AUTHORS.purge, HOLDERS.purge, suspended.purge)
    of_terms = (privacy.purge, retention.purge)
    purges = (*operational, *of_staff, *of_mails, *of_terms)
    dropped = sum(each(now) for each in purges)
    db.session.commit()
    return f"purged {dropped} rows"


def retain(_key: str, now: datetime) -> str:
    """Erase the retours whose term is over, and what stands apart from any retour."""
    day = paris_day(now)
    gone = terms.end_terms(day, current_app.config["INSTANCE"])
    orphans = terms.sweep_orphans(day)
    return f"erased {gone} retours whose term was over, {orphans} orphans"


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
    "retain": retain,
    "recognise": recognise,
    suggestions.JOB: suggest_groups,
    "bounces": collect_bounces,
    "nags": remind_of_waiting,
    "remind_moderators": remind_moderators,
    "bursts": alert_of_bursts,
}

"""What the worker does unattended, one short function for each kind of job.

Each takes the job's key and the moment, may run twice and does its work once, commits, and returns
one line that says what it did. Raise ``NotNow`` when a model is missing: the job waits, untried.
"""

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from app import commitment_reminders, digests, following, jobs, limits, mail, privacy
from app.catalogue import all_services
from app.days import paris_day
from app.db import db, measure_tables, start_reading, start_writing
from app.runtime import runtime
from app.subscriptions import ensure_team_subscriptions
from feedback import (
    analysis,
    commitments,
    handover,
    kept_evaluations,
    kept_figures,
    reencoding,
    references,
    release_looks,
    signals,
    silence,
    sittings,
    tallies,
    threads,
    unlisted,
    watch_checks,
)
from feedback.analysis import Machine
from feedback.arrangement import PeopleAreFaster, StillOtherModel
from feedback.models import ReferenceTable, TableState
from workshops import retention

FULL = "full"  # a refresh whose key starts so groups everything anew


class NotNow(Exception):
    """A model is missing: try again later, this is not the job's fault."""


def _machine() -> Machine:
    db.session.rollback()  # models take half a minute to load: no lock is held meanwhile
    if (encoder := runtime().encoder) is None:
        raise NotNow("the sentence encoder is not available")
    return Machine(encoder, runtime().instance, runtime().clauses, runtime().tagger)


def analyse(keys: list[str], now: datetime) -> str:
    """Cut, encode and place the retours called ``keys``; the first thirty ask for a structure."""
    machine = _machine()
    done = analysis.analyse(keys, machine, paris_day(now))
    if analysis.lacks_structure():
        jobs.enqueue("refresh", "first", now)
    elif reencoding.model_changed(machine) and reencoding.any_left(machine):
        jobs.enqueue_missing("reencode", ["all"], now)
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
    """Bring the structure up to date and keep the identity of themes; key ``full``: all anew.

    Under a new model, everything is encoded again first: two models' vectors are never mixed.
    """
    machine = _machine()
    try:
        run = analysis.refresh(machine, paris_day(now), full=key.startswith(FULL))
    except StillOtherModel:
        start_writing()
        jobs.enqueue("reencode", "all", now)
        db.session.commit()
        return "asked to encode again what another model had encoded"
    except PeopleAreFaster as busy:
        raise NotNow("people change themes just now") from busy
    db.session.commit()
    return f"refreshed {run.subjects} subjects over {run.segments} segments ({key})"


def reencode(key: str, now: datetime) -> str:
    """Encode some segments again with the model in use; ask for the next, at last for a refresh."""
    machine = _machine()
    done = reencoding.reencode(machine)
    if waiting := reencoding.left(machine):
        jobs.enqueue("reencode", key, now)
    else:
        jobs.enqueue("refresh", "model", now)
    db.session.commit()
    return f"encoded {done} segments again, {waiting} wait"


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


def encode_effects(_key: str, now: datetime) -> str:
    """Encode the examples of known effects that the model in use has not read."""
    if not unlisted.has_sentences():
        return "no example of a known effect to encode"
    machine = _machine()
    start_reading()
    waiting = unlisted.waiting_examples(machine.model)
    db.session.rollback()
    vectors = unlisted.encode(waiting, machine.encoder)
    start_writing()
    done = unlisted.keep(waiting, vectors, machine.model)
    db.session.commit()
    return f"encoded {done} examples of known effects"


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

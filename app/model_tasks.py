"""The jobs that need a model: mask, encode, group. ``app/tasks.py`` lists them with the others.

Each takes the job's key (``analyse`` the keys of several) and the moment, may run twice and does
its work once, commits, and returns one line that says what it did. ``NotNow`` is raised when a
model is missing: the job waits, untried.
"""

from datetime import datetime

from app import jobs, privacy
from app.days import paris_day
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from feedback import (
    analysis,
    reencoding,
    unlisted,
)
from feedback.analysis import Machine
from feedback.arrangement import PeopleAreFaster, StillOtherModel

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

"""The jobs that need a model: mask, encode, group. ``app/tasks.py`` lists them with the others.

Each takes the job's key (``analyse`` the keys of several) and the moment, may run twice and does
its work once, commits, and returns one line that says what it did. ``NotNow`` is raised when a
model is missing: the job waits, untried.
"""

from datetime import datetime

from app import erasures, jobs
from app.days import paris_day
from app.db import db, start_reading, start_writing
from app.patience import ModelHangs, PatientEncoder, is_worn
from app.runtime import runtime
from feedback import (
    analysis,
    reencoding,
    unlisted,
)
from feedback.analysis import Machine
from feedback.arrangement import PeopleAreFaster, StillOtherModel
from nlp.encode import Encoder
from nlp.redact import NameFinder
from workshops import suggestions, unmasked

FULL = "full"  # a refresh whose key starts so groups everything anew


class NotNow(Exception):
    """A model is missing: try again later, this is not the job's fault."""


def _machine() -> Machine:
    db.session.rollback()  # models take half a minute to load: no lock is held meanwhile
    if is_worn():
        raise NotNow("the sentence encoder hangs: restart the worker")
    if (encoder := _encoder()) is None:
        raise NotNow("the sentence encoder is not available")
    return Machine(encoder, runtime().instance, runtime().clauses, runtime().tagger)


def _encoder() -> Encoder | None:
    """Return the sentence encoder, given up when it hangs; None when it is missing or worn."""
    found = None if is_worn() else runtime().encoder
    return PatientEncoder(found) if found else None


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
    """Mask the names of what came while the pipeline was missing, words of sessions included."""
    if (finder := runtime().name_finder) is None:
        raise NotNow("the name pipeline is not available")
    start_reading()  # one that hangs is waited for without a lock
    masks = analysis.find_masks(finder)
    start_writing()
    done = analysis.write_masks(masks, paris_day(now), now)
    db.session.commit()
    said = _mask_sessions(finder)
    if done or said:
        erasures.truncate_log()  # its old pages still hold the names
    return f"masked names in {done} retours and replies, {said} words of sessions"


def _mask_sessions(finder: NameFinder) -> int:
    """Mask what people wrote in sessions; a live room keeps writing meanwhile."""
    start_reading()
    waiting = unmasked.read()
    db.session.rollback()
    masked = unmasked.find(waiting, finder)
    start_writing()
    done = unmasked.keep(masked)
    db.session.commit()
    return done


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


def suggest_groups(key: str, _now: datetime) -> str:
    """Propose groups for the ideas of the session ``key``; without a model, by their words."""
    start_reading()
    asked = suggestions.read(key)
    db.session.rollback()  # the model may take half a minute to load: no lock is held meanwhile
    if asked is None:
        return "the session is not being grouped"
    encoder = _encoder()
    try:
        found = suggestions.find(asked, encoder)
    except ModelHangs:  # a room waits: its words alone are better than nothing
        encoder = None
        found = suggestions.find(asked, None)
    start_writing()
    how = suggestions.BY_MEANING if encoder else suggestions.BY_WORDS
    made = suggestions.keep(key, asked, found, how)
    db.session.commit()
    return f"proposed {made} groups by {how}"

"""What experts and moderators do to subjects: a name of their own, a merge.

A theme keeps its name, members and placements whatever is done to its subject.
"""

from datetime import date

from sqlalchemy import select

from app import traces
from app.db import db
from app.traces import Actor
from feedback.models import Subject, SubjectEvent, Theme
from feedback.theme_refusals import Reason, Refused, checked_name


def rename(subject: Subject, name: str, actor: Actor, day: date) -> None:
    """Give ``subject`` a person's name, which no run changes; no theme takes it."""
    name = checked_name(name)
    _standing_or_refused(subject)
    if subject.named_by_person and subject.name == name:
        return
    _note(subject, "renamed", f"{subject.name} → {name}", actor, day)
    subject.name, subject.named_by_person = name, True
    db.session.flush()


def merge(subject: Subject, into: Subject, actor: Actor, day: date) -> None:
    """Make ``subject`` a part of ``into``. Where a service has a slice of both, both themes stay:
    that of ``subject`` is then a part of the other's, as if its team had split it off."""
    _standing_or_refused(subject, into)
    if subject.id == into.id:
        raise Refused(Reason.ITSELF)
    for theme in db.session.scalars(select(Theme).where(Theme.subject_id == subject.id)):
        _hand_over(theme, into)
    subject.ended, subject.merged_into = day, into.id
    _note(subject, "merged", f"{subject.name} → {into.name}", actor, day)
    _note(into, "merged", f"{subject.name} → {into.name}", actor, day)


def _hand_over(theme: Theme, into: Subject) -> None:
    query = select(Theme).where(Theme.service_id == theme.service_id, Theme.subject_id == into.id)
    other = db.session.scalar(query)
    if other is None:
        theme.subject_id = into.id
    elif other.ended and other.merged_into is None:
        other.subject_id = None  # the slice that stands takes its place
        db.session.flush()
        theme.subject_id = into.id
    else:
        theme.subject_id = None
        theme.split_from = None if other.merged_into == theme.id else other.id
    db.session.flush()


def _standing_or_refused(*subjects: Subject) -> None:
    if any(each.ended for each in subjects):
        raise Refused(Reason.ENDED)


def _note(subject: Subject, kind: str, detail: str, actor: Actor, day: date) -> None:
    event = SubjectEvent(subject_id=subject.id, day=day, kind=kind, detail=detail, by=actor.role)
    db.session.add(event)
    traces.record("arranged", actor, day, detail=f"subject {kind} {subject.id}")
    db.session.flush()

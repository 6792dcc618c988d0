"""Subjects across services: the themes that belong to each, their slices and counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from app.floors import FLOOR, may_show, shown_cells
from feedback.models import Feedback, Placement, Segment, Subject, SubjectEvent, Theme
from feedback.theme_counts import READABLE


@dataclass(frozen=True)
class Line:
    """A subject in the list; ``retours`` is None under the floor."""

    subject: Subject
    services: int
    retours: int | None


@dataclass(frozen=True)
class Slice:
    """What a subject is in one service: its themes there and how many retours, if told."""

    service: Service
    themes: tuple[Theme, ...]
    retours: int | None


@dataclass(frozen=True)
class Whole:
    """A subject with its slices, the largest first."""

    subject: Subject
    retours: int | None
    slices: tuple[Slice, ...]


def subject_ids() -> dict[str, str]:
    """Return the subject that each theme belongs to today, as people merged and split both.

    A part of a theme is of its subject; a theme merged into another is of the other's.
    """
    themes = {theme.id: theme for theme in db.session.scalars(select(Theme))}
    subjects = dict(db.session.execute(select(Subject.id, Subject.merged_into)).all())
    found = {}
    for theme in themes.values():
        own = _root(theme, themes).subject_id
        if own is not None:
            found[theme.id] = _last(own, subjects)
    return found


def themes_of(subject: Subject) -> list[str]:
    """Return the ids of every theme that belongs to ``subject`` today, ended ones too."""
    return [theme for theme, owner in subject_ids().items() if owner == subject.id]


def _root(theme: Theme, themes: Mapping[str, Theme]) -> Theme:
    """Return the theme of a subject that ``theme`` was merged into or split from."""
    seen = {theme.id}
    while (up := theme.merged_into or (None if theme.subject_id else theme.split_from)) in themes:
        if up is None or up in seen:
            break
        seen.add(up)
        theme = themes[up]
    return theme


def _last(subject_id: str, into: Mapping[str, str | None]) -> str:
    seen = {subject_id}
    while (up := into.get(subject_id)) is not None and up not in seen:
        seen.add(up)
        subject_id = up
    return subject_id


def listed(floor: int = FLOOR) -> list[Line]:
    """Return the subjects that stand, the most widespread first; ``floor`` 1 shows every count."""
    counts = _counts()
    lines = []
    for subject in _standing():
        services = counts.get(subject.id, {})
        total = sum(services.values())
        lines.append(Line(subject, len(services), total if may_show(total, floor) else None))
    return sorted(lines, key=lambda line: (-line.services, -(line.retours or 0), line.subject.name))


def _standing() -> list[Subject]:
    return list(db.session.scalars(select(Subject).where(Subject.ended.is_(None))))


def _counts() -> dict[str, dict[int, int]]:
    """Return how many retours each subject has in each service; one counts once in a subject."""
    of_theme = subject_ids()
    query = (
        select(Placement.theme_id, Theme.service_id, Feedback.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .join(Theme, Theme.id == Placement.theme_id)
        .where(~Placement.contested, Feedback.state.in_(READABLE))
    )
    found: dict[str, dict[int, set[str]]] = {}
    for theme_id, service_id, feedback_id in db.session.execute(query):
        if theme_id in of_theme:
            services = found.setdefault(of_theme[theme_id], {})
            services.setdefault(service_id, set()).add(feedback_id)
    return {each: {k: len(v) for k, v in services.items()} for each, services in found.items()}


def whole(subject: Subject, floor: int = FLOOR) -> Whole:
    """Return ``subject`` with its slices; small counts, and what would tell them, are None."""
    counts = _counts().get(subject.id, {})
    total = sum(counts.values())
    shown = shown_cells(counts, floor)
    of_theme = subject_ids()
    query = select(Theme).where(Theme.ended.is_(None)).order_by(Theme.name, Theme.id)
    themes = [each for each in db.session.scalars(query) if of_theme.get(each.id) == subject.id]
    slices = [
        Slice(
            service, tuple(t for t in themes if t.service_id == service.id), shown.get(service.id)
        )
        for service in _services({theme.service_id for theme in themes} | counts.keys())
    ]
    slices.sort(key=lambda each: (-(each.retours or 0), each.service.name))
    return Whole(subject, total if may_show(total, floor) else None, tuple(slices))


def _services(ids: Iterable[int]) -> list[Service]:
    return list(db.session.scalars(select(Service).where(Service.id.in_(list(ids)))))


def history(subject: Subject) -> list[SubjectEvent]:
    """Return what happened to ``subject``, newest first."""
    query = select(SubjectEvent).where(SubjectEvent.subject_id == subject.id)
    return list(db.session.scalars(query.order_by(SubjectEvent.id.desc())))


def others(subject: Subject) -> list[Subject]:
    """Return the other subjects that stand, by name."""
    found = [each for each in _standing() if each.id != subject.id]
    return sorted(found, key=lambda each: (each.name, each.id))

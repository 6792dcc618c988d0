"""The figures that the public reads: copies of the counts, renewed for many retours at once.

Whoever reads a live count before and after one retour knows what it said, and who reads it around
an erasure what was erased. So the public reads what was last published, and each publication counts
at least a floor of retours that no earlier one counts: any two differ by as many or by nothing.
Only whole days pass for new, as a day is all that a retour keeps: those of the day of a publication
may already be in it. The team reads live counts.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.catalogue import Service, all_services
from app.db import db
from app.floors import FLOOR, RATE_FLOOR
from feedback.indicators import WINDOW, Indicators, concerns_of, indicators
from feedback.models import Feedback, PublishedFigures
from feedback.part_publications import publish_parts
from feedback.published_path import PATH, WHOLE, Step, path_after, path_of
from feedback.ratings import summed
from feedback.tallies import UNRATED, Stratum, strata_of, voices_of_months
from feedback.voices import Voices


class Kind(StrEnum):
    """What is published apart from the rest, as other retours stand behind it."""

    FACES = "faces"  # by channel and age: the score and every comparison
    PARTS = "parts"  # by functionality, on a night when the whole moves
    VOICES = "voices"  # who spoke, in twelve whole months
    ANSWERS = "answers"  # the indicators of the board


@dataclass(frozen=True)
class Faces:
    """The faces of one service as they were on ``day``, and what was told before."""

    day: date
    strata: tuple[Stratum, ...]
    path: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Spoke:
    """Who spoke in the twelve months before ``end``, a first of a month."""

    end: date
    voices: Voices


@dataclass(frozen=True)
class Answers:
    """The indicators as they were on ``day``."""

    day: date
    figures: Indicators


def faces_published(service_ids: Collection[int]) -> dict[int, Faces]:
    """Return the published faces of these services; one without any is left out."""
    query = select(PublishedFigures).where(
        PublishedFigures.service_id.in_(service_ids), PublishedFigures.kind == Kind.FACES
    )
    return {
        row.service_id: Faces(row.day, tuple(_strata(row)), path_of(row))
        for row in db.session.scalars(query)
        if row.counts
    }


def voices_published(service: Service) -> Spoke | None:
    """Return who spoke as published, or None."""
    row = db.session.get(PublishedFigures, (service.id, Kind.VOICES.value))
    if row is None or not row.counts:
        return None
    return Spoke(row.day, Voices(row.counts["n"], row.counts["counts"]))


def answers_published(service: Service) -> Answers | None:
    """Return the indicators as published, or None."""
    row = db.session.get(PublishedFigures, (service.id, Kind.ANSWERS.value))
    return Answers(row.day, Indicators(**row.counts)) if row and row.counts else None


def _strata(row: PublishedFigures) -> list[Stratum]:
    return [
        Stratum(row.service_id, channel, age, {int(face): n for face, n in faces.items()})
        for channel, age, faces in row.counts["strata"]
    ]


def publish_all(day: date, floor: int = FLOOR) -> int:
    """Publish what is due of each service; return how many figures were renewed."""
    kept = {(row.service_id, row.kind): row for row in db.session.scalars(select(PublishedFigures))}
    renewed = 0
    for service in all_services():
        for kind, publish in _PUBLISH.items():
            found = publish(service, kept.get((service.id, kind)), day, max(floor, FLOOR))
            if found is not None:
                db.session.merge(found)
                renewed += 1
    db.session.flush()
    return renewed


def _faces(
    service: Service, kept: PublishedFigures | None, day: date, floor: int
) -> PublishedFigures | None:
    strata = strata_of([service.id])
    n = sum(sum(each.faces.values()) for each in strata)
    counts = {"n": n, "strata": [[s.channel, s.age, s.faces] for s in strata]}
    if kept is not None and kept.counts:
        counts[PATH] = path_after(kept, {WHOLE: summed([each.faces for each in _strata(kept)])})
    if kept is None:
        return _row(service, Kind.FACES, day, counts) if n >= max(floor, RATE_FLOOR) else None
    new = _count(_rated(service) & (Feedback.day > kept.day))
    is_small = n < max(floor, RATE_FLOOR)
    if new >= floor:
        return _row(service, Kind.FACES, day, {} if is_small else counts)
    return _row(service, Kind.FACES, day, {}) if is_small and _lost(kept, n - new, floor) else None


def _voices(
    service: Service, kept: PublishedFigures | None, day: date, floor: int
) -> PublishedFigures | None:
    end = day.replace(day=1)
    found = voices_of_months(service.id, _year_before(end), end)
    counts = {"n": found.n, "counts": found.counts}
    is_small = found.n < max(floor, RATE_FLOOR)
    if kept is None:
        return None if is_small else _row(service, Kind.VOICES, end, counts)
    if voices_of_months(service.id, kept.day, end).n >= floor:
        return _row(service, Kind.VOICES, end, {} if is_small else counts)
    left = voices_of_months(service.id, _year_before(kept.day), kept.day).n
    is_over = bool(kept.counts) and kept.day <= _year_before(end)
    if is_over or (is_small and _lost(kept, left, floor)):
        return _row(service, Kind.VOICES, end, {})
    return None


def _answers(
    service: Service, kept: PublishedFigures | None, day: date, floor: int
) -> PublishedFigures | None:
    year = day - WINDOW
    since = max(kept.day, year) if kept else year
    concerns = concerns_of(service, year, day)
    new = _count(concerns & (Feedback.day > since))
    answered = _count(concerns & (Feedback.first_answer_day > since))
    if max(new, answered) >= floor:
        return _row(service, Kind.ANSWERS, day, asdict(indicators(service, day)))
    is_over = kept is not None and bool(kept.counts) and kept.day <= year
    return _row(service, Kind.ANSWERS, day, {}) if is_over else None


_PUBLISH = {
    Kind.FACES: _faces,
    Kind.PARTS: publish_parts,
    Kind.VOICES: _voices,
    Kind.ANSWERS: _answers,
}


def _lost(kept: PublishedFigures, left: int, floor: int) -> bool:
    """Say whether at least ``floor`` of the published retours are gone: so many may be told."""
    return bool(kept.counts) and kept.counts["n"] - left >= floor


def _rated(service: Service) -> ColumnElement[bool]:
    return (
        (Feedback.service_id == service.id)
        & Feedback.face.is_not(None)
        & Feedback.state.not_in(UNRATED)
    )


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Feedback).where(condition)) or 0


def _row(service: Service, kind: Kind, day: date, counts: dict[str, Any]) -> PublishedFigures:
    return PublishedFigures(service_id=service.id, kind=kind.value, day=day, counts=counts)


def _year_before(end: date) -> date:
    return end.replace(year=end.year - 1)

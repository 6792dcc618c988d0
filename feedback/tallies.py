"""The running counts of faces and of who spoke: read by pages, compared with a recount, repaired.

The triggers of a migration keep them with every write; this module only reads, or starts anew.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, delete, func, insert, literal, select

from app.db import db
from feedback.facets import CHANNEL, TRAITS
from feedback.models import (
    Answer,
    AnswerStatus,
    FaceCount,
    Feedback,
    State,
    VoiceCount,
)
from feedback.questions import G7
from feedback.voices import Voices

UNRATED = (State.WITHDRAWN.value, State.REFUSED.value)  # their faces count in no score
FACE = "face"
Cell = tuple[Any, ...]


@dataclass(frozen=True)
class Stratum:
    """Faces of one service by one channel and in one age band, "" when it is not said."""

    service_id: int
    channel: str
    age: str
    faces: dict[int, int]


def faces_of(service_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return how many retours chose each face, by service; one without any is left out."""
    query = select(FaceCount.service_id, FaceCount.face, func.sum(FaceCount.retours))
    query = query.where(FaceCount.service_id.in_(service_ids))
    found: dict[int, dict[int, int]] = {}
    for service_id, face, n in db.session.execute(
        query.group_by(FaceCount.service_id, FaceCount.face)
    ):
        found.setdefault(service_id, {})[face] = n
    return found


def faces_by_functionality(service_id: int) -> dict[int, dict[int, int]]:
    """Return the faces of one service by the id of the functionality named, 0 for none."""
    query = select(FaceCount.functionality_id, FaceCount.face, func.sum(FaceCount.retours))
    query = query.where(FaceCount.service_id == service_id)
    found: dict[int, dict[int, int]] = {}
    for each, face, n in db.session.execute(
        query.group_by(FaceCount.functionality_id, FaceCount.face)
    ):
        found.setdefault(each, {})[face] = n
    return found


def faces_by_month(
    service_id: int, functionality_id: int | None = None
) -> dict[date, dict[int, int]]:
    """Return the faces of one service, or of one functionality of it, by month, in order."""
    facet = FACE if functionality_id is None else part_facet(functionality_id)
    query = select(VoiceCount.month, VoiceCount.value, VoiceCount.retours)
    query = query.where(VoiceCount.service_id == service_id, VoiceCount.facet == facet)
    found: dict[date, dict[int, int]] = {}
    for month, face, n in db.session.execute(query.order_by(VoiceCount.month)):
        found.setdefault(month, {})[int(face)] = n
    return found


def part_facet(functionality_id: int) -> str:
    """Return the name under which the faces of one functionality are counted by month."""
    return f"{FACE}.{functionality_id}"


def strata_of(service_ids: Collection[int]) -> list[Stratum]:
    """Return the faces of these services by channel and age."""
    keys = FaceCount.service_id, FaceCount.channel, FaceCount.age
    query = select(*keys, FaceCount.face, func.sum(FaceCount.retours))
    query = query.where(FaceCount.service_id.in_(service_ids)).group_by(*keys, FaceCount.face)
    found: dict[tuple[int, str, str], dict[int, int]] = {}
    for service_id, channel, age, face, n in db.session.execute(query):
        found.setdefault((service_id, channel, age), {})[face] = n
    return [Stratum(*key, faces=faces) for key, faces in found.items()]


def voices_of_months(service_id: int, start: date, end: date) -> Voices:
    """Return who spoke about a service in the months of [start, end), both first days."""
    facets = (CHANNEL, *TRAITS)
    query = (
        select(VoiceCount.facet, VoiceCount.value, func.sum(VoiceCount.retours))
        .where(
            VoiceCount.service_id == service_id,
            VoiceCount.month >= start,
            VoiceCount.month < end,
            VoiceCount.facet.in_([facet.code for facet in facets]),
        )
        .group_by(VoiceCount.facet, VoiceCount.value)
    )
    counts: dict[str, dict[str, int]] = {facet.code: {} for facet in facets}
    known = {facet.code: facet.values for facet in facets}
    for facet, value, n in db.session.execute(query):
        if facet == CHANNEL.code or value in known[facet]:
            counts[facet][value] = n
    return Voices(sum(counts[CHANNEL.code].values()), counts)


def drift() -> int:
    """Return how many cells differ from a recount of all retours; 0 is what must be."""
    differing = 0
    for table, recounted in _recounted():
        columns = list(table.__table__.columns)
        kept = {tuple(row)[:-1]: row[-1] for row in db.session.execute(select(*columns))}
        cells = kept.keys() | recounted.keys()
        differing += sum(kept.get(cell) != recounted.get(cell) for cell in cells)
    return differing


def repair() -> int:
    """Count everything anew; return how many cells were wrong. The caller commits."""
    wrong = drift()
    for table, recounted in _recounted() if wrong else ():
        names = [column.name for column in table.__table__.columns]
        db.session.execute(delete(table))
        rows = [dict(zip(names, (*cell, n), strict=True)) for cell, n in recounted.items()]
        if rows:
            db.session.execute(insert(table), rows)
    db.session.flush()
    return wrong


def _recounted() -> Iterator[tuple[Any, Counter[Cell]]]:
    yield FaceCount, _faces()
    yield VoiceCount, _voices()


def _faces() -> Counter[Cell]:
    said = (
        (Answer.feedback_id == Feedback.id)
        & (Answer.question == G7.code)
        & (Answer.status == AnswerStatus.GIVEN.value)
    )
    functionality = func.coalesce(Feedback.functionality_id, 0)
    age = func.coalesce(Answer.value, "")
    keys = Feedback.service_id, functionality, Feedback.channel, age, Feedback.face
    query = select(*keys, func.count()).select_from(Feedback).outerjoin(Answer, said)
    query = query.where(Feedback.face.is_not(None), Feedback.state.not_in(UNRATED))
    return Counter({tuple(row)[:-1]: row[-1] for row in db.session.execute(query.group_by(*keys))})


def _voices() -> Counter[Cell]:
    """Return the cells of each month; days are grouped here, where every engine agrees."""
    kept = Feedback.state != State.WITHDRAWN
    rated = (Feedback.face.is_not(None), Feedback.state.not_in(UNRATED))
    part = literal(FACE + ".").concat(cast(Feedback.functionality_id, Text))
    said = (
        Answer.question.in_([facet.code for facet in TRAITS]),
        Answer.status == AnswerStatus.GIVEN.value,
    )
    answers = _daily(Answer.question, Answer.value).join(Answer, Answer.feedback_id == Feedback.id)
    queries = (
        _daily(literal(CHANNEL.code), Feedback.channel).where(kept),
        _daily(literal(FACE), Feedback.face).where(*rated),
        _daily(part, Feedback.face).where(Feedback.functionality_id.is_not(None), *rated),
        answers.where(kept, *said),
    )
    found: Counter[Cell] = Counter()
    for query in queries:
        for service_id, day, facet, value, n in db.session.execute(query):
            found[service_id, day.replace(day=1), facet, str(value)] += n
    return found


def _daily(facet: Any, value: Any) -> Select[Any]:
    query = select(Feedback.service_id, Feedback.day, facet, value, func.count())
    return query.select_from(Feedback).group_by(Feedback.service_id, Feedback.day, facet, value)

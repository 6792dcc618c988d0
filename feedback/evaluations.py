"""Evaluations as instances exchange them: counts by service, class, question and half-year.

Counts alone leave, above the floors; ``docs/evaluations.md`` describes the file. Half-years are the
only periods and only whole ones leave: no two periods can be subtracted to find a hidden count.
Reading a file is ``feedback/evaluation_reader.py``.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.catalogue import Service, all_services
from app.db import db
from app.floors import FLOOR, shown_cells
from app.system import drawn_once
from feedback.models import Answer, AnswerStatus, Channel, Feedback, State
from feedback.questions import G1, NOW, RELEASED
from feedback.same_nature import kinds_of

SCHEMA = "boucle-evaluations/1"
SHARED = ("G1", "G3", "G4", "M2", "M3", "M4", "M5")  # closed, and no trait of who answered
LEFT_OUT = (State.WITHDRAWN.value, State.REFUSED.value)
Cells = dict[str, int | None]


@dataclass(frozen=True)
class Row:
    """One count, as a file holds it: None is a cell under the floor."""

    service: str
    service_name: str
    kind: str
    question: str
    version: int
    period: str
    n: int
    answers: Cells
    channels: Cells

    @property
    def key(self) -> tuple[str, str, str, int, str]:
        """What tells it from every other row of its instance."""
        return (self.service, self.kind, self.question, self.version, self.period)


@dataclass(frozen=True)
class HalfYear:
    """A calendar half-year, [start, end)."""

    year: int
    half: int

    @property
    def name(self) -> str:
        """Its name in files, 2026-S1."""
        return f"{self.year}-S{self.half}"

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return date(self.year, 7, 1) if self.half == 1 else date(self.year + 1, 1, 1)


def whole_half_years(first: date, day: date) -> Iterator[HalfYear]:
    """Yield the half-years from that of ``first`` to the last one that is over on ``day``."""
    each = HalfYear(first.year, 1 if first.month < 7 else 2)
    while each.end <= day:
        yield each
        each = HalfYear(each.year + each.half - 1, 3 - each.half)


def choices_of(question: str, version: int) -> tuple[str, ...]:
    """Return the codes that may answer a shared question; none for another."""
    known = RELEASED.get((question, version)) if question in SHARED else None
    return tuple(code for code, _words in known.choices) if known else ()


def own_rows(day: date, floor: int = FLOOR) -> list[Row]:
    """Return what this instance may tell of the half-years that are over on ``day``."""
    first = db.session.scalar(select(func.min(Feedback.day)))
    if first is None:
        return []
    services = {service.id: service for service in all_services()}
    kinds = {key: _kinds(service) for key, service in services.items()}
    return [
        row
        for period in whole_half_years(first, day)
        for row in _rows_of(period, services, kinds, floor)
    ]


def _kinds(service: Service) -> dict[int | None, str]:
    """Return the class of each functionality; of a retour that names none where there is one."""
    found: dict[int | None, str] = {each.id: each.kind for each in service.functionalities}
    classes = kinds_of(service)
    return found | ({None: next(iter(classes))} if len(classes) == 1 else {})


def _rows_of(
    period: HalfYear,
    services: dict[int, Service],
    kinds: dict[int, dict[int | None, str]],
    floor: int,
) -> list[Row]:
    answers: defaultdict[tuple[int, str, str, int], Counter[str]] = defaultdict(Counter)
    channels: defaultdict[tuple[int, str, str, int], Counter[str]] = defaultdict(Counter)
    for service_id, part, question, version, value, channel, n in _counted(period):
        kind = kinds.get(service_id, {}).get(part)
        if kind and value in choices_of(question, version):
            cell = (service_id, kind, question, version)
            answers[cell][value] += n
            channels[cell][channel] += n
    return [
        Row(
            services[cell[0]].slug,
            services[cell[0]].name,
            *cell[1:],
            period.name,
            counts.total(),
            shown_cells({c: counts[c] for c in choices_of(*cell[2:])}, floor),
            shown_cells(dict(sorted(channels[cell].items())), floor),
        )
        for cell, counts in sorted(answers.items())
        if counts.total() >= floor
    ]


def _counted(period: HalfYear) -> Iterator[tuple[int, int | None, str, int, str, str, int]]:
    """Yield (service, functionality, question, version, answer, channel, retours)."""
    heard = (
        (Feedback.day >= period.start)
        & (Feedback.day < period.end)
        & Feedback.state.not_in(LEFT_OUT)
        & (Feedback.channel != Channel.PEER)
    )
    where = Feedback.service_id, Feedback.functionality_id
    faces = select(*where, Feedback.face, Feedback.channel, func.count())
    faces = faces.where(heard, Feedback.face.is_not(None))
    for service, part, face, channel, n in db.session.execute(
        faces.group_by(*where, Feedback.face, Feedback.channel)
    ):
        yield service, part, G1.code, NOW[G1.code].version, str(face), channel, n
    what = Answer.question, Answer.version, Answer.value, Feedback.channel
    said = select(*where, *what, func.count()).join(Feedback)
    said = said.where(heard, Answer.question.in_(SHARED), Answer.status == AnswerStatus.GIVEN.value)
    found: Any = db.session.execute(said.group_by(*where, *what))
    for row in found:
        yield tuple(row)


def own_instance() -> str:
    """Return the random name of this instance, drawn the first time; the caller may write."""
    return drawn_once("instance")


def document(day: date, name: str, floor: int = FLOOR) -> dict[str, Any]:
    """Return the file of this instance on ``day``, with its seal."""
    held = {
        "schema": SCHEMA,
        "instance": {"id": own_instance(), "name": name},
        "made": day.isoformat(),
        "floor": floor,
        "rows": [asdict(row) for row in own_rows(day, floor)],
    }
    return {**held, "seal": seal_of(held)}


def seal_of(held: dict[str, Any]) -> str:
    """Return the digest of a file's content without its seal, whatever the order of its keys."""
    body = {key: value for key, value in held.items() if key != "seal"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

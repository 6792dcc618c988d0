"""Retours as the detector sees them: the day, the words, the facets, and how their author feels."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.catalogue import Service, Territory
from app.db import db
from feedback.answer_safety import ANY_HARM, HARM_QUESTION
from feedback.models import NOT_PEER, Answer, AnswerStatus, Face, Feedback, State, WatchFacet

GONE = (State.WITHDRAWN.value, State.REFUSED.value)
OVERSEAS = ("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988")
_DECLARED = {"G6": WatchFacet.ROLE, "G7": WatchFacet.AGE}


@dataclass(frozen=True)
class Entry:
    """One retour as the detector counts it."""

    feedback_id: str
    day: date
    text: str
    batch: str | None
    channel: str = ""
    values: Mapping[WatchFacet, str] = field(default_factory=dict)  # of the facets it has
    leaning: int = 0  # 1 good, −1 bad: a harm first, then a named surprise, else the face


def entries_of(service: Service, since: date = date.min) -> list[Entry]:
    """Return the retours of ``service`` by day, without those withdrawn or refused."""
    regions = dict(db.session.execute(select(Territory.code, Territory.region_code)).all())
    said = _answers(service)
    query = (
        select(
            Feedback.id,
            Feedback.day,
            Feedback.text,
            Feedback.batch,
            Feedback.channel,
            Feedback.functionality_id,
            Feedback.face,
        )
        .where(
            Feedback.service_id == service.id,
            Feedback.state.not_in(GONE),
            NOT_PEER,
            Feedback.day >= since,
        )
        .order_by(Feedback.day, Feedback.id)
    )
    return [
        Entry(
            *(row.id, row.day, row.text or "", row.batch, row.channel),
            _values(row.channel, row.functionality_id, said[row.id], regions),
            _leaning(row.face, said[row.id]),
        )
        for row in db.session.execute(query)
    ]


def _answers(service: Service) -> dict[str, dict[str, str]]:
    query = (
        select(Answer.feedback_id, Answer.question, Answer.value)
        .join(Feedback, Feedback.id == Answer.feedback_id)
        .where(
            Feedback.service_id == service.id,
            Answer.question.in_((*_DECLARED, "G8", "G5.kind", HARM_QUESTION)),
            Answer.status == AnswerStatus.GIVEN.value,
        )
    )
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for feedback_id, question, value in db.session.execute(query):
        said[feedback_id][question] = value
    return said


def _values(
    channel: str,
    functionality_id: int | None,
    said: Mapping[str, str],
    regions: Mapping[str, str | None],
) -> dict[WatchFacet, str]:
    place = said.get("G8", "")
    found = {
        WatchFacet.CHANNEL: channel,
        WatchFacet.FUNCTIONALITY: str(functionality_id or ""),
        WatchFacet.REGION: regions.get(place) or "",
        WatchFacet.OVERSEAS: "yes" if place in OVERSEAS else "",
        **{facet: said.get(question, "") for question, facet in _DECLARED.items()},
    }
    return {facet: value for facet, value in found.items() if value}


def _leaning(face: int | None, said: Mapping[str, str]) -> int:
    if said.get(HARM_QUESTION) in ANY_HARM:
        return -1
    surprise = said.get("G5.kind")
    if surprise in ("good", "bad"):
        return 1 if surprise == "good" else -1
    return {Face.GOOD.value: 1, Face.BAD.value: -1}.get(face, 0) if face is not None else 0

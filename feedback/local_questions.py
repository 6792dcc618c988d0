"""The questions that a service, or an administrator for a territory, adds to the locked core.

Read here; changed in ``feedback/local_question_edits.py``; what may not be asked at all is
``feedback/local_question_rules.py``.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import selectinload

from app.catalogue import Service
from app.db import db
from app.form_keys import VALID_FOR
from app.matrix import Risk
from app.said import as_said
from feedback.local_question_rules import is_allowed, refusal
from feedback.models import Answer, Feedback, LocalQuestion, LocalWording
from feedback.question_shapes import Kind, Question, When
from feedback.questions import scale


def shape(row: LocalQuestion, wording: LocalWording) -> Question:
    """Return ``row`` as a question, in the words of ``wording``."""
    kind = Kind(row.kind)
    steps = scale("1", "5") if kind is Kind.SCALE else ()
    if kind is Kind.SCALE and len(wording.choices) == 2:
        steps = scale(as_said(f"1 – {wording.choices[0]}"), as_said(f"5 – {wording.choices[1]}"))
    chosen = tuple((str(number), as_said(words)) for number, words in enumerate(wording.choices, 1))
    return Question(
        row.code,
        as_said(wording.words),
        steps if kind is Kind.SCALE else chosen,
        kind=kind,
        version=wording.version,
        when=When(Risk(row.from_risk), row.functionality_id),
    )


def of_service(service: Service) -> list[LocalQuestion]:
    """Return every local question that ``service`` asks or asked, its territory's included."""
    query = (
        select(LocalQuestion)
        .where(_applies(service))
        .options(selectinload(LocalQuestion.wordings))
        .order_by(LocalQuestion.position, LocalQuestion.id)
    )
    return list(db.session.scalars(query))


def _applies(service: Service) -> ColumnElement[bool]:
    own = LocalQuestion.service_id == service.id
    return own | LocalQuestion.territory_code.in_(territories_of(service))


def territories_of(service: Service) -> list[str]:
    """Return the codes of the département and the region that ``service`` stands in."""
    if service.territory is None:
        return []
    return [c for c in (service.territory_code, service.territory.region_code) if c]


def is_open(row: LocalQuestion, day: date) -> bool:
    """Say whether ``row`` is asked on ``day``."""
    return row.ended is None or day < row.ended


def open_shapes(service: Service, day: date) -> tuple[Question, ...]:
    """Return the local questions that ``service`` asks on ``day``, in order."""
    rows = (row for row in of_service(service) if is_open(row, day))
    return tuple(shape(r, r.wording) for r in rows if is_allowed(r.wording, service))


def shown_lately(service: Service, shown: Collection[tuple[str, int]], day: date) -> list[Question]:
    """Return the local questions among ``shown`` (code, version) that a page may still carry.

    A page opened before a question ended or changed is answered in the words that it showed.
    """
    since = day - timedelta(days=VALID_FOR.days)
    if not any(code.startswith("L") for code, _version in shown):
        return []
    return [
        shape(row, wording)
        for row in of_service(service)
        for wording in row.wordings
        if (row.code, wording.version) in shown
        and (row.ended is None or since <= row.ended)
        and is_allowed(wording, service)
    ]


def worded(codes: Iterable[str]) -> dict[tuple[str, int], Question]:
    """Return every version of the local questions among ``codes``; one query for all."""
    ids = [int(code[1:]) for code in set(codes) if code[:1] == "L" and code[1:].isdecimal()]
    if not ids:
        return {}
    query = select(LocalQuestion).where(LocalQuestion.id.in_(ids))
    rows = db.session.scalars(query.options(selectinload(LocalQuestion.wordings)))
    return {(row.code, w.version): shape(row, w) for row in rows for w in row.wordings}


def forbidden_answers(service: Service) -> list[Answer]:
    """Return the answers to questions that an anonymous service may not ask."""
    keys = [
        (row.code, wording.version)
        for row in of_service(service)
        for wording in row.wordings
        if refusal(wording.words, wording.choices, anonymous=True)
    ]
    key = tuple_(Answer.question, Answer.version)
    query = select(Answer).join(Feedback).where(Feedback.service_id == service.id, key.in_(keys))
    return list(db.session.scalars(query)) if keys else []

"""What pages say of evaluations here and elsewhere: the same question, each with its provenance."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.floors import RATE_FLOOR
from app.matrix import CLASS_NAMES, FunctionalityClass
from feedback.evaluations import Row, choices_of
from feedback.models import EvaluationCount
from feedback.questions import G1, RELEASED

HERE = ""


@dataclass(frozen=True)
class AnswerShare:
    """How often one answer was given; None where the floor hides it."""

    words: str
    percent: int | None


@dataclass(frozen=True)
class Source:
    """What one instance counted: its name ("" for this one), and from what."""

    name: str
    instance: str
    services: int
    first: str
    last: str
    n: int
    shares: tuple[AnswerShare, ...]
    made: date | None


@dataclass(frozen=True)
class Pool:
    """One question about one class, with every source and the retours of all."""

    kind: str
    question: str
    words: str
    sources: tuple[Source, ...]
    shares: tuple[AnswerShare, ...]  # of all sources together, where each shows the answer

    @property
    def n(self) -> int:
        """Retours of every source together."""
        return sum(source.n for source in self.sources)


Told = Row | EvaluationCount


def pools(own: Iterable[Row]) -> list[Pool]:
    """Return the pools of every class: this instance's ``own`` rows first, then the others'."""
    query = select(EvaluationCount).options(joinedload(EvaluationCount.file))
    return _pooled([*own, *db.session.scalars(query)])


def elsewhere(kinds: Collection[str]) -> list[Pool]:
    """Return what other instances counted of [G1] about ``kinds``: cheap, for one service."""
    query = select(EvaluationCount).options(joinedload(EvaluationCount.file))
    query = query.where(EvaluationCount.kind.in_(kinds), EvaluationCount.question == G1.code)
    return _pooled(list(db.session.scalars(query)))


def _pooled(rows: Iterable[Told]) -> list[Pool]:
    cells: defaultdict[tuple[str, str, int], defaultdict[str, list[Told]]]
    cells = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cells[row.kind, row.question, row.version][getattr(row, "instance", HERE)].append(row)
    return [
        Pool(
            str(CLASS_NAMES[FunctionalityClass(kind)]),
            question,
            str(RELEASED[question, version].words),
            tuple(_source(instance, found) for instance, found in sorted(sources.items())),
            _shares([row for found in sources.values() for row in found]),
        )
        for (kind, question, version), sources in sorted(cells.items())
    ]


def _source(instance: str, rows: Sequence[Told]) -> Source:
    newest = max(
        (row.file for row in rows if isinstance(row, EvaluationCount)),
        key=lambda file: file.made,
        default=None,
    )
    return Source(
        newest.name if newest else HERE,
        instance,
        len({row.service for row in rows}),
        min(row.period for row in rows),
        max(row.period for row in rows),
        sum(row.n for row in rows),
        _shares(rows),
        newest.made if newest else None,
    )


def _shares(rows: Sequence[Told]) -> tuple[AnswerShare, ...]:
    question = RELEASED[rows[0].question, rows[0].version]
    words, codes = dict(question.choices), choices_of(question.code, question.version)
    return tuple(AnswerShare(str(words[code]), _percent(rows, code)) for code in codes)


def _percent(rows: Sequence[Told], code: str) -> int | None:
    """Return the share of an answer where every row shows it; some rows alone would lean."""
    n = sum(row.n for row in rows)
    given = [row.answers[code] for row in rows]
    if n < RATE_FLOOR or None in given:
        return None
    return round(100 * sum(count or 0 for count in given) / n)

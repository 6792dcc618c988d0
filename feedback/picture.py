"""The picture that stands, as plain rows: subjects, themes and what people asked of them.

A refresh plans on these without a lock; their seal tells whether a person changed something since.
"""

from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.db import db
from feedback.models import (
    AnalysisRun,
    BondKind,
    PlacedBy,
    Placement,
    SegmentBond,
    Subject,
    Theme,
    ThemeBond,
)

SHOWN = 2  # refreshes that found a subject, before its themes show

Words = list[list[str | float]]
Pair = tuple[str, str]


@dataclass
class SubjectRow:
    """A row of ``Subject``."""

    id: str
    born: date
    name: str = ""
    named_by_person: bool = False
    words: Words = ()  # type: ignore[assignment]
    centroid: bytes | None = None
    threshold: float = 0.0
    ended: date | None = None
    merged_into: str | None = None
    seen: int = 1
    missed: int = 0


@dataclass
class ThemeRow:
    """A row of ``Theme``."""

    id: str
    service_id: int
    born: date
    subject_id: str | None = None
    name: str = ""
    named_by_person: bool = False
    locked: bool = False
    words: Words = ()  # type: ignore[assignment]
    typical: list[str] = ()  # type: ignore[assignment]
    ended: date | None = None
    merged_into: str | None = None
    split_from: str | None = None
    centroid: bytes | None = None
    threshold: float = 0.0
    map_x: float | None = None
    map_y: float | None = None


@dataclass(frozen=True)
class Picture:
    """Everything that stands but the machine's placements."""

    subjects: dict[str, SubjectRow]
    themes: dict[str, ThemeRow]
    together: list[Pair]  # segment ids
    apart: list[Pair]
    never_one: list[Pair]  # theme ids
    by_person: list[tuple[str, str, bool]]  # segment, theme, contested

    @property
    def seal(self) -> str:
        """A digest of what people decide: the same as long as nobody changed anything."""
        subjects = [
            (s.id, s.named_by_person and s.name, str(s.ended), s.merged_into)
            for s in self.subjects.values()
        ]
        themes = [
            (t.id, t.subject_id, t.named_by_person and t.name, t.locked, str(t.ended))
            + (t.merged_into, t.split_from)
            for t in self.themes.values()
        ]
        bonds = sorted(self.together), sorted(self.apart), sorted(self.never_one)
        told = sorted(subjects, key=str), sorted(themes, key=str), bonds, sorted(self.by_person)
        return sha256(repr(told).encode()).hexdigest()

    @property
    def bonded(self) -> set[str]:
        """The themes of which a person said that they stay apart from another."""
        return {theme for pair in self.never_one for theme in pair}

    def lasting_subject(self, subject_id: str | None) -> str | None:
        """Return the subject that ``subject_id`` is today, or None when it has ended."""
        seen: set[str] = set()
        while subject_id in self.subjects and subject_id not in seen:
            row = self.subjects[subject_id]
            if row.merged_into is None:
                return None if row.ended else row.id
            seen.add(row.id)
            subject_id = row.merged_into
        return None

    def live_subjects(self) -> list[SubjectRow]:
        """Return the subjects that stand, by id, hidden ones too."""
        standing = (s for s in self.subjects.values() if s.ended is None and not s.merged_into)
        return sorted(standing, key=lambda subject: subject.id)

    def is_shown(self, subject: SubjectRow) -> bool:
        """Say whether a subject was found often enough, or has themes already."""
        return subject.seen >= SHOWN or any(
            theme.subject_id == subject.id for theme in self.themes.values()
        )


def read_picture() -> Picture:
    """Read the picture as it stands."""
    bonds = db.session.execute(select(SegmentBond.one_id, SegmentBond.other_id, SegmentBond.kind))
    pairs = [((one, other), kind) for one, other, kind in bonds]
    themes = select(ThemeBond.one_id, ThemeBond.other_id)
    placed = select(Placement.segment_id, Placement.theme_id, Placement.contested)
    return Picture(
        _read(Subject, SubjectRow),
        _read(Theme, ThemeRow),
        [pair for pair, kind in pairs if kind == BondKind.TOGETHER],
        [pair for pair, kind in pairs if kind == BondKind.APART],
        [(one, other) for one, other in db.session.execute(themes)],
        [(*row,) for row in db.session.execute(placed.where(Placement.by == PlacedBy.PERSON))],
    )


def _read(table: type[Any], row: type[Any]) -> dict[str, Any]:
    names = [field.name for field in fields(row)]
    columns = [getattr(table, name) for name in names]
    query = select(*columns).order_by(table.id)
    found = [row(**dict(zip(names, each, strict=True))) for each in db.session.execute(query)]
    return {each.id: each for each in found}


def last_run() -> AnalysisRun | None:
    """Return the newest refresh."""
    return db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1))


def centre_of(row: SubjectRow | ThemeRow, dimension: int) -> NDArray[np.float32] | None:
    """Return the centroid of a row; None when it has none, or one of another space."""
    if row.centroid is None or len(row.centroid) != 4 * dimension:
        return None
    return np.frombuffer(row.centroid, np.float32)

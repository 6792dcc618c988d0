"""Why a theme is a theme: its words, how alike its members are, what people moved, the last run."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.db import db
from feedback.models import AnalysisRun, PlacedBy, Placement, Segment, Theme
from feedback.theme_coverage import Coverage, coverage_of
from feedback.theme_human_edits import HumanEdit, edits_of_theme

CLEAR_MARGIN = 0.1  # of mean similarity over the threshold: members that plainly belong together


@dataclass(frozen=True)
class Similarity:
    """The machine's memberships of a theme: how many, their mean similarity and the least one."""

    segments: int
    mean: float | None
    lowest: float | None


@dataclass(frozen=True)
class ThemeFacts:
    """What "Pourquoi ce thème ?" says of a theme."""

    theme: Theme
    retours: int
    words: tuple[tuple[str, float], ...]
    similarity: Similarity
    threshold: float
    moved_in: int
    taken_out: int
    edits: tuple[HumanEdit, ...]
    model: str
    run: AnalysisRun | None
    first_day: date
    coverage: Coverage

    @property
    def is_close(self) -> bool:
        """Whether its members are plainly nearer than they have to be."""
        mean = self.similarity.mean
        return mean is not None and mean - self.threshold >= CLEAR_MARGIN


def facts_of(theme: Theme) -> ThemeFacts:
    """Return why ``theme`` is one."""
    run = select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1)
    return ThemeFacts(
        theme=theme,
        retours=_retours(theme),
        words=tuple((str(word), float(weight)) for word, weight in theme.words),
        similarity=_similarity(theme),
        threshold=_threshold(theme),
        moved_in=_by_people(theme, contested=False),
        taken_out=_by_people(theme, contested=True),
        edits=edits_of_theme(theme),
        model=_model(theme),
        run=db.session.scalar(run),
        first_day=theme.born,
        coverage=coverage_of(theme),
    )


def _retours(theme: Theme) -> int:
    query = (
        select(func.count(func.distinct(Segment.feedback_id)))
        .join(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
    )
    return db.session.scalar(query) or 0


def _similarity(theme: Theme) -> Similarity:
    query = select(func.count(), func.avg(Placement.score), func.min(Placement.score)).where(
        Placement.theme_id == theme.id,
        ~Placement.contested,
        Placement.by == PlacedBy.MACHINE.value,
    )
    return Similarity(*db.session.execute(query).one())


def _threshold(theme: Theme) -> float:
    """Return the similarity that a new segment needs: that of the machine's latest placements."""
    query = (
        select(Placement.threshold)
        .where(Placement.theme_id == theme.id, Placement.by == PlacedBy.MACHINE.value)
        .order_by(Placement.placed.desc(), Placement.segment_id)
        .limit(1)
    )
    found = db.session.scalar(query)
    if found is not None:
        return found
    return theme.subject.threshold if theme.subject else theme.threshold


def _by_people(theme: Theme, contested: bool) -> int:
    """Return how many segments stand in ``theme``, or out of it, at a person's word."""
    query = select(func.count()).where(
        Placement.theme_id == theme.id,
        Placement.by == PlacedBy.PERSON.value,
        Placement.contested.is_(contested),
    )
    return db.session.scalar(query.select_from(Placement)) or 0


def _model(theme: Theme) -> str:
    query = (
        select(Placement.model)
        .where(Placement.theme_id == theme.id)
        .group_by(Placement.model)
        .order_by(func.count().desc(), Placement.model)
        .limit(1)
    )
    return db.session.scalar(query) or ""

"""What the page of known effects shows of each effect, by what its reader may see."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.db import db
from feedback.known_effects import effects_of
from feedback.models import KnownEffect, KnownEffectExample, Segment, SignalEvidence
from nlp.known_effects import FEWEST_EXAMPLES


class Shown(Enum):
    """Whose sentences the reader may see."""

    ALL = auto()
    IN_SIGNALS = auto()  # an expert reads feedback in signals
    NONE = auto()  # an administrator reads no message


@dataclass(frozen=True)
class Example:
    """One example: the team's words, or a citizen's when the reader may see them."""

    id: str
    text: str
    feedback_id: str  # empty for the team's own words, and where nothing is shown


@dataclass(frozen=True)
class Line:
    """One effect with the examples that are shown and the number of those that are not."""

    effect: KnownEffect
    examples: tuple[Example, ...]
    hidden: int
    lacking: int  # examples before a signal can be compared with it


def effect_lines(service: Service, shown: Shown) -> list[Line]:
    """Return the effects of ``service`` with what may be shown of each."""
    effects = effects_of(service)
    segments = _segments([each for effect in effects for each in effect.examples])
    in_signals = _in_signals([each.feedback_id for each in segments.values()])
    return [_line(effect, segments, shown, in_signals) for effect in effects]


def _segments(examples: Collection[KnownEffectExample]) -> dict[str, Segment]:
    ids = [each.segment_id for each in examples if each.segment_id]
    query = select(Segment).where(Segment.id.in_(ids)).options(joinedload(Segment.feedback))
    return {segment.id: segment for segment in db.session.scalars(query)}


def _in_signals(feedback_ids: Collection[str]) -> set[str]:
    query = select(SignalEvidence.feedback_id).where(SignalEvidence.feedback_id.in_(feedback_ids))
    return set(db.session.scalars(query))


def _line(
    effect: KnownEffect, segments: dict[str, Segment], shown: Shown, in_signals: set[str]
) -> Line:
    examples, hidden = [], 0
    for each in sorted(effect.examples, key=lambda each: (each.text, each.id)):
        segment = segments.get(each.segment_id or "")
        if segment is None:
            examples.append(Example(each.id, each.text, ""))
        elif _may_show(segment, shown, in_signals):
            examples.append(Example(each.id, segment.text, segment.feedback_id))
        else:
            hidden += 1
    lacking = max(0, FEWEST_EXAMPLES - len(effect.examples))
    return Line(effect, tuple(examples), hidden, lacking)


def _may_show(segment: Segment, shown: Shown, in_signals: set[str]) -> bool:
    if not segment.feedback.is_readable_by_team or shown is Shown.NONE:
        return False
    return shown is Shown.ALL or segment.feedback_id in in_signals

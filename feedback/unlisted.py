"""Is a candidate's theme among the effects that its service announces, or unlisted?

Compares stored vectors of one model; without enough examples or themes it says that it cannot tell.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from feedback.corpus import unpack
from feedback.models import Feedback, KnownEffect, KnownEffectExample, Placement, Segment, Theme
from nlp.encode import Encoder
from nlp.known_effects import FEWEST_EXAMPLES, LEVEL, SEGMENTS, calibrate, conformal_p, nearness
from nlp.space import check_finite

MOST_SEGMENTS = 4000  # that the calibration draws on
SEED = 19
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Match:
    """Whether a theme is unlisted (None: it cannot be told), and else the effect it resembles."""

    unlisted: bool | None
    effect_id: int | None = None


def match(theme: Theme) -> Match:
    """Compare ``theme`` with each known effect of its service."""
    rows = _segments(theme.service, _model_of(theme))
    if rows is None:
        return Match(None)
    labels, vectors = rows
    centre = vectors.mean(axis=0)
    effects = _examples(theme.service, _model_of(theme))
    rng = np.random.default_rng(SEED)  # the same theme gets the same answer each night
    own = vectors[np.flatnonzero(labels == theme.id)]
    sample = rng.permutation(own)[:SEGMENTS] - centre
    found: dict[int, float] = {}
    for effect_id, examples in effects.items():
        codes = np.unique(labels, return_inverse=True)[1]
        calibration = calibrate(vectors - centre, codes, len(examples), rng)
        p = conformal_p(nearness(sample, examples - centre), calibration)
        if p is not None:
            found[effect_id] = p
    if not found:
        return Match(None)
    likest = max(found, key=lambda each: found[each])
    return Match(False, likest) if found[likest] >= LEVEL else Match(True)


def _model_of(theme: Theme) -> str:
    query = (
        select(Segment.model)
        .join(Placement, Placement.segment_id == Segment.id)
        .where(Placement.theme_id == theme.id)
    )
    models = Counter(db.session.scalars(query))
    return models.most_common(1)[0][0] if models else ""


def _segments(service: Service, model: str) -> tuple[NDArray[np.str_], Vectors] | None:
    query = (
        select(Placement.theme_id, Segment.vector)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Feedback.service_id == service.id, Segment.model == model, ~Placement.contested)
        .order_by(Segment.id)
        .limit(MOST_SEGMENTS)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    themes, vectors = zip(*rows, strict=True)
    return np.array(themes), unpack(vectors)


def _examples(service: Service, model: str) -> dict[int, Vectors]:
    """Return the vectors of each known effect that has examples enough of ``model``."""
    query = (
        select(KnownEffectExample.effect_id, KnownEffectExample.vector, Segment.vector)
        .join(KnownEffect, KnownEffect.id == KnownEffectExample.effect_id)
        .outerjoin(Segment, Segment.id == KnownEffectExample.segment_id)
        .where(
            KnownEffect.service_id == service.id,
            KnownEffect.ended.is_(None),
            (KnownEffectExample.model == model) | (Segment.model == model),
        )
        .order_by(KnownEffectExample.id)
    )
    found: dict[int, list[bytes]] = {}
    for effect_id, own, of_segment in db.session.execute(query):
        found.setdefault(effect_id, []).append(of_segment or own or b"")
    return {
        effect_id: unpack(vectors)
        for effect_id, vectors in found.items()
        if len(vectors) >= FEWEST_EXAMPLES
    }


def has_sentences() -> bool:
    """Say whether any team wrote a sentence that a model must read."""
    query = select(KnownEffectExample.id).where(KnownEffectExample.text != "").limit(1)
    return db.session.scalar(query) is not None


def encode_examples(encoder: Encoder, model: str) -> int:
    """Encode the teams' example sentences that ``model`` has not read; return how many."""
    waiting = waiting_examples(model)
    return keep(waiting, encode(waiting, encoder), model)


def waiting_examples(model: str) -> dict[str, str]:
    """Return the sentences that ``model`` has not read, by the id of their example."""
    query = select(KnownEffectExample.id, KnownEffectExample.text).where(
        KnownEffectExample.text != "", KnownEffectExample.model != model
    )
    return dict(db.session.execute(query.order_by(KnownEffectExample.id)).all())


def encode(waiting: Mapping[str, str], encoder: Encoder) -> Vectors:
    """Return the vectors of the sentences, in their order. Raises ValueError for NaN."""
    vectors = encoder.encode(list(waiting.values()))
    check_finite(vectors)
    return vectors


def keep(waiting: Mapping[str, str], vectors: Vectors, model: str) -> int:
    """Store the vectors beside the sentences that still say the same; return how many."""
    kept = 0
    for (example_id, text), vector in zip(waiting.items(), vectors, strict=True):
        example = db.session.get(KnownEffectExample, example_id)
        if example is not None and example.text == text:
            example.vector, example.model = vector.astype(np.float16).tobytes(), model
            kept += 1
    db.session.flush()
    return kept

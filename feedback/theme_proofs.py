"""Computes a membership's numbers anew from what is stored, and says whether they are the same.

For the command line: it reads the whole fitted space, and tells words only with the encoder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.db import db
from feedback.models import AnalysisRun, Placement, Segment, Subject, Theme
from feedback.placing import space_path
from nlp.encode import Encoder
from nlp.explain import telling_words
from nlp.space import Space, load_space

SAME = 5.2e-5  # half of the fourth decimal, to which numbers are stored, and a float32's noise


@dataclass(frozen=True)
class Proof:
    """Numbers computed anew, beside the stored ones; None with the ``reason`` it cannot be done."""

    score: float | None
    threshold: float | None
    same: bool
    reason: str = ""


def prove(placements: Sequence[Placement], folder: Path) -> list[Proof]:
    """Compute similarity and threshold of each placement anew, from its stored vector."""
    space = standing_space(folder)
    if isinstance(space, str):
        return [Proof(None, None, False, space) for _ in placements]
    return [_prove(each, space) for each in placements]


def _prove(placement: Placement, space: Space) -> Proof:
    if not placement.segment.model.endswith(f" {space.model_hash}"):
        return Proof(None, None, False, "the segment's vector is of another model than the space")
    stored = centre_of(placement.theme)
    if stored is None:
        return Proof(None, None, False, "the theme has no stored centre")
    score = float(point_of(placement.segment, space) @ stored[0])
    is_same = _is_same(score, placement.score) and _is_same(stored[1], placement.threshold)
    return Proof(round(score, 4), round(stored[1], 4), is_same)


def _is_same(found: float, kept: float) -> bool:
    """Tell whether ``kept`` is ``found`` to four decimals, whatever the last bit of a float32."""
    return abs(found - kept) <= SAME


def standing_space(folder: Path) -> Space | str:
    """Return the space of the last run, or why there is none to compute in."""
    run = db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1))
    if run is None:
        return "no run has made a structure yet"
    if not space_path(folder).exists():
        return "the fitted space is not in the instance folder"
    space = load_space(space_path(folder))
    return space if space.hash == run.space else "the fitted space is not that of the last run"


def centre_of(theme: Theme) -> tuple[NDArray[np.float32], float] | None:
    """Return the centre and the threshold that the machine places by: the subject's, or its own."""
    source: Subject | Theme = theme.subject or theme
    if source.centroid is None:
        return None
    return np.frombuffer(source.centroid, np.float32), source.threshold


def point_of(segment: Segment, space: Space) -> NDArray[np.float32]:
    """Return the place of a stored segment in ``space`` (dimension,), a unit row."""
    vector = np.frombuffer(segment.vector, np.float16).astype(np.float32)
    return space.transform(vector[None, :], [segment.text])[0]


def missed_words(placement: Placement, folder: Path, encoder: Encoder) -> list[tuple[str, float]]:
    """Return the words without which the segment is less at home, with the similarity they bring.

    Nothing when the space or the encoder is not the one that it was placed with.
    """
    space, stored = standing_space(folder), centre_of(placement.theme)
    if isinstance(space, str) or stored is None or space.model_hash != encoder.model_hash:
        return []
    return telling_words(
        placement.segment.text,
        stored[0],
        lambda texts: space.transform(encoder.encode(texts), texts),
    )

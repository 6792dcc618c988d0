"""Computes a membership's numbers anew from what is stored, and says whether they are the same.

For the command line: it reads the whole fitted space, and tells words only with the encoder.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feedback.evidence import evidence_points, words_of
from feedback.families import Families, numbers
from feedback.models import Placement
from feedback.picture import last_run
from feedback.placing import Standing, space_path, standing
from nlp.encode import Encoder
from nlp.explain import telling_words

# Half of the fourth decimal, to which numbers are stored, and the noise of a float32.
SAME = 5.2e-5


@dataclass(frozen=True)
class Proof:
    """Numbers computed anew; None with the ``reason`` for which they cannot be."""

    score: float | None
    threshold: float | None
    runner_up: str | None  # a theme id
    runner_up_score: float | None
    same: bool
    reason: str = ""


def prove(placements: Sequence[Placement], folder: Path) -> list[Proof]:
    """Compute the numbers of each placement anew, from its stored vector and centre."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row, each in enumerate(placements):
        groups[each.segment.model, each.theme.service_id].append(row)
    proofs: dict[int, Proof] = {}
    for (model, service), rows in groups.items():
        found = standing(folder, hash_of(model))
        some = [placements[row] for row in rows]
        made = _cannot(some, folder) if found is None else _prove(some, found, service)
        proofs |= dict(zip(rows, made, strict=True))
    return [proofs[row] for row in range(len(placements))]


def hash_of(model: str) -> str:
    """Return the hash of a stored « name hash »."""
    return model.rpartition(" ")[2]


def _cannot(placements: Sequence[Placement], folder: Path) -> list[Proof]:
    reason = "the fitted space is not that of the last run, or of another model"
    if last_run() is None:
        reason = "no run has made a structure yet"
    elif not space_path(folder).exists():
        reason = "the fitted space is not in the instance folder"
    return [_unproven(reason) for _ in placements]


def _unproven(reason: str) -> Proof:
    return Proof(None, None, None, None, False, reason)


def _prove(placements: Sequence[Placement], found: Standing, service: int) -> list[Proof]:
    here = found.of_service(service)
    points = evidence_points(placements, found.space)
    made = numbers(points, [each.theme_id for each in placements], here, found.themes)
    proofs = []
    for row, each in enumerate(placements):
        if _centre(points[row], each.theme_id, here, found) is None:
            proofs.append(_unproven("the theme has no stored centre"))
            continue
        score, limit = float(made.score[row]), float(made.threshold[row])
        second = float(made.runner_up_score[row]) if made.runner_up[row] else None
        is_same = _is_same(score, each.score) and _is_same(limit, each.threshold)
        is_same = is_same and _is_same(second, each.runner_up_score)
        proofs.append(Proof(score, limit, made.runner_up[row], second, is_same))
    return proofs


def _is_same(found: float | None, kept: float | None) -> bool:
    if found is None or kept is None:
        return found is kept
    return abs(found - kept) <= SAME


def _centre(
    point: NDArray[np.float32], theme: str, here: Families, found: Standing
) -> NDArray[np.float32] | None:
    """Return the centre that the theme's score is taken from: the nearest that leads to it."""
    rows = [row for row, leads in enumerate(here.leads) if theme in leads]
    if rows:
        return max((here.prototypes.centres[row] for row in rows), key=lambda each: each @ point)
    return found.themes[theme][0] if theme in found.themes else None


def missed_words(placement: Placement, folder: Path, encoder: Encoder) -> list[tuple[str, float]]:
    """Return the words without which the segment is less at home, with the similarity they bring.

    Nothing when the space or the encoder is not the one that it was placed with.
    """
    segment = placement.segment
    found = standing(folder, encoder.model_hash)
    if found is None or hash_of(segment.model) != encoder.model_hash:
        return []
    here = found.of_service(placement.theme.service_id)
    point = evidence_points([placement], found.space)[0]
    centre = _centre(point, placement.theme_id, here, found)
    if centre is None:
        return []
    return telling_words(
        words_of(placement),
        centre,
        lambda texts: found.space.transform(encoder.encode(texts), texts),
    )

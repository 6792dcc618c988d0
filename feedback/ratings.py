"""Scores from the three faces: the mean on 10, its interval, the share of *Très bien*.

Read from the running counts, so that a page takes as long with ten retours as with many. Where a
service stands among the others: ``feedback/standing.py``.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from feedback.models import Face
from feedback.tallies import faces_of

NORMAL_95 = 1.96


@dataclass(frozen=True)
class Score:
    """The faces of some retours: the mean on 10 with its 95 % interval, and how many are good."""

    n: int
    mean: float
    low: float
    high: float
    good: int

    @property
    def share_good(self) -> int:
        """The share of *Très bien*, in whole percent."""
        return round(100 * self.good / self.n)


def score_of(counts: Mapping[int, int]) -> Score | None:
    """Return the score of ``counts`` (face → retours), or None without any.

    The variance is smoothed by half a retour on each face, so that equal faces do not claim a mean
    without error; the interval is the normal one, cut to [0, 10].
    """
    n = sum(counts.get(face, 0) for face in Face)
    if n == 0:
        return None
    mean = sum(face * counts.get(face, 0) for face in Face) / n
    smoothed = {face: counts.get(face, 0) + 0.5 for face in Face}
    total = sum(smoothed.values())
    centre = sum(face * weight for face, weight in smoothed.items()) / total
    variance = sum(weight * (face - centre) ** 2 for face, weight in smoothed.items()) / total
    half = NORMAL_95 * math.sqrt(variance / n)
    return Score(n, mean, max(0.0, mean - half), min(10.0, mean + half), counts.get(Face.GOOD, 0))


def face_counts(service_ids: Collection[int]) -> dict[int, int]:
    """Return how many retours about these services chose each face."""
    return summed(faces_of(service_ids).values())


def summed(every: Collection[Mapping[int, int]]) -> dict[int, int]:
    """Return the faces of several counts in one."""
    found: Counter[int] = Counter()
    for faces in every:
        found.update(faces)
    return dict(found)

"""Is a theme one of the effects that a service announces, or is it unlisted?

Split-conformal p-values (Vovk, Gammerman & Shafer 2005): how often would a theme look as far from
examples of *itself* as this one is from the examples of a known effect? The calibration draws on
the service's own themes, so that a handful of examples is enough.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_EXAMPLES = 3  # of an effect, below which nothing is compared
FEWEST_DRAWS = 19  # below, no p-value could fall under 0.05
SEGMENTS = 5  # of a theme, compared at once
LEVEL = 0.05

Floats = NDArray[np.float64]


def nearness(segments: ArrayLike, examples: ArrayLike) -> float:
    """Return the median over ``segments`` of the cosine with their nearest example, in [−1, 1].

    Shapes (n, d) and (m, d), rows of any length. Raises ValueError when either is empty, when the
    widths differ or a value is not finite.
    """
    rows, others = _units("segments", segments), _units("examples", examples)
    if rows.shape[1] != others.shape[1]:
        raise ValueError(f"segments and examples differ in width: {rows.shape}, {others.shape}")
    return float(np.median((rows @ others.T).max(axis=1)))


def calibrate(
    vectors: ArrayLike, labels: ArrayLike, examples: int, rng: np.random.Generator, draws: int = 199
) -> Floats:
    """Return how near themes are to ``examples`` of their own segments, shape (draws,).

    ``vectors`` (n, d) with their theme in ``labels`` (n,); −1 is no theme. Each draw takes a theme
    by chance, some of its segments as examples and up to five others as the theme. Empty where no
    theme has one segment more than ``examples``.
    """
    rows, themes = _units("vectors", vectors), np.asarray(labels)
    if len(rows) != len(themes):
        raise ValueError(f"vectors and labels differ in length: {len(rows)} and {len(themes)}")
    if examples < 1:
        raise ValueError(f"examples must be ≥ 1, got {examples}")
    names, sizes = np.unique(themes[themes >= 0], return_counts=True)
    large = names[sizes > examples]
    if not len(large):
        return np.zeros(0)
    members = {int(name): np.flatnonzero(themes == name) for name in large}
    found = np.empty(draws)
    for draw in range(draws):
        mixed = rng.permutation(members[int(rng.choice(large))])
        found[draw] = nearness(rows[mixed[examples : examples + SEGMENTS]], rows[mixed[:examples]])
    return found


def conformal_p(near: float, calibration: ArrayLike) -> float | None:
    """Return the p-value of « this theme is that effect », or None with too few draws.

    (1 + draws that are no nearer) / (1 + draws): small when a theme is farther from the effect's
    examples than themes are from their own.
    """
    draws = np.asarray(calibration, dtype=np.float64)
    if len(draws) < FEWEST_DRAWS:
        return None
    return float((1 + (draws <= near).sum()) / (1 + len(draws)))


def _units(name: str, values: ArrayLike) -> Floats:
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or not len(rows):
        raise ValueError(f"{name} must have shape (n, d) with n ≥ 1, got {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError(f"{name} hold a value that is not finite")
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))

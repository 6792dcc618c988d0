"""Places themes on a flat map, near ones close together, and turns each new map so that it lies on
the last one as well as it can: the picture changes as little as the themes do.

Classical scaling: Torgerson, Psychometrika 17 (1952). Turning: Schönemann, Psychometrika 31 (1966).
"""

import numpy as np
from numpy.typing import NDArray

from nlp.space import check_finite

Places = NDArray[np.float64]
EDGE = 0.95  # the farthest theme's distance from the middle: a mark there is still on the map
FEWEST_TO_TURN = 2  # themes that both maps know; one alone says nothing of a turn


def place_on_map(centres: NDArray[np.float32], previous: Places | None = None) -> Places:
    """Return (m, 2) places in [-1, 1] for ``centres`` (m, d) unit rows, by classical scaling.

    Distances are 1 - cosine. ``previous`` (m, 2) holds the last places, NaN for a theme that had
    none; the map is turned, mirrored, shrunk or stretched, and moved onto them. One theme lies in
    the middle. Raises ValueError for NaN among the centres or another number of previous places.
    """
    check_finite(centres)
    if previous is not None and previous.shape != (len(centres), 2):
        raise ValueError(f"previous must have shape {(len(centres), 2)}, got {previous.shape}")
    places = _shrink(_scale(centres.astype(np.float64)))
    if previous is None:
        return places
    known: NDArray[np.bool_] = np.asarray(np.isfinite(previous).all(axis=1))
    if known.sum() < FEWEST_TO_TURN:
        return places
    return _shrink(_turn(places, previous, known), only_outside=True)


def _scale(centres: Places) -> Places:
    """Return the two main coordinates of the distances between centres, around 0."""
    size = len(centres)
    places = np.zeros((size, 2))
    if size < 2:
        return places
    squares = (1.0 - np.clip(centres @ centres.T, -1.0, 1.0)) ** 2
    middle = np.eye(size) - 1.0 / size
    values, axes = np.linalg.eigh(-0.5 * middle @ squares @ middle)
    for column, place in enumerate(np.argsort(-values)[:2]):
        axis = axes[:, place] * np.sqrt(max(0.0, float(values[place])))
        # The sign of an axis means nothing: the same themes must give the same map.
        places[:, column] = axis if axis[np.abs(axis).round(9).argmax()] >= 0 else -axis
    return places


def _shrink(places: Places, only_outside: bool = False) -> Places:
    """Bring the farthest place to the edge; ``only_outside``: unless all are within it already."""
    farthest = float(np.linalg.norm(places, axis=1).max(initial=0.0))
    if farthest < 1e-9 or (only_outside and farthest <= EDGE):
        return places
    return places * (EDGE / farthest)


def _turn(places: Places, previous: Places, known: NDArray[np.bool_]) -> Places:
    """Return ``places`` by the similarity that lays the known ones on their previous places."""
    here, there = places[known], previous[known]
    from_middle, to_middle = here.mean(axis=0), there.mean(axis=0)
    left, sizes, right = np.linalg.svd((here - from_middle).T @ (there - to_middle))
    spread = float(((here - from_middle) ** 2).sum())
    if spread < 1e-12 or sizes.sum() < 1e-12:  # all in one point: there is nothing to turn
        return places
    factor = float(sizes.sum()) / spread
    turned: Places = (places - from_middle) @ (left @ right) * factor + to_middle
    return turned

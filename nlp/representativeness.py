"""Sets who spoke beside the public that they are part of: gaps, one summary figure, weights.

Wilson 1927 for the intervals; the summary follows the R-indicator (Schouten, Cobben & Bethlehem,
Survey Methodology 35, 2009); raking: Deming & Stephan 1940; effective size: Kish 1965.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.comparison import Interval, wilson

FEWEST_ANSWERS = 5  # in each cell of a margin; fewer cannot stand for a group
LIGHTEST, HEAVIEST = 0.2, 5.0  # weights, whose mean is about 1
ROUNDS = 200
CLOSE = 1e-6  # largest gap of a share at which raking stops

Counts = Mapping[str, float]


class TooFewAnswers(ValueError):
    """A cell of a margin has too few answers to be weighted; ``cells`` names them."""

    def __init__(self, cells: Sequence[tuple[str, str]]) -> None:
        named = ", ".join(f"{facet}={value}" for facet, value in cells)
        super().__init__(f"fewer than {FEWEST_ANSWERS} answers in {named}")
        self.cells = tuple(cells)


@dataclass(frozen=True)
class Gap:
    """One value of a facet: its share of who spoke, with its interval, and of the public."""

    value: str
    answers: int
    share: Interval  # of the answers, in [0, 1]
    reference: float  # share of the public, in [0, 1]

    @property
    def is_apart(self) -> bool:
        """Whether the public's share lies outside the interval of who spoke."""
        return not self.share.low <= self.reference <= self.share.high


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights (n,) within the limits, Kish's effective n, and the largest gap that is left."""

    weights: NDArray[np.float64]
    effective: float
    largest_gap: float


def gap_table(answers: Mapping[str, int], reference: Counts, level: float = 0.95) -> list[Gap]:
    """Return one row for each value of ``reference``, in its order.

    Answers with a value that the reference does not know are left out of the shares. Without any
    answer there is no share, and no row. Raises ValueError for a reference that is negative, not
    finite, or sums to 0.
    """
    whole = _total(reference)
    n = sum(answers.get(value, 0) for value in reference)
    if n == 0:
        return []
    return [
        Gap(value, answers.get(value, 0), wilson(answers.get(value, 0), n, level), count / whole)
        for value, count in reference.items()
    ]


def representativity(answers: Mapping[str, int], reference: Counts) -> float | None:
    """Return 1 − 2·sd of the response propensity over the public, in [0, 1]; 1 is "as the public".

    The rates of response of the groups are known up to a factor only, the public being far larger
    than who spoke; they are scaled so that the group that speaks most has rate 1. None without any
    answer. Raises ValueError as `gap_table` does.
    """
    whole = _total(reference)
    public = np.array([count / whole for count in reference.values() if count > 0])
    spoke = np.array([answers.get(value, 0) for value, count in reference.items() if count > 0])
    if spoke.sum() == 0:
        return None
    rate = spoke / public
    rate = rate / rate.max()
    mean = float(public @ rate)
    return float(1 - 2 * np.sqrt(public @ (rate - mean) ** 2))


def rake(facets: Mapping[str, Sequence[str]], margins: Mapping[str, Counts]) -> Raked:
    """Weight answers so that each facet's shares become those of its margin.

    Args:
        facets: facet → one value for each answer, all of one length n.
        margins: facet → value → size in the public, in any unit.

    Weights are cut to [0.2, 5] in each round; where the limits bind, a gap stays and is told.
    Raises `TooFewAnswers` when a cell of a margin has fewer than 5 answers, ValueError for a facet
    without margin, columns of different lengths, or an answer that its margin does not know.
    """
    cells = {name: _cells(name, facets[name], margins) for name in facets}
    _check_lengths(facets)
    _check_answers(cells)
    n = len(next(iter(facets.values())))
    weights = np.ones(n)
    for _ in range(ROUNDS):
        for rows, share in (cell for column in cells.values() for cell in column.values()):
            weights[rows] *= share * weights.sum() / weights[rows].sum()
        weights = np.clip(weights / weights.mean(), LIGHTEST, HEAVIEST)
        if _largest_gap(weights, cells) <= CLOSE:
            break
    return Raked(weights, effective_size(weights), _largest_gap(weights, cells))


def effective_size(weights: NDArray[np.float64]) -> float:
    """Return Kish's (Σw)² / Σw² in (0, n]. Raises ValueError without a positive weight."""
    if not len(weights) or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("weights must be finite and not negative")
    if weights.sum() == 0:
        raise ValueError("weights must not all be 0")
    return float(weights.sum() ** 2 / (weights**2).sum())


Cells = dict[str, tuple[NDArray[np.int64], float]]


def _cells(name: str, column: Sequence[str], margins: Mapping[str, Counts]) -> Cells:
    """Return, for each value of the margin, its rows and its share; empty groups need no row."""
    if name not in margins:
        raise ValueError(f"no margin for {name}")
    margin = margins[name]
    strangers = set(column) - {value for value, count in margin.items() if count > 0}
    if strangers:
        raise ValueError(f"the margin of {name} does not know {sorted(strangers)}")
    whole, values = _total(margin), np.array(column, dtype=object)
    return {
        value: (np.flatnonzero(values == value), count / whole)
        for value, count in margin.items()
        if count > 0
    }


def _check_lengths(facets: Mapping[str, Sequence[str]]) -> None:
    lengths = {len(column) for column in facets.values()}
    if len(lengths) != 1:
        raise ValueError(f"one facet or more, with one value an answer each, got {lengths}")


def _check_answers(cells: Mapping[str, Cells]) -> None:
    few = [
        (name, value)
        for name, column in cells.items()
        for value, (rows, _share) in column.items()
        if len(rows) < FEWEST_ANSWERS
    ]
    if few:
        raise TooFewAnswers(few)


def _largest_gap(weights: NDArray[np.float64], cells: Mapping[str, Cells]) -> float:
    gaps = [
        abs(weights[rows].sum() / weights.sum() - share)
        for column in cells.values()
        for rows, share in column.values()
    ]
    return float(max(gaps))


def _total(reference: Counts) -> float:
    counts = np.array(list(reference.values()), dtype=np.float64)
    if not np.isfinite(counts).all() or (counts < 0).any() or counts.sum() == 0:
        raise ValueError("a reference needs counts ≥ 0 that do not all vanish")
    return float(counts.sum())

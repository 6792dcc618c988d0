"""The Shiryaev–Roberts recursion over many streams at once; ``nlp.edetector`` is its plain door.

S sums, over every week at which a rise may have begun, how much likelier the weeks since then are
under the rise than in the usual course. Both sides are mixtures of the experts of
``nlp.usual_course``, weighed by what they foretold up to that week, so that S − t is a martingale
of the usual course: an average run length of A and an e-value S / t follow from it alone.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nlp.dispersion import GAP_WEEKS, MIN_WEEKS, Floats, Reference, References
from nlp.stream_counts import check_run_length, checked, largest_quiet
from nlp.usual_course import (
    EXPERTS,
    PRIOR,
    RATIOS,
    Course,
    densities,
    overdispersion,
    uniform_weights,
)

FORGOTTEN = 0.01  # of the experts' weights each week: scatter may change over the years
_LARGEST = 1e100  # S of a rise so long that a larger number tells nobody more
_AT_ONCE = 500  # streams whose arrays stay in the processor's cache
_THREADS = 2  # NumPy computes outside the interpreter's lock


@dataclass(frozen=True)
class Paths:
    """What ``scan`` saw, arrays of shape (streams, weeks); NaN (0 in ``looks``) before any look.

    ``expected`` is μ, ``dispersion`` the variance over the mean of a usual week, ``upper`` the
    largest count that would not have alarmed (NaN unless asked for), ``sr`` S, ``looks`` the number
    of looks since the start.
    """

    expected: Floats
    dispersion: Floats
    upper: Floats
    sr: Floats
    looks: NDArray[np.int64]

    def alarms(self, arl: float) -> NDArray[np.bool_]:
        return np.asarray(np.nan_to_num(self.sr) >= arl)


@dataclass(frozen=True)
class _State:
    """What the weeks so far leave: experts' ``weights`` (streams, experts), and the ``sums`` of S,
    (streams, experts, ratios), whose mean over ratios of the total over experts is S."""

    weights: Floats
    sums: Floats

    @property
    def sr(self) -> Floats:
        return np.asarray(np.minimum(self.sums.sum(axis=1).mean(axis=1), _LARGEST))

    def keep_where(self, kept: NDArray[np.bool_], other: "_State") -> "_State":
        """Take this state where ``kept``, the other one elsewhere."""
        return _State(
            np.where(kept[:, None], self.weights, other.weights),
            np.where(kept[:, None, None], self.sums, other.sums),
        )


def scan(
    observed: ArrayLike,
    total: ArrayLike,
    prior_share: ArrayLike,
    arl: float = 520.0,
    start: ArrayLike = 0,
    upper: bool = False,
) -> Paths:
    """Run the detector over streams of shape (streams, weeks); no look is taken before ``start``.

    ``prior_share`` is one share, one a stream, or one a week of each, of shape (streams, weeks);
    ``start`` is one week or one a stream. The reference is frozen while S ≥ ``arl``, so that a rise
    does not become its own yardstick. A week without feedback is no look: S and the number of looks
    stay. Raises ValueError naming the value for non-finite, negative, fractional or contradictory
    input.
    """
    x, n, prior, starts = checked(observed, total, prior_share, start)
    check_run_length(arl)
    blocks = [slice(top, top + _AT_ONCE) for top in range(0, len(x), _AT_ONCE)]

    def run(rows: slice) -> Paths:
        return _scan_block(_Block(x[rows], n[rows], prior[rows], starts[rows], arl, upper))

    if len(blocks) == 1:
        return run(blocks[0])
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = list(pool.map(run, blocks))
    joined = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Paths)
    }
    return Paths(**joined)


@dataclass(frozen=True)
class _Block:
    observed: Floats
    total: Floats
    prior: Floats
    start: NDArray[np.int64]
    arl: float
    upper: bool


def _scan_block(block: _Block) -> Paths:
    out = _empty_paths(block.observed.shape)
    streams, weeks = block.observed.shape
    state = _State(uniform_weights(streams), np.zeros((streams, EXPERTS, len(RATIOS))))
    looks = np.zeros(streams, np.int64)
    references = References(block.observed, block.total)
    kept: Reference | None = None
    for week in range(MIN_WEEKS + GAP_WEEKS - 1, weeks):
        fresh = references.before(week)
        kept = fresh if kept is None else kept.keep_where(state.sr >= block.arl, fresh)
        course = _course(block, kept, week)
        looking = block.start <= week
        usable = kept.ready & (block.total[:, week] > 0)
        before = _age(state, looking)
        after = _learn(before, densities(course, block.observed[:, week]))
        state = state.keep_where(~usable, after)
        looks = looks + (usable & looking)
        seen = _Seen(course, before.weights, state.sr, looks, usable)
        _write(out, week, seen)
        if block.upper:
            most = largest_quiet(partial(_sr_of, before, course), course.expected, block.arl)
            out.upper[:, week] = np.where(looks > 0, np.where(usable, most, 0.0), np.nan)
    return out


def _course(block: _Block, reference: Reference, week: int) -> Course:
    """Return what is known before ``week``; a week without feedback gets a level that is unused."""
    prior = block.prior[:, week]
    expected = reference.expected(block.total[:, week], prior)
    return Course(
        reference,
        np.where(expected > 0, expected, 1.0),
        block.observed[:, week - 1],
        reference.expected(block.total[:, week - 1], prior),
    )


def _age(state: _State, looking: NDArray[np.bool_]) -> _State:
    """Let a rise begin this week where the stream is watched, and experts change their mind."""
    begun = np.where(looking[:, None], state.weights, 0.0)[:, :, None]
    sums = state.sums + begun
    weights = (1 - FORGOTTEN) * state.weights + FORGOTTEN * PRIOR
    moved = FORGOTTEN * PRIOR[None, :, None] * sums.sum(axis=1, keepdims=True)
    return _State(weights, (1 - FORGOTTEN) * sums + moved)


def _learn(state: _State, density: Floats) -> _State:
    weights = state.weights * density[:, :, 0]
    usual = weights.sum(axis=1)
    sums = np.minimum(state.sums * density[:, :, 1:] / usual[:, None, None], _LARGEST)
    return _State(weights / usual[:, None], sums)


def _sr_of(before: _State, course: Course, observed: Floats) -> Floats:
    return _learn(before, densities(course, observed)).sr


@dataclass(frozen=True)
class _Seen:
    course: Course
    weights: Floats
    sr: Floats
    looks: NDArray[np.int64]
    usable: NDArray[np.bool_]


def _write(out: Paths, week: int, seen: _Seen) -> None:
    shown, expected = seen.looks > 0, np.where(seen.usable, seen.course.expected, 0.0)
    out.expected[:, week] = np.where(shown, expected, np.nan)
    scatter = overdispersion(seen.weights, expected)
    out.dispersion[:, week] = np.where(shown, scatter, np.nan)
    out.sr[:, week] = np.where(shown, seen.sr, np.nan)
    out.looks[:, week] = seen.looks


def _empty_paths(shape: tuple[int, ...]) -> Paths:
    blank = [np.full(shape, np.nan) for _ in range(4)]
    return Paths(blank[0], blank[1], blank[2], blank[3], np.zeros(shape, np.int64))

"""Space–time scan: which place, alone or with its neighbours, has too much lately?

Kulldorff, JRSS A 2001; the permutation form, which needs no population: Kulldorff et al., PLoS
Medicine 2005. Every zone is tried with every recent window; chance is judged by permuting when the
cases came. Small p: Abrams, Kleinman & Kulldorff, International Journal of Health Geographics 2010.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from nlp.weekly_counts import Floats

LONGEST_WEEKS = 12
REPLICATES = 999
_BATCH = 100  # replicates held in memory together


@dataclass(frozen=True)
class Cluster:
    """The zone and window that stand out most, and how often chance does as much.

    ``zone`` is the index of the zone, ``weeks`` the length of the window that ends with the last
    week. ``p`` is the Monte Carlo rank, ``gumbel_p`` the tail of a Gumbel distribution fitted to
    the replicates (for p under 1 / (replicates + 1)), ``recurrence`` the weeks between two such
    clusters by chance, from ``gumbel_p``, with a look every ``weeks_between`` weeks.
    """

    zone: int
    weeks: int
    observed: float
    expected: float
    llr: float
    p: float
    gumbel_p: float
    recurrence: float


@dataclass(frozen=True)
class Search:
    """What is tried: zones as lists of places, longest window, replicates, weeks between looks."""

    zones: Sequence[Sequence[int]]
    longest: int = LONGEST_WEEKS
    replicates: int = REPLICATES
    weeks_between: float = 1.0


def scan(
    cases: ArrayLike, search: Search, rng: np.random.Generator, expected: ArrayLike | None = None
) -> Cluster:
    """Return the strongest cluster in cases of shape (weeks, places), the last week being now.

    With ``expected``, of the same shape, the scan is the Poisson one: its numbers are scaled to
    the number of cases, and replicates spread the cases by it. Without, it is the permutation
    form: e = (zone total × window total) / C. Raises ValueError for impossible cases, zones or
    lengths, and when there is no case at all.
    """
    table = _checked_cases(cases)
    _check_search(search, table.shape)
    inside = np.zeros((len(search.zones), table.shape[1]))
    for index, members in enumerate(search.zones):
        inside[index, list(members)] = 1.0
    longest = min(search.longest, len(table))
    given = None if expected is None else _checked_expected(expected, table)
    base = _permutation_base(table) if given is None else given
    windows = _zone_windows(base[None], inside, longest)[0]

    def ratios(tables: Floats) -> Floats:
        return log_likelihood_ratios(_zone_windows(tables, inside, longest), windows, table.sum())

    llr = ratios(table[None])[0]
    place = divmod(int(llr.argmax()), len(search.zones))
    found = float(_zone_windows(table[None], inside, longest)[0][place])
    batches = _replicates(table, given, search.replicates, rng)
    chance = np.concatenate([ratios(batch).max((1, 2)) for batch in batches])
    return _judged(search, place, (found, float(windows[place]), float(llr[place])), chance)


def _judged(
    search: Search, place: tuple[int, int], numbers: tuple[float, float, float], chance: Floats
) -> Cluster:
    """Return the cluster at (window, zone), its numbers, and how often chance does as much."""
    top = numbers[2]
    rank = float((1 + (chance >= top).sum()) / (1 + len(chance)))
    tail = gumbel_tail(top, chance)
    between = search.weeks_between / tail if tail > 0 else np.inf
    return Cluster(place[1], place[0] + 1, *numbers, rank, tail, between)


def log_likelihood_ratios(observed: Floats, expected: Floats, total: float) -> Floats:
    """Return c ln(c/e) + (C − c) ln[(C − c)/(C − e)] where c > e, 0 elsewhere."""
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = special.xlogy(total - observed, (total - observed) / (total - expected))
        llr = special.xlogy(observed, observed / expected) + outside
    return np.where((observed > expected) & (total > expected), llr, 0.0)


def gumbel_tail(value: float, replicates: Floats) -> float:
    """Return P(a replicate ≥ ``value``) under the Gumbel with the replicates' moments."""
    scale = float(replicates.std(ddof=1)) * np.sqrt(6) / np.pi
    if scale == 0:
        return 1.0 if value <= replicates[0] else 0.0
    place = float(replicates.mean()) - np.euler_gamma * scale
    return float(-np.expm1(-np.exp(-(value - place) / scale)))


def _zone_windows(tables: Floats, inside: Floats, longest: int) -> Floats:
    """Sum tables (batch, weeks, places) over windows and zones: (batch, longest, zones)."""
    recent = tables[:, ::-1][:, :longest].cumsum(axis=1)
    return np.asarray(recent @ inside.T)


def _permutation_base(table: Floats) -> Floats:
    return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum())


def _replicates(
    table: Floats, expected: Floats | None, count: int, rng: np.random.Generator
) -> Iterator[Floats]:
    """Yield tables of chance, batch by batch: weeks permuted over cases, or cases spread by e."""
    weeks, places = table.shape
    cases = int(table.sum())
    if expected is not None:
        share = (expected / expected.sum()).ravel()
        for start in range(0, count, _BATCH):
            drawn = rng.multinomial(cases, share, size=min(_BATCH, count - start))
            yield drawn.reshape(-1, weeks, places).astype(np.float64)
        return
    week, place = (
        np.repeat(axis.ravel(), table.ravel().astype(int)) for axis in np.indices(table.shape)
    )
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        shuffled = rng.permuted(np.tile(week, (size, 1)), axis=1)
        cell = (np.arange(size)[:, None] * weeks + shuffled) * places + place
        flat = np.bincount(cell.ravel(), minlength=size * weeks * places)
        yield flat.reshape(size, weeks, places).astype(np.float64)


def _checked_cases(cases: ArrayLike) -> Floats:
    table = np.asarray(cases, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"cases must have shape (weeks, places), got {table.shape}")
    wrong = ~np.isfinite(table) | (table < 0) | (table != np.floor(table))
    if wrong.any():
        raise ValueError(f"cases must be whole numbers ≥ 0, got {table[wrong][0]}")
    if table.sum() == 0:
        raise ValueError("there is no case to scan")
    return table


def _checked_expected(expected: ArrayLike, table: Floats) -> Floats:
    base = np.asarray(expected, dtype=np.float64)
    if base.shape != table.shape:
        raise ValueError(f"expected must have the shape of cases {table.shape}, got {base.shape}")
    if not np.isfinite(base).all() or (base < 0).any() or base.sum() == 0:
        raise ValueError("expected must be finite numbers ≥ 0, not all 0")
    return np.asarray(base * table.sum() / base.sum())


def _check_search(search: Search, shape: tuple[int, ...]) -> None:
    if not search.zones or not all(search.zones):
        raise ValueError("zones must hold at least one zone, and each zone one place")
    wrong = [place for zone in search.zones for place in zone if not 0 <= place < shape[1]]
    if wrong:
        raise ValueError(f"a zone holds place {wrong[0]}, and there are {shape[1]} places")
    for name, value in (("longest", search.longest), ("replicates", search.replicates - 1)):
        if value < 1:
            raise ValueError(f"{name} must be larger, got {value}")
    if not search.weeks_between > 0:
        raise ValueError(f"weeks_between must be > 0, got {search.weeks_between}")

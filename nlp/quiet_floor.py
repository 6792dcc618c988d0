"""How large an e-value this very corpus reaches when nothing happens: themes dealt out anew.

The promise of e-BH holds for what the detector takes for usual. Themes that come and go, small
ones above all, are not quite that; dealing the reports' themes out anew keeps their sizes, the
weeks' totals and the facets, and takes every rise away (permutation, Good 2005). The floor is what
dealt themes pass in no more than ``alpha`` alarms a year.
"""

from collections.abc import Sequence

import numpy as np

from nlp.copies import Labels
from nlp.watch_rows import Report
from nlp.watching import peaks
from nlp.weekly_themes import Placed, watch_weeks

PERMUTATIONS = 12
WEEKS_A_YEAR = 52


def quiet_floor(
    reports: Sequence[Report],
    themes: Placed,
    copies: Labels,
    levels: tuple[float, float],
    rng: np.random.Generator,
) -> float:
    """Return the e-value of a theme that is exceeded ``alpha`` times a year without any rise.

    ``levels``: ``alpha`` and ``arl``, as `nlp.watching.watch` takes them. 0 where e-BH alone keeps
    to it.
    """
    alpha, arl = levels
    found: list[float] = []
    years = 0.0
    for _ in range(PERMUTATIONS):
        dealt = [themes[row] for row in rng.permutation(len(themes))]
        watched = watch_weeks(reports, dealt, copies)
        years += watched.observed.shape[1] / WEEKS_A_YEAR
        found += peaks(watched, alpha, arl)
    allowed = int(alpha * years)
    ordered = sorted(found, reverse=True)
    return float(np.nextafter(ordered[allowed], np.inf)) if len(ordered) > allowed else 0.0

"""Says what each segment of a short retour is about: its whole retour's subject or its own. Pure.

A short retour is grouped as a whole; a segment of it leaves only where it clearly fits something
else on its own.
"""

import numpy as np
from numpy.typing import NDArray

from feedback.about import Grouping, fit
from feedback.families import Centre
from feedback.work import Work
from nlp.assign import UNPLACED
from nlp.units import CLEARLY

Place = int | str  # the number of a subject, or the id of a lone theme


def part(work: Work, result: Grouping, free: NDArray[np.bool_], shown: dict[str, Centre]) -> None:
    """Place the ``free`` segments that lie in a whole retour, whose own place is known."""
    own = Grouping(result.subjects, np.full(len(result.of), UNPLACED, np.int64))
    rows = work.corpus.inside[free[work.corpus.inside]]
    fit(work, own, np.isin(np.arange(len(free)), rows), shown)
    for row in rows.tolist():
        mine, whole = _place(own, row), _place(result, int(work.corpus.whole[row]))
        stays = mine in (UNPLACED, whole) or not _is_clear(work, own, row, shown)
        result.with_whole[row] = goes_along = whole != UNPLACED and stays
        _put(result, row, whole if goes_along else mine)


def _is_clear(work: Work, own: Grouping, row: int, shown: dict[str, Centre]) -> bool:
    """Say whether a segment is well inside its own subject, as `nlp.units.goes_along` has it."""
    if row in own.lone:
        return True
    centre, threshold = shown[own.subjects[own.of[row]]]
    return float(work.base.points[row] @ centre) >= threshold + CLEARLY


def _place(grouping: Grouping, row: int) -> Place:
    return grouping.lone.get(row, int(grouping.of[row]))


def _put(result: Grouping, row: int, place: Place) -> None:
    if isinstance(place, str):
        result.lone[row] = place
    else:
        result.of[row] = place

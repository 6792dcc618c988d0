"""Settles whether each segment is about its new group's subject or still about its own. Pure."""

import numpy as np
from numpy.typing import NDArray

from feedback.about import Grouping, fit
from feedback.centres import centres_by_name
from feedback.families import Centre
from feedback.picture import SHOWN
from feedback.work import Work
from nlp.assign import UNPLACED, Labels, rows_by_label

CLEARLY = 0.05  # of similarity: how much nearer an old segment must be to leave its subject


def settle(work: Work, result: Grouping, by_label: dict[int, str]) -> None:
    """Write what each segment is about: the new group's subject, unless it clearly stays."""
    new = _numbered(work, result, by_label)
    shown = np.array([result.seen.get(s, 0) >= SHOWN for s in result.subjects] or [False], bool)
    waiting = (new != UNPLACED) & ~shown[new]
    for number in np.unique(new[waiting]).tolist():
        result.hidden[result.subjects[number]] = np.flatnonzero(new == number)
    centres = centres_by_name(work.base.points, new, result.subjects)
    result.of = np.where(waiting, UNPLACED, new)
    _stay(work, result, centres, waiting)
    free = (result.of == UNPLACED) & ~work.places.fixed & ~waiting
    fit(work, result, free, {s: at for s, at in centres.items() if shown[result.number(s)]})


def _numbered(work: Work, result: Grouping, by_label: dict[int, str]) -> Labels:
    """Return the number of each segment's new subject; what a person placed has none."""
    new = np.full(len(result.of), UNPLACED, np.int64)
    for label, rows in rows_by_label(work.base.labels).items():
        if label in by_label:
            new[rows] = result.number(by_label[label])
    new[work.places.fixed] = UNPLACED
    return new


def _stay(
    work: Work, result: Grouping, centres: dict[str, Centre], waiting: NDArray[np.bool_]
) -> None:
    """Leave old segments where they were unless the new groups are clearly nearer."""
    similar = {s: work.base.points @ at[0] for s, at in centres.items()}
    for number, rows in rows_by_label(work.origin).items():
        subject = work.subjects[number]
        if subject not in centres or work.is_hidden(subject):
            continue
        moved = rows[result.of[rows] != number]
        own = similar[subject][moved]
        there = [
            similar[result.subjects[n]][row] if n != UNPLACED else -1.0
            for row, n in zip(moved.tolist(), result.of[moved].tolist(), strict=True)
        ]
        near = (own >= centres[subject][1]) & (np.array(there) - own < CLEARLY)
        result.of[moved[near | waiting[moved]]] = number

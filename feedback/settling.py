"""Settles whether each segment is about its new group's subject or still about its own. Pure."""

import numpy as np
from numpy.typing import NDArray

from feedback.about import Grouping, fit
from feedback.centres import centres_by_name
from feedback.families import Centre
from feedback.parting import part
from feedback.picture import SHOWN
from feedback.work import Work
from nlp.assign import UNPLACED, Labels, rows_by_label

CLEARLY = 0.05  # of similarity: how much nearer an old segment must be to leave its subject


def settle(work: Work, result: Grouping, by_label: dict[int, str]) -> None:
    """Write what each row is about: the new group's subject, unless it clearly stays.

    Then each segment of a whole retour is placed with it or on its own.
    """
    new = _numbered(work, result, by_label)
    seen = [result.seen.get(s, 0) >= SHOWN or s in result.missed for s in result.subjects]
    shown = np.array(seen or [False], bool)
    waiting = (new != UNPLACED) & ~shown[new]
    for number in np.unique(new[waiting]).tolist():
        result.hidden[result.subjects[number]] = np.flatnonzero(new == number)
    centres = centres_by_name(work.base.points, new, result.subjects)
    result.of = np.where(waiting, UNPLACED, new)
    before = work.of_units(work.origin)
    _stay(work, result, (centres, before), waiting)
    near = {s: at for s, at in centres.items() if shown[result.number(s)]}
    free = (result.of == UNPLACED) & ~work.held & ~waiting & work.corpus.is_unit
    fit(work, result, free, near)
    _part(work, result, (centres, near), waiting)


def _part(
    work: Work,
    result: Grouping,
    centres: tuple[dict[str, Centre], dict[str, Centre]],
    waiting: NDArray[np.bool_],
) -> None:
    """Place the segments of whole retours; who stood alone stays unless clearly elsewhere."""
    every, near = centres
    waits = waiting[work.corpus.whole]
    part(work, result, ~work.held & ~waits, near)
    alone = work.origin.copy()
    alone[work.corpus.is_unit] = UNPLACED
    alone[: len(work.homes)][work.places.with_whole & ~waits[: len(work.homes)]] = UNPLACED
    before = result.of.copy()
    _stay(work, result, (every, alone), waits)
    stayed = np.flatnonzero(result.of != before)
    result.with_whole[stayed] &= waits[stayed]


def _numbered(work: Work, result: Grouping, by_label: dict[int, str]) -> Labels:
    """Return the number of each row's new subject; what a person placed has none."""
    new = np.full(len(result.of), UNPLACED, np.int64)
    for label, rows in rows_by_label(work.base.labels).items():
        if label in by_label:
            new[rows] = result.number(by_label[label])
    before = work.of_units(work.origin)
    for subject in result.missed:  # its members leave what they fell to by chance
        number = work.subjects.index(subject)
        new[before == number] = number
    new[work.held] = UNPLACED
    return new


def _stay(
    work: Work,
    result: Grouping,
    known: tuple[dict[str, Centre], Labels],
    waiting: NDArray[np.bool_],
) -> None:
    """Leave rows where they were, by number, unless the new groups are clearly nearer."""
    centres, before = known
    similar = {s: work.base.points @ at[0] for s, at in centres.items()}
    for number, rows in rows_by_label(before).items():
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

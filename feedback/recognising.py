"""Recognises the subject that each new group is: one that stood or waited, or a new one. Pure."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from app.db import random_id
from feedback.about import Grouping, fewest_authors
from feedback.new_groups import MOST_ALIKE
from feedback.work import Work
from nlp.assign import UNPLACED, Labels, rows_by_label
from nlp.encode import unit_rows
from nlp.match import Matches, jaccard

HALF = 0.5


def name_labels(work: Work, result: Grouping, old: Labels, matches: Matches) -> dict[int, str]:
    """Return the subject that each new group is: kept, swallowed, found again or new."""
    fewest = fewest_authors(len(set(work.corpus.feedback_ids)))
    named = {pair.new: work.subjects[pair.old] for pair in matches.kept}
    for label, rows in rows_by_label(work.base.labels).items():
        if label in named:
            continue
        if (swallowed := _swallowed(work, old[rows])) is not None:
            named[label] = swallowed
        elif (known := _found_again(work, rows, set(named.values()))) is not None:
            named[label] = known
        elif len({work.corpus.feedback_ids[row] for row in rows}) >= fewest:
            named[label] = random_id()
    for subject in sorted(set(named.values())):
        before = work.picture.subjects.get(subject)
        # One night counts once, however often it is refreshed.
        result.seen[subject] = before.seen + (before.born < work.day) if before else 1
    return named


def _swallowed(work: Work, old: Labels) -> str | None:
    """Return the subject, one that others were merged into, that a new group mostly was before."""
    picture = work.picture
    number = _mostly(old, len(old))
    if number is None:
        return None
    absorbing = {picture.lasting_subject(s.id) for s in picture.subjects.values() if s.merged_into}
    return work.subjects[number] if work.subjects[number] in absorbing else None


def _mostly(old: Labels, size: int) -> int | None:
    """Return what at least half of a group was about before, or None."""
    counts = Counter(old[old != UNPLACED].tolist()).most_common(1)
    return counts[0][0] if counts and counts[0][1] >= HALF * size else None


def _found_again(work: Work, rows: NDArray[np.int64], taken: set[str]) -> str | None:
    """Return the hidden subject that a new group is, by its centre or the members nearest to it."""
    if work.base.old_points is None:
        return None
    centres = work.stored_centres()
    hidden = [s for s in centres if work.is_hidden(s) and s not in taken]
    if not hidden:
        return None
    centre = unit_rows(work.base.old_points[rows].sum(axis=0, keepdims=True))[0]
    alike = {each: float(centre @ centres[each][0]) for each in hidden}
    best = max(sorted(alike), key=lambda each: alike[each])
    if alike[best] >= MOST_ALIKE:
        return best
    near = work.base.old_points @ centres[best][0] >= centres[best][1]
    near &= work.corpus.is_unit
    same = jaccard(set(np.flatnonzero(near).tolist()), set(rows.tolist()))
    return best if same >= HALF else None

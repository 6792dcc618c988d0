"""Decides which subject each segment is about: kept, found, born, ended. Pure.

A full refresh reads it from the new groups; a partial one leaves what stands and looks for groups
among the unplaced.
"""

import numpy as np
from numpy.typing import NDArray

from app.db import random_id
from feedback.about import FEWEST_AUTHORS, Grouping, fit
from feedback.centres import centres_by_name
from feedback.families import Centre
from feedback.new_groups import MOST_ALIKE, pool_groups
from feedback.parting import part
from feedback.picture import SHOWN
from feedback.regrouping import from_groups
from feedback.work import Work
from nlp.assign import UNPLACED
from nlp.encode import unit_rows


def decide(work: Work) -> Grouping:
    """Return which subject each segment is about."""
    return from_groups(work) if work.base.full else _from_pool(work)


def _from_pool(work: Work) -> Grouping:
    """Leave what stands; place the unplaced that fit, and look for groups among the others."""
    result = Grouping(list(work.subjects), work.origin.copy(), work.places.with_whole.copy())
    standing = work.of_units(work.origin)
    centres = work.stored_centres() | centres_by_name(work.base.points, standing, work.subjects)
    shown = {each: at for each, at in centres.items() if not work.is_hidden(each)}
    free = ~work.has_home & ~work.held
    fit(work, result, free & work.corpus.is_unit, shown)
    rest = free & work.corpus.is_unit & (result.of == UNPLACED)
    rest[np.array(list(result.lone), np.int64)] = False
    pool = np.flatnonzero(rest)
    for rows in pool_groups(work.base.points, pool, standing):
        if work.corpus.authors(rows.tolist()) >= FEWEST_AUTHORS:
            _meet(work, result, rows, centres)
    part(work, result, free, shown)
    return result


def _meet(
    work: Work, result: Grouping, rows: NDArray[np.int64], centres: dict[str, Centre]
) -> None:
    """Recognise a hidden subject in a group of the pool, or keep the group as a new one."""
    centre = unit_rows(work.base.points[rows].sum(axis=0, keepdims=True))[0]
    hidden = {e: at for e, at in centres.items() if work.is_hidden(e) and e not in result.seen}
    alike = {each: float(centre @ at[0]) for each, at in hidden.items()}
    known = max(alike, key=lambda each: alike[each], default=None)
    if known is None or alike[known] < MOST_ALIKE:
        known = random_id()
        result.seen[known] = 1
    elif work.picture.subjects[known].born < work.day:  # one night counts once
        result.seen[known] = SHOWN
    if result.seen.get(known, 0) >= SHOWN:
        result.of[rows] = result.number(known)
        result.events.append((known, "born", []))
    else:
        result.hidden[known] = rows

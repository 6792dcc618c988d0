"""Decides which subject each segment is about: kept, found, born, ended. Pure.

A full refresh reads it from the new groups, and an old segment changes only when they really say
so; a partial one leaves what stands and looks for groups among the unplaced.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.db import random_id
from feedback.centres import centres_by_name
from feedback.families import Centre, families
from feedback.new_groups import MOST_ALIKE, pool_groups
from feedback.picture import SHOWN
from feedback.work import Work
from nlp.assign import UNPLACED, Labels, rows_by_label
from nlp.encode import unit_rows
from nlp.match import Matches, jaccard, match

FEWEST_AUTHORS = 5  # of a group, before it is a subject
CLEARLY = 0.05  # of similarity: how much nearer an old segment must be to leave its subject
HALF = 0.5


@dataclass(eq=False)
class Grouping:
    """The outcome: ``of`` holds numbers into ``subjects``, -1 = about none of them."""

    subjects: list[str]
    of: Labels
    lone: dict[int, str] = field(default_factory=dict)  # rows that joined a theme without subject
    seen: dict[str, int] = field(default_factory=dict)  # subjects found now, how often in all
    hidden: dict[str, NDArray[np.int64]] = field(default_factory=dict)  # members of what waits
    ended: set[str] = field(default_factory=set)
    events: list[tuple[str, str, list[str]]] = field(default_factory=list)  # subject, kind, others

    def number(self, subject: str) -> int:
        """Return the number of ``subject``, given now when it has none."""
        if subject not in self.subjects:
            self.subjects.append(subject)
        return self.subjects.index(subject)


def decide(work: Work) -> Grouping:
    """Return which subject each segment is about."""
    return _from_groups(work) if work.base.full else _from_pool(work)


def _from_pool(work: Work) -> Grouping:
    """Leave what stands; place the unplaced that fit, and look for groups among the others."""
    result = Grouping(list(work.subjects), work.origin.copy())
    centres = work.stored_centres() | centres_by_name(work.base.points, work.origin, work.subjects)
    shown = {each: at for each, at in centres.items() if not work.is_hidden(each)}
    free = np.array([home is None for home in work.homes], bool) & ~work.places.fixed
    _fit(work, result, free, shown)
    rest = free & (result.of == UNPLACED)
    rest[np.array(list(result.lone), np.int64)] = False
    pool = np.flatnonzero(rest)
    for rows in pool_groups(work.base.points, pool, work.origin):
        if work.corpus.authors(rows.tolist()) >= FEWEST_AUTHORS:
            _meet(work, result, rows, centres)
    return result


def _fit(work: Work, result: Grouping, free: NDArray[np.bool_], shown: dict[str, Centre]) -> None:
    """Put free segments to the subject or lone theme of their service that they fit."""
    for service in np.unique(work.corpus.services[free]).tolist():
        rows = np.flatnonzero(free & (work.corpus.services == service))
        found = families(work.routes, service, shown, work.slices, work.base.space.dimension)
        placed = found.assign(work.base.points[rows])
        for row, place in zip(rows.tolist(), placed.theme.tolist(), strict=True):
            if place == UNPLACED:
                continue
            subject = found.subjects[place]
            if subject is None:
                result.lone[row] = found.leads[place][0]
            else:
                result.of[row] = result.number(subject)


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


def _from_groups(work: Work) -> Grouping:
    """Match the new groups to what stood, and move whom they clearly move."""
    old = _old_numbers(work)
    matches = match(_sets(old), _sets(work.base.labels))
    result = Grouping(list(work.subjects), np.full(len(old), UNPLACED, np.int64))
    first = not any(not work.is_hidden(each) for each in work.subjects)
    by_label = _name_labels(work, result, old, matches)
    standing = set(by_label.values())
    result.ended = {s for s in work.subjects if s not in standing and not work.is_hidden(s)}
    _show(work, result, old, by_label, first)
    _settle(work, result, by_label)
    _tell(work, result, matches, by_label)
    return result


def _old_numbers(work: Work) -> Labels:
    """Return what each segment was about; where a service has no theme of it, by nearness."""
    old = work.origin.copy()
    centres = {s: at for s, at in work.stored_centres().items() if not work.is_hidden(s)}
    free = (old == UNPLACED) & ~work.places.fixed
    if centres and free.any() and work.base.old_points is not None:
        found = families(work.routes, 0, centres, {}, work.base.old_points.shape[1])
        near = found.assign(work.base.old_points[free]).theme
        numbers = [work.subjects.index(str(each)) for each in found.subjects]
        old[free] = [numbers[each] if each != UNPLACED else UNPLACED for each in near.tolist()]
    return old


def _sets(labels: Labels) -> dict[int, set[int]]:
    return {each: set(rows.tolist()) for each, rows in rows_by_label(labels).items()}


def _name_labels(work: Work, result: Grouping, old: Labels, matches: Matches) -> dict[int, str]:
    """Return the subject that each new group is: kept, swallowed, found again or new."""
    named = {pair.new: work.subjects[pair.old] for pair in matches.kept}
    absorbing = {
        work.picture.lasting_subject(s.id) for s in work.picture.subjects.values() if s.merged_into
    }
    for label, rows in rows_by_label(work.base.labels).items():
        if label in named:
            continue
        swallowed = _mostly(old[rows], len(rows))
        if swallowed is not None and work.subjects[swallowed] in absorbing:
            named[label] = work.subjects[swallowed]
        elif (known := _found_again(work, rows, set(named.values()))) is not None:
            named[label] = known
        elif len({work.corpus.feedback_ids[row] for row in rows}) >= FEWEST_AUTHORS:
            named[label] = random_id()
    for subject in sorted(set(named.values())):
        before = work.picture.subjects.get(subject)
        # One night counts once, however often it is refreshed.
        result.seen[subject] = before.seen + (before.born < work.day) if before else 1
    return named


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
    same = jaccard(set(np.flatnonzero(near).tolist()), set(rows.tolist()))
    return best if same >= HALF else None


def _show(work: Work, result: Grouping, old: Labels, by_label: dict[int, str], first: bool) -> None:
    """Show new subjects at once in the first structure, or where they replace what has ended."""
    ended = np.array([s in result.ended for s in work.subjects] or [False], bool)
    for label, subject in by_label.items():
        if result.seen[subject] >= SHOWN or subject in work.picture.subjects:
            continue
        before = old[work.base.labels == label]
        before = before[before != UNPLACED]
        if first or (len(before) and ended[before].mean() > HALF):
            result.seen[subject] = SHOWN


def _settle(work: Work, result: Grouping, by_label: dict[int, str]) -> None:
    """Write what each segment is about: the new group's subject, unless it clearly stays."""
    new = np.full(len(result.of), UNPLACED, np.int64)
    for label, rows in rows_by_label(work.base.labels).items():
        if label in by_label:
            new[rows] = result.number(by_label[label])
    shown = np.array([result.seen.get(s, 0) >= SHOWN for s in result.subjects] or [False], bool)
    new[work.places.fixed] = UNPLACED
    waiting = (new != UNPLACED) & ~shown[new]
    for number in np.unique(new[waiting]).tolist():
        result.hidden[result.subjects[number]] = np.flatnonzero(new == number)
    centres = centres_by_name(work.base.points, new, result.subjects)
    result.of = np.where(waiting, UNPLACED, new)
    _stay(work, result, centres, waiting)
    free = (result.of == UNPLACED) & ~work.places.fixed & ~waiting
    _fit(work, result, free, {s: at for s, at in centres.items() if shown[result.number(s)]})


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


def _tell(work: Work, result: Grouping, matches: Matches, by_label: dict[int, str]) -> None:
    """Note the splits, merges, births and ends of shown subjects."""
    shown = {s for s, seen in result.seen.items() if seen >= SHOWN}
    for split in matches.splits:
        parts = [by_label[each] for each in split.parts if by_label.get(each) in shown]
        others = [each for each in parts if each != work.subjects[split.old]]
        if others:
            result.events.append((work.subjects[split.old], "split", others))
    for merge in matches.merges:
        target = by_label.get(merge.new)
        for old in (work.subjects[each] for each in merge.olds):
            if target in shown and old in result.ended and target is not None:
                result.events.append((old, "merged", [target]))
    told = {subject for subject, kind, _ in result.events if kind == "merged"}
    result.events += [(each, "ended", []) for each in sorted(result.ended - told)]
    result.events += [
        (each, "born", [])
        for each in sorted(shown)
        if each not in work.picture.subjects or work.is_hidden(each)
    ]

"""Reads what each segment is about from the new groups of a full refresh. Pure.

They are matched to what stood, and an old segment changes only when they really say so.
"""

import numpy as np

from feedback.about import LEAST_AUTHORS, Grouping
from feedback.families import families
from feedback.picture import SHOWN
from feedback.recognising import name_labels
from feedback.settling import settle
from feedback.work import Work
from nlp.assign import UNPLACED, Labels, rows_by_label
from nlp.match import Matches, match

HALF = 0.5
SPARED = 1  # full refreshes in a row that may miss a subject


def from_groups(work: Work) -> Grouping:
    """Match the new groups to what stood, and move whom they clearly move."""
    old = _old_numbers(work)
    matches = match(_sets(old), _sets(work.base.labels))
    nowhere = np.full(len(old), UNPLACED, np.int64)
    result = Grouping(list(work.subjects), nowhere, work.places.with_whole.copy())
    first = not any(not work.is_hidden(each) for each in work.subjects)
    by_label = name_labels(work, result, old, matches)
    standing = set(by_label.values())
    lost = {s for s in work.subjects if s not in standing and not work.is_hidden(s)}
    result.missed = {s for s in lost if _is_spared(work, s)}
    result.ended = lost - result.missed
    _show(work, result, old, by_label, first)
    settle(work, result, by_label)
    _tell(work, result, matches, by_label)
    return result


def _is_spared(work: Work, subject: str) -> bool:
    """Say whether a subject not found goes on once: what stands is told false twice, as births are.

    Chance alone dissolves a small group at a run; with too few left there is nothing to spare.
    """
    left = int(np.count_nonzero(work.of_units(work.origin) == work.subjects.index(subject)))
    return work.picture.subjects[subject].missed < SPARED and left >= LEAST_AUTHORS


def _old_numbers(work: Work) -> Labels:
    """Return what was about what; where a service has no theme of it, by nearness."""
    old = work.of_units(work.origin)
    centres = {s: at for s, at in work.stored_centres().items() if not work.is_hidden(s)}
    free = (old == UNPLACED) & ~work.held & work.corpus.is_unit
    if centres and free.any() and work.base.old_points is not None:
        found = families(work.routes, 0, centres, {}, work.base.old_points.shape[1])
        near = found.assign(work.base.old_points[free]).theme
        numbers = [work.subjects.index(str(each)) for each in found.subjects]
        old[free] = [numbers[each] if each != UNPLACED else UNPLACED for each in near.tolist()]
    return old


def _sets(labels: Labels) -> dict[int, set[int]]:
    return {each: set(rows.tolist()) for each, rows in rows_by_label(labels).items()}


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

"""Holds what each segment is found to be about, and fits free segments to subjects. Pure."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from feedback.families import Centre, families
from feedback.work import Work
from nlp.assign import UNPLACED, Labels

FEWEST_AUTHORS = 5  # of a group, before it is a subject; a few less where few wrote
LEAST_AUTHORS = 3  # fewer is chance


def fewest_authors(retours: int) -> int:
    """Return how many of ``retours`` must say the same before it is a subject or a theme.

    Three of thirty tell as much as five of six hundred.
    """
    return int(np.clip(round(retours**0.5 / FEWEST_AUTHORS), LEAST_AUTHORS, FEWEST_AUTHORS))


@dataclass(eq=False)
class Grouping:
    """The outcome, by row of the corpus: ``of`` holds numbers into ``subjects``, -1 = none of them.

    ``with_whole`` (segments,): about it because its whole retour is.
    """

    subjects: list[str]
    of: Labels
    with_whole: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    lone: dict[int, str] = field(default_factory=dict)  # rows that joined a theme without subject
    seen: dict[str, int] = field(default_factory=dict)  # subjects found now, how often in all
    hidden: dict[str, NDArray[np.int64]] = field(default_factory=dict)  # members of what waits
    ended: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)  # not found, and not ended yet
    events: list[tuple[str, str, list[str]]] = field(default_factory=list)  # subject, kind, others

    def number(self, subject: str) -> int:
        """Return the number of ``subject``, given now when it has none."""
        if subject not in self.subjects:
            self.subjects.append(subject)
        return self.subjects.index(subject)


def fit(work: Work, result: Grouping, free: NDArray[np.bool_], shown: dict[str, Centre]) -> None:
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

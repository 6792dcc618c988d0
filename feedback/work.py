"""Holds one refresh while it is decided: what was read and computed, on one picture. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from feedback.centres import rows_by_theme, theme_centres
from feedback.corpus import Corpus, Places
from feedback.families import Centre
from feedback.picture import Picture, centre_of
from feedback.routes import Routes
from feedback.structure import Base
from nlp.assign import UNPLACED, Labels


@dataclass(frozen=True, eq=False)
class Work:
    """One refresh while it is decided: what was read and computed, on one picture."""

    corpus: Corpus
    base: Base
    picture: Picture
    places: Places
    day: date

    @cached_property
    def routes(self) -> Routes:
        """The ways from subjects to themes, as they stood."""
        return Routes(self.picture)

    @cached_property
    def subjects(self) -> list[str]:
        """The standing subjects' ids; a subject's number is its place here."""
        return [subject.id for subject in self.picture.live_subjects()]

    @cached_property
    def homes(self) -> list[str | None]:
        """The standing theme that holds each segment, after what people merged."""
        known = {each: self.routes.standing(each) for each in set(self.places.themes)}
        return [known[each] for each in self.places.themes]

    @cached_property
    def held(self) -> NDArray[np.bool_]:
        """The rows that a person placed, and the whole retours of which a person placed a part.

        Their other segments speak for themselves: nothing follows a message to where a person or
        its author said that it does not belong.
        """
        found = np.zeros(len(self.corpus.whole), bool)
        found[: len(self.places.fixed)] = self.places.fixed
        found[self.corpus.whole[np.flatnonzero(found)]] = True
        return found

    @cached_property
    def origin(self) -> Labels:
        """The number of the subject that the machine put each row for, or -1.

        What a person placed counts for no subject: local edits never leave their service. A whole
        retour was about what the segments placed with it are.
        """
        numbers = {subject: number for number, subject in enumerate(self.subjects)}
        found = np.full(len(self.corpus.whole), UNPLACED, np.int64)
        for theme, rows in rows_by_theme(self.homes).items():
            owners = [numbers[each] for each in self.routes.owners.get(theme, [])]
            if owners:
                found[rows] = self._nearest(self.evidence[rows], owners)
        followers = np.flatnonzero(self.places.with_whole)[::-1]  # where they differ, the first
        found[self.corpus.whole[followers]] = found[followers]
        found[self.held] = UNPLACED
        return found

    @cached_property
    def evidence(self) -> Labels:
        """The row that speaks for each segment as it stands: its whole retour's or its own."""
        return self.evidence_of(self.places.with_whole)

    def evidence_of(self, with_whole: NDArray[np.bool_]) -> Labels:
        """Return the row that speaks for each segment."""
        return np.where(
            with_whole, self.corpus.whole[: len(with_whole)], np.arange(len(with_whole))
        )

    def of_units(self, labels: Labels) -> Labels:
        """Return ``labels`` of what is grouped, -1 for segments that lie in a whole retour."""
        return np.where(self.corpus.is_unit, labels, UNPLACED)

    @cached_property
    def has_home(self) -> NDArray[np.bool_]:
        """The rows that stand in a theme, and the whole retours of which a segment does."""
        found = np.zeros(len(self.corpus.whole), bool)
        found[: len(self.homes)] = [home is not None for home in self.homes]
        found[self.corpus.whole[np.flatnonzero(found)]] = True
        return found

    def _nearest(self, rows: Labels, owners: list[int]) -> Labels | int:
        centres = self.stored_centres()
        if len(owners) < 2 or self.base.old_points is None:
            return owners[0]
        known = [each for each in owners if self.subjects[each] in centres]
        if not known:
            return owners[0]
        stack = np.stack([centres[self.subjects[each]][0] for each in known])
        nearest = (self.base.old_points[rows] @ stack.T).argmax(axis=1)
        return np.array(known, np.int64)[nearest]

    def stored_centres(self) -> dict[str, Centre]:
        """Return the subjects' centres in the space that stood."""
        if self.base.old_points is None:
            return {}
        found = {}
        for subject in self.picture.live_subjects():
            centre = centre_of(subject, self.base.old_points.shape[1])
            if centre is not None:
                found[subject.id] = (centre, subject.threshold)
        return found

    @cached_property
    def slices(self) -> dict[str, Centre]:
        """The themes' own centres in the new space, of all that stands in them."""
        return theme_centres(self.base.points, self.homes, self.evidence)

    def is_hidden(self, subject: str) -> bool:
        """Say whether a standing subject waits to be found a second time."""
        return not self.picture.is_shown(self.picture.subjects[subject])

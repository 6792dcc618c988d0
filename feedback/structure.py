"""What a refresh reads and computes before it decides: segments, where they stand, the space.

Writes no row: ``feedback/arrangement.py`` does, once this long work is done without a lock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from app.db import db
from feedback.families import Centre
from feedback.models import Feedback, PlacedBy, Placement, Segment
from feedback.picture import Picture, centre_of
from feedback.routes import Routes
from nlp.assign import UNPLACED, Labels, Prototypes, Vectors, fit_thresholds, rows_by_label
from nlp.cluster import cluster
from nlp.copies import authors, near_copies
from nlp.encode import Encoder, unit_rows
from nlp.space import Space, fit_space

SEED = 2019
DRAWN = 0.3  # of a unit; 0.1 keeps 93 % of memberships at +1 % of messages, 0.3 keeps 98 %


@dataclass(frozen=True, eq=False)
class Corpus:
    """Every segment of one model, in a fixed order: what a refresh reads."""

    ids: list[str]
    feedback_ids: list[str]
    services: NDArray[np.int64]
    texts: list[str]
    vectors: Vectors
    days: list[date]
    batches: list[str | None]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each segment id."""
        return {each: row for row, each in enumerate(self.ids)}

    def authors(self, rows: Iterable[int]) -> int:
        """Return how many authors these segments have, near-copies counted once."""
        found = list(dict.fromkeys(rows))
        texts = [self.texts[row] for row in found]
        codes = [self.feedback_ids[row] for row in found]
        batches = [self.batches[row] for row in found]
        return authors(codes, near_copies(texts), batches, [self.days[row] for row in found])


@dataclass(frozen=True, eq=False)
class Places:
    """Where each segment of a corpus stands: its theme, and whether a person put it there."""

    themes: list[str | None]
    fixed: NDArray[np.bool_]
    contested: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Base:
    """The heavy part of a refresh: the space, the points, and in a full one the new groups."""

    full: bool
    space: Space
    points: Vectors
    labels: Labels  # all -1 in a partial refresh
    old_points: Vectors | None  # in the space that stood; None when it cannot be compared


def read_corpus(model: str) -> Corpus:
    """Return every stored segment of ``model``."""
    query = (
        select(
            Segment.id,
            Segment.feedback_id,
            Feedback.service_id,
            func.substr(Feedback.text, Segment.start + 1, Segment.end - Segment.start),
            Segment.vector,
            Feedback.day,
            Feedback.batch,
        )
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Segment.model == model)
        .order_by(Segment.id)
    )
    rows = db.session.execute(query).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    ids, feedback_ids, services, texts, vectors, days, batches = columns
    return Corpus(
        list(ids),
        list(feedback_ids),
        np.array(services, np.int64),
        [text or "" for text in texts],
        unpack(vectors),
        list(days),
        list(batches),
    )


def unpack(vectors: Iterable[bytes]) -> Vectors:
    """Return stored vectors as float32 rows."""
    stored = list(vectors)
    if not stored:
        return np.zeros((0, 1), np.float32)
    flat = np.frombuffer(b"".join(stored), np.float16)
    return flat.reshape(len(stored), -1).astype(np.float32)


def read_places(corpus: Corpus) -> Places:
    """Return where the segments of ``corpus`` stand now; an author's contest is nowhere."""
    themes: list[str | None] = [None] * len(corpus.ids)
    fixed, contested = np.zeros(len(themes), bool), np.zeros(len(themes), bool)
    query = select(Placement.segment_id, Placement.theme_id, Placement.by, Placement.contested)
    for segment, theme, by, was_contested in db.session.execute(query):
        row = corpus.rows.get(segment)
        if row is not None:
            fixed[row] = by == PlacedBy.PERSON or was_contested
            contested[row] = was_contested
            themes[row] = None if was_contested else theme
    return Places(themes, fixed, contested)


def keep_space(corpus: Corpus, space: Space) -> Base:
    """Return the points of a partial refresh. Raises ValueError for a vector with NaN."""
    points = space.transform(corpus.vectors, corpus.texts)
    return Base(False, space, points, np.full(len(points), UNPLACED, np.int64), points)


def fit_anew(corpus: Corpus, encoder: Encoder, old: Space | None) -> Base:
    """Return the points of a full refresh, without groups yet. Raises ValueError for NaN."""
    vectors, texts = corpus.vectors, corpus.texts
    space = fit_space(vectors, texts, encoder.model_hash, SEED, encoder.encode)
    points = space.transform(corpus.vectors, corpus.texts)
    before = old.transform(corpus.vectors, corpus.texts) if old else None
    return Base(True, space, points, np.full(len(points), UNPLACED, np.int64), before)


def group_anew(base: Base, before: Labels) -> Base:
    """Return ``base`` with everything grouped; ``before`` (n,) numbers what each was about.

    Chance moves the border of a group at every run: old members are drawn a little towards their
    middle, so that a group changes where the messages changed.
    """
    drawn = base.points.copy()
    for rows in rows_by_label(before).values():
        middle = unit_rows(base.points[rows].sum(axis=0, keepdims=True))
        drawn[rows] = unit_rows(base.points[rows] + DRAWN * middle)
    return replace(base, labels=cluster(drawn, SEED))


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
    def origin(self) -> Labels:
        """The number of the subject that the machine put each segment for, or -1.

        What a person placed counts for no subject: local edits never leave their service.
        """
        numbers = {subject: number for number, subject in enumerate(self.subjects)}
        found = np.full(len(self.homes), UNPLACED, np.int64)
        for theme, rows in rows_by_theme(self.homes).items():
            owners = [numbers[each] for each in self.routes.owners.get(theme, [])]
            if owners:
                found[rows] = self._nearest(rows, owners)
        found[self.places.fixed] = UNPLACED
        return found

    def _nearest(self, rows: list[int], owners: list[int]) -> Labels | int:
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
        return theme_centres(self.base.points, self.homes)

    def is_hidden(self, subject: str) -> bool:
        """Say whether a standing subject waits to be found a second time."""
        return not self.picture.is_shown(self.picture.subjects[subject])


def rows_by_theme(homes: list[str | None]) -> dict[str, list[int]]:
    """Return the rows of each theme."""
    found: dict[str, list[int]] = {}
    for row, theme in enumerate(homes):
        if theme is not None:
            found.setdefault(theme, []).append(row)
    return found


def centres_by_name(points: Vectors, labels: Labels, names: list[str]) -> dict[str, Centre]:
    """Return the centre and threshold of each label's members, by name."""
    fitted: Prototypes = fit_thresholds(points, labels)
    return {
        names[number]: (fitted.centres[row], float(fitted.thresholds[row]))
        for row, number in enumerate(fitted.themes.tolist())
    }


def theme_centres(points: Vectors, homes: list[str | None]) -> dict[str, Centre]:
    """Return the centre and threshold of each theme's members."""
    names = sorted({home for home in homes if home})
    numbers: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers.get(home, UNPLACED) for home in homes], np.int64)
    return centres_by_name(points, labels, names)

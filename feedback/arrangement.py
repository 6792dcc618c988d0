"""Writes the structure: subjects that keep their identity, their slices as themes, placements.

What a person did (a name, a placement, a contest) survives. New segments between two refreshes are
put into what stands by ``feedback/placing.py``.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import shorten

import numpy as np
from sqlalchemy import delete, select

from app.db import db, start_reading, start_writing
from feedback import theme_edits, themes
from feedback.models import AnalysisRun, PlacedBy, Placement, Segment, Subject, Theme
from feedback.placing import Scored, placement, space_path
from feedback.structure import Corpus, Found, compute, read_corpus
from nlp.assign import UNPLACED
from nlp.keywords import theme_words, title, typical

FEWEST_IN_THEME = 5  # segments of one service, before its slice of a subject is a theme
TYPICAL = 12
WORDS = 12
NAME_LENGTH = 120
OPENING = 60  # characters of a typical segment that stand for a name


@dataclass(frozen=True)
class Arranged:
    """The rows of a refresh as they are being written."""

    corpus: Corpus
    found: Found
    subjects: dict[int, Subject]  # by label
    themes: dict[tuple[int, int], Theme]  # by service and label


def refresh(model: str, model_hash: str, folder: Path, day: date) -> AnalysisRun:
    """Group everything anew, keep identities, and return the run. Adds and flushes.

    The space is saved first: were the writing to fail, ``place`` sees centroids of another space
    and abstains until the next run.
    """
    start_reading()
    corpus = read_corpus(model)
    db.session.rollback()
    if len(corpus.ids) < themes.FEWEST_TEXTS:  # no structure yet, and none is written down
        start_writing()
        return AnalysisRun(day=day, model=model, segments=len(corpus.ids), subjects=0, unplaced=0)
    found = compute(corpus, model_hash)
    found.space.save(space_path(folder))
    start_writing()
    subjects = _keep_subjects(corpus, found, day)
    arranged = Arranged(corpus, found, subjects, _keep_themes(corpus, found, subjects, day))
    _place_all(arranged, model, day)
    run = AnalysisRun(
        day=day,
        model=model,
        space=found.space.hash,
        segments=len(corpus.ids),
        subjects=len(subjects),
        unplaced=found.labels.count(UNPLACED),
    )
    db.session.add(run)
    db.session.flush()
    return run


def _texts_of(corpus: Corpus, found: Found, service: int | None = None) -> dict[int, list[str]]:
    by_label: dict[int, list[str]] = defaultdict(list)
    for text, label, home in zip(corpus.texts, found.labels, corpus.services, strict=True):
        if label != UNPLACED and service in (None, home):
            by_label[label].append(text)
    return by_label


def _keep_subjects(corpus: Corpus, found: Found, day: date) -> dict[int, Subject]:
    """Return a subject for each group: the one it continues, else a new one; end the others."""
    words = theme_words(_texts_of(corpus, found), WORDS)
    kept: dict[int, Subject] = {}
    for row, label in enumerate(found.prototypes.themes.tolist()):
        old = found.matches.old_of(label)
        subject = db.session.get(Subject, found.old_ids[old]) if old is not None else None
        if subject is None:
            subject = Subject(born=day, name="")
            db.session.add(subject)
        subject.words = [list(pair) for pair in words.get(label, [])]
        if not subject.named_by_person:
            subject.name = title(words.get(label, []))[:NAME_LENGTH]
        subject.centroid = found.prototypes.centres[row].astype(np.float32).tobytes()
        subject.threshold = float(found.prototypes.thresholds[row])
        subject.ended = None
        kept[label] = subject
    db.session.flush()
    _end_others(Subject, {subject.id for subject in kept.values()}, day)
    return kept


def _end_others(table: type[Subject] | type[Theme], kept: set[str], day: date) -> None:
    """End what no group continues; what a person named stays."""
    standing: list[Subject | Theme] = list(
        db.session.scalars(select(table).where(table.ended.is_(None)))
    )
    for row in standing:
        if row.id not in kept and not row.named_by_person:
            row.ended = day


def _keep_themes(
    corpus: Corpus, found: Found, subjects: dict[int, Subject], day: date
) -> dict[tuple[int, int], Theme]:
    """Return the slice of each subject in each service that is large enough to be a theme."""
    known = {
        (theme.service_id, theme.subject_id): theme for theme in db.session.scalars(select(Theme))
    }
    retours = Counter(dict(zip(corpus.feedback_ids, corpus.services, strict=True)).values())
    kept: dict[tuple[int, int], Theme] = {}
    for service in (each for each, count in retours.items() if count >= themes.FEWEST_TEXTS):
        slices = _texts_of(corpus, found, service)
        words = theme_words(slices, WORDS)
        for label, texts in slices.items():
            if len(texts) < FEWEST_IN_THEME:
                continue
            theme = known.get((service, subjects[label].id))
            if theme is None:
                theme = Theme(service_id=service, subject_id=subjects[label].id, born=day, name="")
                db.session.add(theme)
            _describe(theme, words.get(label, []))
            kept[service, label] = theme
    db.session.flush()
    for theme in kept.values():
        if theme.born == day:
            theme_edits.note_birth(theme, day)
    _end_others(Theme, {theme.id for theme in kept.values()}, day)
    return kept


def _describe(theme: Theme, words: list[tuple[str, float]]) -> None:
    theme.words = [list(pair) for pair in words]
    theme.ended = None
    if not theme.named_by_person:
        theme.name = title(words)[:NAME_LENGTH]


def _place_all(arranged: Arranged, model: str, day: date) -> None:
    """Replace every placement of the machine; those of people stay."""
    corpus, found = arranged.corpus, arranged.found
    db.session.execute(delete(Placement).where(Placement.by == PlacedBy.MACHINE))
    still_there = set(db.session.scalars(select(Segment.id)))
    members: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(found.labels):
        theme = arranged.themes.get((corpus.services[place], label))
        if theme is None or corpus.by_person[place] or corpus.ids[place] not in still_there:
            continue
        members[theme.id].append(place)
        scored = _score(arranged, place, label)
        db.session.add(placement(corpus.ids[place], theme, scored, model, day))
    for theme in arranged.themes.values():
        theme.typical = _typical(members[theme.id], arranged)
        if not theme.name:
            theme.name = _opening(theme.typical, corpus)
    db.session.flush()


def _opening(typical_ids: list[str], corpus: Corpus) -> str:
    """Return the first words of the most typical segment: a theme without a word of its own."""
    text = corpus.texts[corpus.ids.index(typical_ids[0])] if typical_ids else ""
    return shorten(text, OPENING, placeholder="…")


def _score(arranged: Arranged, place: int, label: int) -> Scored:
    """Return how near one segment is to its group, and the next nearest theme of its service."""
    prototypes = arranged.found.prototypes
    similar = prototypes.centres @ arranged.found.points[place]
    row = int(np.flatnonzero(prototypes.themes == label)[0])
    score, threshold = float(similar[row]), float(prototypes.thresholds[row])
    similar[row] = -np.inf
    second = int(prototypes.themes[int(similar.argmax())])
    runner_up = arranged.themes.get((arranged.corpus.services[place], second))
    return Scored(score, threshold, runner_up if second != label else None)


def _typical(places: list[int], arranged: Arranged) -> list[str]:
    if not places:
        return []
    points = arranged.found.points[places]
    found = typical(points, np.zeros(len(places), dtype=np.int64), TYPICAL)
    return [arranged.corpus.ids[places[each]] for each in found.get(0, [])]

"""Says what each subject and theme of a plan is: words, a name that lasts, typical messages, a
place on the map. Pure; the slow part of a refresh, done before any lock is taken."""

from collections import defaultdict
from typing import Any

import numpy as np

from feedback.centres import once, rows_by_theme
from feedback.picture import SubjectRow, ThemeRow
from feedback.plans import Plan
from feedback.theme_words import TO_NAME, UNNAMED
from nlp.assign import UNPLACED, rows_by_label
from nlp.examples import typical_texts
from nlp.keywords import Weighted, title
from nlp.map2d import place_on_map
from nlp.titles import Named, name_themes

TYPICAL = 12
WORDS = 12
NAME_LENGTH = 120


def describe(made: Plan, tagger: Any = None) -> None:
    """Fill in what the rows of ``made.after`` say, and the names in its events.

    ``tagger``: what `nlp.tagged_phrases.load_tagger` returns; without it, names come from the use
    of words alone.
    """
    _describe_subjects(made, tagger)
    by_service: dict[int, list[ThemeRow]] = defaultdict(list)
    for theme in made.after.themes.values():
        if theme.ended is None:
            by_service[theme.service_id].append(theme)
    rows = rows_by_theme(made.homes)
    for themes in by_service.values():
        _describe_service(made, themes, rows, tagger)
        _map(made, themes)
    names = {each: theme.name for each, theme in made.after.themes.items()}
    made.events = [(each, kind, _fill(text, names)) for each, kind, text in made.events]


def _fill(text: str, names: dict[str, str]) -> str:
    return " → ".join(names.get(part.strip("{}"), part) for part in text.split(" → "))


def _named(made: Plan, members: list[list[int]], tagger: Any) -> dict[int, Named]:
    """Return words and title of each list of rows, by its place in ``members``."""
    texts, points = made.work.corpus.texts, made.work.base.points
    by_number = {n: [texts[row] for row in rows] for n, rows in enumerate(members)}
    places = {n: points[rows] for n, rows in enumerate(members)}
    return name_themes(by_number, places, tagger, WORDS)


def _describe_subjects(made: Plan, tagger: Any) -> None:
    of = made.work.of_units(made.grouping.of)
    # A whole retour none of whose segments stays with it would leave words that no erasure finds.
    of[np.setdiff1d(np.flatnonzero(made.work.corpus.is_unit), made.evidence)] = UNPLACED
    members = {
        made.grouping.subjects[number]: rows.tolist() for number, rows in rows_by_label(of).items()
    }
    members |= {each: rows.tolist() for each, rows in made.grouping.hidden.items()}
    names = sorted(members)
    named = _named(made, [members[each] for each in names], tagger)
    for number, subject in enumerate(names):
        _name(made.after.subjects[subject], named[number])


def _describe_service(
    made: Plan, themes: list[ThemeRow], rows: dict[str, list[int]], tagger: Any
) -> None:
    members = [once(rows.get(theme.id, []), made.evidence) for theme in themes]
    named = _named(made, members, tagger)
    for number, theme in enumerate(themes):
        found = rows.get(theme.id, [])
        theme.typical = [made.work.corpus.ids[row] for row in _typical(made, found)]
        centre = made.slices.get(theme.id)
        theme.centroid = centre[0].astype(np.float32).tobytes() if centre else None
        theme.threshold = centre[1] if centre else theme.threshold
        _name(theme, named[number])


def _name(row: SubjectRow | ThemeRow, named: Named) -> None:
    """Give a row its words; a name lasts as long as one of its words is still said."""
    row.words = [[word, weight] for word, weight in named.words[:WORDS]]
    kept = row.named_by_person or getattr(row, "locked", False)
    unnamed = row.name in ("", UNNAMED, TO_NAME)
    if kept or not (unnamed or not _still_said(row.name, named.words)):
        return
    found = named.title or title(named.words)
    row.name = found[:NAME_LENGTH] or (TO_NAME if unnamed else row.name)


def _still_said(name: str, words: Weighted) -> bool:
    said = " ".join(word.lower() for word, _ in words)
    return not said or any(term.lower() in said for term in name.split(" · "))


def _typical(made: Plan, rows: list[int]) -> list[int]:
    if not rows:
        return []
    rows = _speakers(made, rows)
    points = made.work.base.points[made.evidence[rows]]
    texts = [made.work.corpus.texts[row] for row in rows]
    found = typical_texts(points, np.zeros(len(rows), np.int64), texts, TYPICAL)
    return [rows[each] for each in found.get(0, [])]


def _speakers(made: Plan, rows: list[int]) -> list[int]:
    """Return one segment of each whole retour, the one nearest to the others, and all else."""
    points = made.work.base.points
    middle = points[once(rows, made.evidence)].sum(axis=0)
    by_nearness = [rows[place] for place in np.argsort(points[rows] @ middle, kind="stable")]
    return sorted({int(made.evidence[row]): row for row in by_nearness}.values())


def _map(made: Plan, themes: list[ThemeRow]) -> None:
    """Place the themes of one service; the last map is kept as well as it can be."""
    known = sorted((t for t in themes if t.id in made.slices), key=lambda theme: theme.id)
    if not known:
        return
    last = [(t.map_x, t.map_y) if t.map_x is not None else (np.nan, np.nan) for t in known]
    centres = np.stack([made.slices[theme.id][0] for theme in known])
    for theme, place in zip(known, place_on_map(centres, np.array(last, np.float64)), strict=True):
        theme.map_x, theme.map_y = round(float(place[0]), 4), round(float(place[1]), 4)

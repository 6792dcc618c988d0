"""Says what each subject and theme of a plan is: words, a name that lasts, typical messages, a
place on the map. Pure; the slow part of a refresh, done before any lock is taken."""

from collections import defaultdict
from textwrap import shorten

import numpy as np

from feedback.picture import SubjectRow, ThemeRow
from feedback.planning import Plan
from feedback.structure import rows_by_theme
from feedback.theme_words import UNNAMED
from nlp.assign import rows_by_label
from nlp.keywords import Weighted, theme_words, title, typical
from nlp.map2d import place_on_map

TYPICAL = 12
WORDS = 12
NAME_LENGTH = 120
OPENING = 60  # characters of a typical segment that stand for a name


def describe(made: Plan) -> None:
    """Fill in what the rows of ``made.after`` say, and the names in its events."""
    _describe_subjects(made)
    by_service: dict[int, list[ThemeRow]] = defaultdict(list)
    for theme in made.after.themes.values():
        if theme.ended is None:
            by_service[theme.service_id].append(theme)
    rows = rows_by_theme(made.homes)
    for themes in by_service.values():
        _describe_service(made, themes, rows)
        _map(made, themes)
    names = {each: theme.name for each, theme in made.after.themes.items()}
    made.events = [(each, kind, _fill(text, names)) for each, kind, text in made.events]


def _fill(text: str, names: dict[str, str]) -> str:
    return " → ".join(names.get(part.strip("{}"), part) for part in text.split(" → "))


def _describe_subjects(made: Plan) -> None:
    members = {
        made.grouping.subjects[number]: rows.tolist()
        for number, rows in rows_by_label(made.grouping.of).items()
    }
    members |= {each: rows.tolist() for each, rows in made.grouping.hidden.items()}
    names = sorted(members)
    texts = made.work.corpus.texts
    words = theme_words({n: [texts[r] for r in members[s]] for n, s in enumerate(names)}, WORDS)
    for number, subject in enumerate(names):
        _name(made.after.subjects[subject], words.get(number, []))


def _describe_service(made: Plan, themes: list[ThemeRow], rows: dict[str, list[int]]) -> None:
    texts = made.work.corpus.texts
    words = theme_words(
        {n: [texts[r] for r in rows.get(t.id, [])] for n, t in enumerate(themes)}, WORDS
    )
    for number, theme in enumerate(themes):
        found = rows.get(theme.id, [])
        theme.typical = [made.work.corpus.ids[row] for row in _typical(made, found)]
        centre = made.slices.get(theme.id)
        theme.centroid = centre[0].astype(np.float32).tobytes() if centre else None
        theme.threshold = centre[1] if centre else theme.threshold
        _name(theme, words.get(number, []))
        if theme.name in ("", UNNAMED) and theme.typical:
            opening = texts[made.work.corpus.rows[theme.typical[0]]]
            theme.name = shorten(opening, OPENING, placeholder="…")


def _name(row: SubjectRow | ThemeRow, words: Weighted) -> None:
    """Give a row its words; a name lasts as long as one of its words is still said."""
    row.words = [[word, weight] for word, weight in words[:WORDS]]
    kept = row.named_by_person or getattr(row, "locked", False)
    if kept or not (row.name in ("", UNNAMED) or not _still_said(row.name, words)):
        return
    row.name = title(words)[:NAME_LENGTH] or row.name


def _still_said(name: str, words: Weighted) -> bool:
    said = " ".join(word.lower() for word, _ in words)
    return not said or any(term.lower() in said for term in name.split(" · "))


def _typical(made: Plan, rows: list[int]) -> list[int]:
    if not rows:
        return []
    found = typical(made.work.base.points[rows], np.zeros(len(rows), np.int64), TYPICAL)
    return [rows[each] for each in found.get(0, [])]


def _map(made: Plan, themes: list[ThemeRow]) -> None:
    """Place the themes of one service; the last map is kept as well as it can be."""
    known = sorted((t for t in themes if t.id in made.slices), key=lambda theme: theme.id)
    if not known:
        return
    last = [(t.map_x, t.map_y) if t.map_x is not None else (np.nan, np.nan) for t in known]
    centres = np.stack([made.slices[theme.id][0] for theme in known])
    for theme, place in zip(known, place_on_map(centres, np.array(last, np.float64)), strict=True):
        theme.map_x, theme.map_y = round(float(place[0]), 4), round(float(place[1]), 4)

"""Puts what is about a subject into the theme that the subject has in its service. Pure.

A slice of a subject becomes a theme once enough retours speak of it there.
"""

import sys
from collections import Counter, defaultdict

from app.db import random_id
from feedback.about import fewest_authors
from feedback.families import choose
from feedback.picture import ThemeRow
from feedback.plans import Plan
from feedback.routes import Routes
from feedback.themes import FEWEST_TEXTS
from nlp.assign import rows_by_label

NEVER = sys.maxsize  # retours of a theme where too few wrote for any
HALF = 0.5


def fill_slices(made: Plan) -> None:
    """Put every segment that is about a subject into the theme of its service, if there is one."""
    routes, corpus = Routes(made.after), made.work.corpus
    services = corpus.services.tolist()
    retours = Counter(dict(zip(corpus.feedback_ids, services, strict=True)).values())
    for number, members in rows_by_label(made.grouping.of[: len(made.homes)]).items():
        for service, rows in sorted(_free_by_service(made, members.tolist()).items()):
            few = retours[service] < FEWEST_TEXTS
            fewest = NEVER if few else fewest_authors(retours[service])
            _fill(made, routes, (service, made.grouping.subjects[number]), rows, fewest)


def _free_by_service(made: Plan, members: list[int]) -> dict[int, list[int]]:
    """Return the rows among ``members`` that the machine may place, by service."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in members:
        if made.homes[row] is None and not made.work.places.fixed[row]:
            found[int(made.work.corpus.services[row])].append(row)
    return found


def _fill(made: Plan, routes: Routes, where: tuple[int, str], rows: list[int], fewest: int) -> None:
    options = [theme.id for theme in routes.options(*where)]
    if not options:
        retours = {made.work.corpus.feedback_ids[row] for row in rows}
        if len(retours) < fewest:
            _leave(made, routes, rows)
            return
        options = [_theme_for(made, routes, where, rows).id]
    old = [made.work.homes[row] for row in rows]
    free = [row for row, home in zip(rows, old, strict=True) if home not in options]
    for row, home in zip(rows, old, strict=True):
        made.homes[row] = home if home in options else None
    points = made.work.base.points[made.evidence[free]]
    chosen = choose(points, options, made.work.slices) if free else []
    for row, home in zip(free, chosen, strict=True):
        made.homes[row] = home


def _leave(made: Plan, routes: Routes, rows: list[int]) -> None:
    """Leave segments whose subject has no theme here where they stood, if that still stands."""
    for row in rows:
        home = made.work.homes[row]
        if home is not None and not made.grouping.ended.issuperset(routes.owners.get(home, [])):
            made.homes[row] = home


def _theme_for(made: Plan, routes: Routes, where: tuple[int, str], rows: list[int]) -> ThemeRow:
    """Return a new theme, one that comes back, or the one that people made of these segments."""
    direct = routes.direct(*where)
    if direct is not None:
        theme = routes.last(direct)
        theme.ended = None
        made.born.append(theme)
        return theme
    theme = ThemeRow(random_id(), where[0], made.work.day, where[1])
    made.after.themes[theme.id] = theme
    if (absorbing := _absorbing(made, rows)) is not None:
        theme.ended, theme.merged_into, theme.name = made.work.day, absorbing.id, absorbing.name
        return absorbing
    made.born.append(theme)
    return theme


def _absorbing(made: Plan, rows: list[int]) -> ThemeRow | None:
    """Return the theme into which people merged what these segments were, after another model.

    Without a common space nothing else tells which of the merged subjects they were about.
    """
    if made.work.base.old_points is not None:
        return None
    counts = Counter(home for row in rows if (home := made.work.homes[row])).most_common(1)
    merged = {theme.merged_into for theme in made.work.picture.themes.values()}
    if counts and counts[0][0] in merged and counts[0][1] >= HALF * len(rows):
        return made.after.themes[counts[0][0]]
    return None

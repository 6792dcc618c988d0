"""Plans the themes of every service from what each segment is about, people's edits first. Pure.

What a person placed, a locked theme holds or a partial refresh finds in its place stays there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.db import random_id
from feedback import keeping_bonds
from feedback.families import Centre, choose
from feedback.grouping import Grouping
from feedback.picture import Picture, SubjectRow, ThemeRow
from feedback.routes import Routes, copied
from feedback.structure import Work, centres_by_name, rows_by_theme, theme_centres
from feedback.themes import FEWEST_TEXTS
from nlp.assign import UNPLACED, rows_by_label

FEWEST_IN_THEME = 5  # retours of one service, before its slice of a subject is a theme
HIDDEN_DAYS = 28  # a subject not found again within them was chance
SPLIT_SHARE = 0.25  # of a theme's segments, for a new one to be told as its part
HALF = 0.5

Event = tuple[str, str, str]  # id, kind, detail


@dataclass(eq=False)
class Plan:
    """What a refresh will write: rows as they will be, and the theme of each segment."""

    work: Work
    grouping: Grouping
    after: Picture
    homes: list[str | None]
    born: list[ThemeRow] = field(default_factory=list)  # new ones and those that came back
    centres: dict[str, Centre] = field(default_factory=dict)  # of subjects
    slices: dict[str, Centre] = field(default_factory=dict)  # of themes
    events: list[Event] = field(default_factory=list)


def plan(work: Work, grouping: Grouping) -> Plan:
    """Return what becomes of every subject, theme and placement."""
    made = Plan(work, grouping, copied(work.picture), list(work.homes))
    _plan_subjects(made)
    stays = _stays(made)
    for place, theme in enumerate(made.homes):
        if theme is not None and not stays[place]:
            made.homes[place] = None
    for place, lone in grouping.lone.items():
        made.homes[place] = lone
    _fill_slices(made, stays)
    _keep_swallowed(made)
    _honour_bonds(made)
    made.slices = theme_centres(work.base.points, made.homes)
    _end_empty(made)
    made.events += _told(made)
    return made


def is_protected(theme: ThemeRow, picture: Picture) -> bool:
    """Say whether a person made ``theme`` what it is, so that no run may end it."""
    return theme.locked or theme.named_by_person or theme.id in picture.bonded


def _plan_subjects(made: Plan) -> None:
    work, grouping = made.work, made.grouping
    found = centres_by_name(work.base.points, grouping.of, grouping.subjects)
    waiting = np.full(len(grouping.of), UNPLACED, np.int64)
    for number, subject in enumerate(sorted(grouping.hidden)):
        waiting[grouping.hidden[subject]] = number
    found |= centres_by_name(work.base.points, waiting, sorted(grouping.hidden))
    kept = work.stored_centres() if not work.base.full else {}
    for subject in {*grouping.subjects, *grouping.hidden}:
        row = made.after.subjects.setdefault(subject, SubjectRow(subject, work.day))
        row.seen = grouping.seen.get(subject, row.seen)
        centre = found.get(subject) or kept.get(subject)
        row.centroid = centre[0].astype(np.float32).tobytes() if centre else None
        row.threshold = centre[1] if centre else 0.0
        stale = work.is_hidden(subject) if subject in work.picture.subjects else False
        age = (work.day - row.born).days
        if subject in grouping.ended or (stale and row.seen < 2 and age > HIDDEN_DAYS):
            row.ended = work.day
        elif centre:
            made.centres[subject] = centre


def _stays(made: Plan) -> NDArray[np.bool_]:
    """Return which segments keep their theme whatever the groups say."""
    work = made.work
    if not work.base.full:
        return np.ones(len(work.homes), bool)
    stays = work.places.fixed.copy()
    for theme, rows in rows_by_theme(work.homes).items():
        row, owners = made.after.themes[theme], set(work.routes.owners.get(theme, []))
        alone = owners <= made.grouping.ended  # its subject ended, or it had none
        if row.locked or (alone and (not owners or is_protected(row, made.after))):
            stays[rows] = True
    return stays


def _fill_slices(made: Plan, stays: NDArray[np.bool_]) -> None:
    """Put every segment that is about a subject into the theme of its service, if there is one."""
    work, of = made.work, made.grouping.of
    routes = Routes(made.after)
    retours = Counter(dict(zip(work.corpus.feedback_ids, _services(work), strict=True)).values())
    for number, members in rows_by_label(of).items():
        by_service: dict[int, list[int]] = defaultdict(list)
        for row in members.tolist():
            if made.homes[row] is None and not work.places.fixed[row]:
                by_service[int(work.corpus.services[row])].append(row)
        for service, rows in sorted(by_service.items()):
            enough = retours[service] >= FEWEST_TEXTS
            _fill(made, routes, (service, made.grouping.subjects[number]), rows, enough)


def _services(work: Work) -> list[int]:
    return list(work.corpus.services.tolist())


def _fill(
    made: Plan, routes: Routes, where: tuple[int, str], rows: list[int], enough: bool
) -> None:
    options = [theme.id for theme in routes.options(*where)]
    if not options:
        retours = {made.work.corpus.feedback_ids[row] for row in rows}
        if not enough or len(retours) < FEWEST_IN_THEME:
            _leave(made, routes, rows)
            return
        options = [_theme_for(made, routes, where, rows).id]
    old = [made.work.homes[row] for row in rows]
    free = [row for row, home in zip(rows, old, strict=True) if home not in options]
    for row, home in zip(rows, old, strict=True):
        made.homes[row] = home if home in options else None
    chosen = choose(made.work.base.points[free], options, made.work.slices) if free else []
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


def _keep_swallowed(made: Plan) -> None:
    """Make a theme that people shaped a part of the one whose subject swallowed its own."""
    routes = Routes(made.after)
    for theme_id, rows in rows_by_theme(made.work.homes).items():
        theme = made.after.themes[theme_id]
        if routes.owners.get(theme_id) or theme.split_from or made.homes[rows[0]] != theme_id:
            continue
        counts = Counter(made.grouping.of[rows].tolist()).most_common(1)
        number, count = counts[0]
        if number == UNPLACED or count <= HALF * len(rows):
            continue
        options = routes.options(theme.service_id, made.grouping.subjects[number])
        if options and options[0].id != theme_id:
            theme.split_from = options[0].id


def _honour_bonds(made: Plan) -> None:
    work, picture = made.work, made.after
    rows = work.corpus.rows
    slices = theme_centres(work.base.points, made.homes)
    by_service: dict[int, list[str]] = defaultdict(list)
    for theme_id in sorted(slices):
        by_service[picture.themes[theme_id].service_id].append(theme_id)

    def is_fixed(row: int) -> bool:
        home = work.homes[row]
        locked = home is not None and picture.themes[home].locked
        return bool(work.places.fixed[row]) or (locked and made.homes[row] == home)

    seats = keeping_bonds.Seats(
        made.homes,
        is_fixed,
        lambda row, theme: float(work.base.points[row] @ slices[theme][0]),
        lambda theme: slices[theme][1],
        lambda row: by_service[int(work.corpus.services[row])],
    )
    together = keeping_bonds.rows_of(picture.together, rows)
    keeping_bonds.honour(seats, together, keeping_bonds.rows_of(picture.apart, rows))


def _end_empty(made: Plan) -> None:
    """End the themes that nothing stands in, but for those that people shaped."""
    held = set(made.homes)
    for theme in made.after.themes.values():
        left = theme.ended is None and theme.id not in held
        if left and not is_protected(theme, made.after):
            theme.ended = made.work.day


def _told(made: Plan) -> list[Event]:
    """Return what happened to themes; names are filled in by ``{id}``."""
    before, after = rows_by_theme(made.work.homes), rows_by_theme(made.homes)
    events: list[Event] = [(theme.id, "born", _named(theme.id)) for theme in made.born]
    old_ids = set(made.work.picture.themes)
    for theme in made.born:
        shares = Counter(made.work.homes[row] for row in after.get(theme.id, []))
        for old, count in shares.items():
            is_part = old in before and count >= SPLIT_SHARE * len(before[old])
            if old is not None and old != theme.id and is_part:
                events.append((old, "split", _named(old, theme.id)))
    for theme_id in sorted(old_ids):
        was, now = made.work.picture.themes[theme_id], made.after.themes[theme_id]
        if was.ended is None and now.ended is not None:
            events += _end_of(theme_id, made.homes, before.get(theme_id, []))
    return events


def _end_of(theme_id: str, homes: list[str | None], rows: Iterable[int]) -> list[Event]:
    found = Counter(homes[row] for row in rows)
    target, count = found.most_common(1)[0] if found else (None, 0)
    if target is not None and count > HALF * found.total():
        detail = _named(theme_id, target)
        return [(theme_id, "merged", detail), (target, "merged", detail)]
    return [(theme_id, "ended", _named(theme_id))]


def _named(*themes: str) -> str:
    return " → ".join(f"{{{each}}}" for each in themes)

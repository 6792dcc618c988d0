"""Plans the themes of every service from what each segment is about, people's edits first. Pure.

What a person placed, a locked theme holds or a partial refresh finds in its place stays there.
"""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from feedback import keeping_bonds
from feedback.about import Grouping
from feedback.centres import centres_by_name, rows_by_theme, theme_centres
from feedback.families import Centre
from feedback.filling import fill_slices
from feedback.picture import SubjectRow
from feedback.plan_events import told
from feedback.plans import Plan, is_protected
from feedback.routes import Routes, copied
from feedback.work import Work
from nlp.assign import UNPLACED

HIDDEN_DAYS = 28  # a subject not found again within them was chance
HALF = 0.5


def plan(work: Work, grouping: Grouping) -> Plan:
    """Return what becomes of every subject, theme and placement."""
    made = Plan(work, grouping, copied(work.picture), list(work.homes))
    _plan_subjects(made)
    _free_what_goes(made)
    fill_slices(made)
    _keep_swallowed(made)
    _honour_bonds(made)
    made.slices = theme_centres(work.base.points, made.homes, made.evidence)
    _end_empty(made)
    made.events += told(made)
    return made


def _plan_subjects(made: Plan) -> None:
    """Write the centre of each subject found, and end what a structure no longer holds."""
    work, grouping = made.work, made.grouping
    found = _found_centres(made)
    kept = work.stored_centres() if not work.base.full else {}
    for subject in {*grouping.subjects, *grouping.hidden}:
        row = made.after.subjects.setdefault(subject, SubjectRow(subject, work.day))
        row.seen = grouping.seen.get(subject, row.seen)
        if work.base.full:
            row.missed = row.missed + 1 if subject in grouping.missed else 0
        centre = found.get(subject) or kept.get(subject)
        row.centroid = centre[0].astype(np.float32).tobytes() if centre else None
        row.threshold = centre[1] if centre else 0.0
        if subject in grouping.ended or _was_chance(work, row):
            row.ended = work.day
        elif centre:
            made.centres[subject] = centre


def _found_centres(made: Plan) -> dict[str, Centre]:
    """Return the centres of the subjects found now, those that wait too."""
    points, grouping = made.work.base.points, made.grouping
    found = centres_by_name(points, made.work.of_units(grouping.of), grouping.subjects)
    hidden = sorted(grouping.hidden)
    waiting = np.full(len(grouping.of), UNPLACED, np.int64)
    for number, subject in enumerate(hidden):
        waiting[grouping.hidden[subject]] = number
    return found | centres_by_name(points, waiting, hidden)


def _was_chance(work: Work, row: SubjectRow) -> bool:
    """Say whether a subject was seen once and, while it waited, not a second time."""
    waited = row.id in work.picture.subjects and work.is_hidden(row.id)
    return waited and row.seen < 2 and (work.day - row.born).days > HIDDEN_DAYS


def _free_what_goes(made: Plan) -> None:
    """Take out of its theme what does not stay, and put into a lone theme what joined it."""
    stays = _stays(made)
    for place, theme in enumerate(made.homes):
        if theme is not None and not stays[place]:
            made.homes[place] = None
    for place, lone in made.grouping.lone.items():
        if place < len(made.homes):  # else a whole retour, whose segments follow it
            made.homes[place] = lone


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
    """Keep together, and apart, what people bound so."""
    rows, picture = made.work.corpus.rows, made.after
    together = keeping_bonds.rows_of(picture.together, rows)
    keeping_bonds.honour(_seats(made), together, keeping_bonds.rows_of(picture.apart, rows))


def _seats(made: Plan) -> keeping_bonds.Seats:
    """Return where each segment stands, with what it may move to and what it would gain."""
    work = made.work
    slices = theme_centres(work.base.points, made.homes, made.evidence)
    by_service: dict[int, list[str]] = defaultdict(list)
    for theme_id in sorted(slices):
        by_service[made.after.themes[theme_id].service_id].append(theme_id)
    return keeping_bonds.Seats(
        made.homes,
        lambda row: _is_held(made, row),
        lambda row, theme: float(work.base.points[made.evidence[row]] @ slices[theme][0]),
        lambda theme: slices[theme][1],
        lambda row: by_service[int(work.corpus.services[row])],
    )


def _is_held(made: Plan, row: int) -> bool:
    """Say whether a person, or a locked theme, holds a segment where it stands."""
    home = made.work.homes[row]
    locked = home is not None and made.after.themes[home].locked
    return bool(made.work.places.fixed[row]) or (locked and made.homes[row] == home)


def _end_empty(made: Plan) -> None:
    """End the themes that nothing stands in, but for those that people shaped."""
    held = set(made.homes)
    for theme in made.after.themes.values():
        left = theme.ended is None and theme.id not in held
        if left and not is_protected(theme, made.after):
            theme.ended = made.work.day

"""Tells what a plan does to themes: which are born, split, merged or end. Pure."""

from collections import Counter
from collections.abc import Iterable

from feedback.centres import rows_by_theme
from feedback.plans import Event, Plan

SPLIT_SHARE = 0.25  # of a theme's segments, for a new one to be told as its part
HALF = 0.5


def told(made: Plan) -> list[Event]:
    """Return what happened to themes; names are filled in by ``{id}``."""
    before = rows_by_theme(made.work.homes)
    born: list[Event] = [(theme.id, "born", _named(theme.id)) for theme in made.born]
    return born + _splits(made, before) + _ends(made, before)


def _splits(made: Plan, before: dict[str, list[int]]) -> list[Event]:
    """Return the themes that a new one took a part of."""
    after = rows_by_theme(made.homes)
    events: list[Event] = []
    for theme in made.born:
        shares = Counter(made.work.homes[row] for row in after.get(theme.id, []))
        for old, count in shares.items():
            is_part = old in before and count >= SPLIT_SHARE * len(before[old])
            if old is not None and old != theme.id and is_part:
                events.append((old, "split", _named(old, theme.id)))
    return events


def _ends(made: Plan, before: dict[str, list[int]]) -> list[Event]:
    """Return the themes that ended, each with the one that most of it went to."""
    events: list[Event] = []
    for theme_id in sorted(made.work.picture.themes):
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

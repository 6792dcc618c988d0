"""Honours what people said of two segments: always together, never together. Pure.

Whoever a person placed, or a locked theme holds, stays; the other one moves.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from feedback.picture import Pair

Unit = tuple[int, ...]  # rows of segments that move together
MOST_ROUNDS = 3  # one segment that leaves may meet another from which it is kept apart


@dataclass(frozen=True)
class Seats:
    """Where segments stand, by row; ``theme`` is changed."""

    theme: list[str | None]
    fixed: Callable[[int], bool]
    score: Callable[[int, str], float]  # of a row in a theme of its service
    threshold: Callable[[str], float]
    choices: Callable[[int], Iterable[str]]  # the standing themes of the row's service

    def mean(self, unit: Unit, theme: str) -> float:
        """Return how near the segments of ``unit`` are to ``theme`` on the average."""
        return sum(self.score(row, theme) for row in unit) / len(unit)

    def move(self, unit: Unit, theme: str | None) -> None:
        """Put every segment of ``unit`` that may move into ``theme``."""
        for row in unit:
            if not self.fixed(row):
                self.theme[row] = theme


def honour(seats: Seats, together: Iterable[tuple[int, int]], apart: list[tuple[int, int]]) -> None:
    """Bring together and part what people asked for."""
    units = _units(together)
    for unit in sorted(set(units.values())):
        _gather(seats, unit)
    for _ in range(MOST_ROUNDS):
        moved = [_part(seats, units.get(a, (a,)), units.get(b, (b,)), apart) for a, b in apart]
        if not any(moved):
            return


def rows_of(pairs: Iterable[Pair], rows: dict[str, int]) -> list[tuple[int, int]]:
    """Return pairs of segment ids as pairs of rows, those left out that are not there."""
    return [(rows[a], rows[b]) for a, b in pairs if a in rows and b in rows]


def _units(together: Iterable[tuple[int, int]]) -> dict[int, Unit]:
    """Return for each row that is tied to another all the rows tied to it."""
    home: dict[int, set[int]] = {}
    for a, b in together:
        joined = home.get(a, {a}) | home.get(b, {b})
        for row in joined:
            home[row] = joined
    return {row: tuple(sorted(joined)) for row, joined in home.items()}


def _gather(seats: Seats, unit: Unit) -> None:
    fixed = {seats.theme[row] for row in unit if seats.fixed(row)} - {None}
    found = fixed or {seats.theme[row] for row in unit} - {None}
    if found:
        target = max(sorted(each for each in found if each), key=lambda t: seats.mean(unit, t))
        seats.move(unit, target)


def _part(seats: Seats, one: Unit, other: Unit, apart: list[tuple[int, int]]) -> bool:
    """Move the unit that is less at home; say whether there was one to move."""
    shared = {seats.theme[row] for row in one} & {seats.theme[row] for row in other} - {None}
    free = [unit for unit in (one, other) if not any(seats.fixed(row) for row in unit)]
    if not shared or one == other or not free:
        return False
    theme = sorted(each for each in shared if each)[0]
    leaver = min(free, key=lambda unit: (seats.mean(unit, theme), unit))
    seats.move(leaver, _second_choice(seats, leaver, theme, apart))
    return True


def _second_choice(
    seats: Seats, unit: Unit, theme: str, apart: list[tuple[int, int]]
) -> str | None:
    """Return the nearest other theme that would take ``unit`` and holds none of its foes."""
    foes: dict[int, set[int]] = defaultdict(set)
    for a, b in apart:
        foes[a].add(b)
        foes[b].add(a)
    barred = {theme} | {seats.theme[foe] for row in unit for foe in foes[row]}
    scores = {t: seats.mean(unit, t) for t in seats.choices(unit[0]) if t not in barred}
    fitting = [t for t in sorted(scores) if scores[t] >= seats.threshold(t)]
    return max(fitting, key=lambda t: scores[t]) if fitting else None

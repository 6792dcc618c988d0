"""What reached and silence mean (model.md §1): pure, from counts of retours and of people.

Reached is a ratio of retours to people, never a share of people: one person may send several. A
group is set against those who said the same facet, for who did not say it would be missing from
every group and present in the mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

QUARTER_OF_MEAN = 0.25  # below this part of the mean a group is silent
FEWEST_EXPECTED = 4.0  # retours a quarter at the mean: none at all then comes by chance in 2 of 100
QUARTERS = 2


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter, [start, end)."""

    start: date
    end: date


@dataclass(frozen=True)
class Heard:
    """What one quarter heard of a group, and what the mean of its facet would have it hear."""

    quarter: Quarter
    retours: int
    expected: float


@dataclass(frozen=True)
class Silence:
    """A group that is hardly heard: ratios to its people, per quarter on the average."""

    value: str
    people: int
    reached: float
    mean: float
    heard: tuple[Heard, ...]


def last_quarters(day: date, count: int = QUARTERS) -> list[Quarter]:
    """Return the last ``count`` whole calendar quarters before ``day``, oldest first."""
    end = date(day.year, day.month - (day.month - 1) % 3, 1)
    found: list[Quarter] = []
    for _each in range(count):
        start = date(end.year - (end.month == 1), (end.month - 4) % 12 + 1, 1)
        found.insert(0, Quarter(start, end))
        end = start
    return found


def silent_groups(
    people: Mapping[str, int],
    counts: Sequence[tuple[Quarter, Mapping[str, int]]],
    fewest_people: int,
    part: float = QUARTER_OF_MEAN,
) -> list[Silence]:
    """Return the groups below ``part`` of the mean in each of ``counts``.

    Args:
        people: of each value of one facet, as declared.
        counts: the quarters, each with its retours by value; values not declared are left out.
        fewest_people: smaller groups are left out: a count would point at persons.
    """
    whole = sum(people.values())
    found = []
    for value, size in people.items():
        heard = tuple(
            Heard(quarter, said.get(value, 0), sum(said.get(v, 0) for v in people) * size / whole)
            for quarter, said in counts
        )
        if size >= fewest_people and heard and all(_is_silent(each, part) for each in heard):
            quarters = len(heard)
            reached = sum(each.retours for each in heard) / size / quarters
            mean = sum(each.expected for each in heard) / size / quarters
            found.append(Silence(value, size, reached, mean, heard))
    return found


def _is_silent(heard: Heard, part: float) -> bool:
    return heard.expected >= FEWEST_EXPECTED and heard.retours < part * heard.expected

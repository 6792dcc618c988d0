"""Whether a theme is new, growing, fading or steady: the one rule, in one function."""

from datetime import date, timedelta
from enum import StrEnum

from feedback.theme_counts import Counts
from nlp.two_periods import change

YOUNG = timedelta(weeks=4)
CHANCE = 0.01  # one time in a hundred: a service of fifty themes has about one false arrow


class Movement(StrEnum):
    """Where a theme goes."""

    NEW = "new"
    GROWING = "growing"
    FADING = "fading"
    STEADY = "steady"


def movement(born: date, counts: Counts, whole: Counts, day: date) -> Movement:
    """Return where a theme born on ``born`` goes, by the last four weeks and the four before.

    New: born less than four weeks ago, and at least half of its retours came in these four weeks
    (a theme that the machine finds today in messages of last year is not new). Growing or fading:
    its share of all retours of the service (``whole``) changed more than chance does one time in a
    hundred; so 2 after 1 is steady, and so is a theme that doubles when the service does.
    """
    if born > day - YOUNG and 0 < counts.retours <= 2 * counts.recent:
        return Movement.NEW
    found = change(counts.recent, counts.before, whole.recent, whole.before)
    if found.rise < CHANCE:
        return Movement.GROWING
    return Movement.FADING if found.fall < CHANCE else Movement.STEADY


def growth(counts: Counts, whole: Counts) -> float:
    """Return how sure a rise is, from -1 (surely falls) to 1; themes are sorted by it."""
    found = change(counts.recent, counts.before, whole.recent, whole.before)
    return found.fall - found.rise

"""What is grouped: a short message as a whole, a long one by its segments; then what each segment
of a short message says on its own.

A clause of a short message says little without the rest of it: on four sets of reviews, groups of
clauses agree far less with people's than groups of messages (`docs/benchmark.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.assign import UNPLACED, Assignment, Assignments, Labels
from nlp.grouping import Cut
from nlp.segment import Segment

SHORT = 500  # characters, about 80 words, up to which a message is grouped as a whole
# Of similarity: how far inside another theme a segment must be to leave its message. Without it one
# in five leaves, and one message in ten has no segment left where it stands as a whole.
CLEARLY = 0.05


@dataclass(frozen=True, eq=False)
class Units:
    """``whole``: what is grouped; ``inside``: rows of the segments that lie in a larger unit."""

    whole: Cut
    inside: list[int]


@dataclass(frozen=True, eq=False)
class Settled:
    """Where each segment stands, and for each message that has any its main place."""

    segments: list[Assignment]
    mains: dict[int, Assignment]


def is_grouped_whole(text: str, segments: int) -> bool:
    """Say whether a message cut into so many segments is grouped as a whole."""
    return segments > 1 and len(text) <= SHORT


def units_of(texts: Sequence[str], cuts: Cut) -> Units:
    """Return the units of messages that ``cuts`` has cut."""
    counts = [0] * len(texts)
    for message in cuts.messages:
        counts[message] += 1
    segments: list[Segment] = []
    messages: list[int] = []
    inside: list[int] = []
    for row, (segment, message) in enumerate(zip(cuts.segments, cuts.messages, strict=True)):
        if is_grouped_whole(texts[message], counts[message]):
            inside.append(row)
            if messages and messages[-1] == message:
                continue
            segment = Segment(0, len(texts[message]), texts[message])
        segments.append(segment)
        messages.append(message)
    return Units(Cut(segments, messages), inside)


def goes_along(own: Assignments, wholes: Labels) -> NDArray[np.bool_]:
    """Say of each segment of a short message whether it stands where its message does.

    ``own``: where it fits on its own; ``wholes`` (n,): the theme of its message, -1 for none.
    """
    is_elsewhere = (own.theme != UNPLACED) & (own.theme != wholes)
    is_clear = own.score >= own.threshold + np.float32(CLEARLY)
    return np.asarray((wholes != UNPLACED) & ~(is_elsewhere & is_clear))


def settle(cuts: Cut, units: Units, places: Sequence[Assignment], own: Assignments) -> Settled:
    """Give each segment its place: its message's, or its own where it clearly fits another.

    ``places``: one for each unit; ``own``: one for each segment inside a larger unit. The main
    place of a message is that of its best unit, a placed one before any other.
    """
    mains: dict[int, Assignment] = {}
    by_message: dict[int, list[Assignment]] = {}
    for message, place in zip(units.whole.messages, places, strict=True):
        by_message.setdefault(message, []).append(place)
    for message, found in by_message.items():
        mains[message] = max(found, key=lambda place: (place.theme >= 0, place.score))
    wholes = np.array([mains[cuts.messages[row]].theme for row in units.inside], np.int64)
    along = dict(zip(units.inside, goes_along(own, wholes).tolist(), strict=True))
    inside = dict(zip(units.inside, own, strict=True))
    segments = []
    for row, message in enumerate(cuts.messages):
        if row in inside:
            segments.append(mains[message] if along[row] else inside[row])
        else:
            segments.append(by_message[message].pop(0))
    return Settled(segments, mains)

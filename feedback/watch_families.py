"""Which streams stand out in a family, so that few of the candidates are false alarms.

A family shares one budget: a service's streams (its whole and its parts) for its team, what people
declare of themselves apart with a fifth of the budget, the platform's subjects for the experts.
Half of a team's budget is for the whole of the service, half for its parts, whatever their number:
weights that are fixed beforehand and whose mean is 1 keep the promise of e-BH (Wang & Ramdas 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from feedback.models import WatchFacet
from feedback.watch_streams import Stream, last_e_values, strongest_window
from nlp.ebh import e_bh, threshold_for

ALPHA = 0.10  # expected share of false ones among a team's candidates, at each look
GROUP_SHARE = 0.2  # of it, for what people declare of themselves
MOST_OF_RISE = 0.8  # of the whole's rise: the part is what the candidate is about,
PART_OF_ALL = 0.6  # unless nearly all retours are of that part anyway


class Budget(StrEnum):
    """Whose false alarms a family pays for."""

    TEAM = "team"
    GROUP = "group"
    PLATFORM = "platform"


ALPHAS = {
    Budget.TEAM: ALPHA * (1 - GROUP_SHARE),
    Budget.GROUP: ALPHA * GROUP_SHARE,
    Budget.PLATFORM: ALPHA,
}


@dataclass(frozen=True, eq=False)
class Chosen:
    """A stream that stands out, and what it was measured against."""

    stream: Stream
    e_value: float
    threshold: float  # that the budget asks of its e-value, with so many rejected
    rank: int  # how many are rejected together: e-BH asks the same of them all
    size: int  # streams of the family that could be looked at
    budget: Budget


def choose(found: Sequence[Stream], budget: Budget) -> list[Chosen]:
    """Return the streams of one family that e-BH rejects, strongest first."""
    values = last_e_values(found)
    seen = np.flatnonzero(~np.isnan(values)).tolist()
    weights = _weights([found[place] for place in seen])
    size, alpha = len(seen), ALPHAS[budget]
    rejected = e_bh(values[seen] * weights, alpha)
    rank = len(rejected)
    return [
        Chosen(
            stream=found[seen[index]],
            e_value=float(values[seen[index]]),
            threshold=threshold_for(rank, size, alpha) / float(weights[index]),
            rank=rank,
            size=size,
            budget=budget,
        )
        for index in rejected
    ]


def one_for_each(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return one stream for each theme: the part that holds most of the rise, else the whole.

    A rise in one region shows in the whole service too: it is one change, and one candidate.
    """
    by_theme: dict[str, list[Chosen]] = {}
    for each in chosen:
        by_theme.setdefault(each.stream.about.id, []).append(each)
    return [_plainest(found) for found in by_theme.values()]


def _plainest(found: Sequence[Chosen]) -> Chosen:
    whole = [each for each in found if each.stream.facet is WatchFacet.WHOLE]
    if not whole:
        return max(found, key=lambda each: each.e_value)
    looks = whole[0].stream.looks
    start = looks[strongest_window(looks)].index
    rise, share = _rise(whole[0], start), _exposure(whole[0], start)
    parts = [
        each
        for each in found
        if each.stream.facet is not WatchFacet.WHOLE
        and _rise(each, start) >= MOST_OF_RISE * rise
        and _exposure(each, start) <= PART_OF_ALL * share
    ]
    return min(parts, key=lambda each: (_exposure(each, start), -each.e_value), default=whole[0])


def _rise(each: Chosen, start: int) -> float:
    """Return by how many retours the stream is above its course since week ``start``."""
    return sum(look.observed - look.expected for look in each.stream.looks if look.index >= start)


def _exposure(each: Chosen, start: int) -> int:
    return sum(week.total for week in each.stream.weeks[start:])


def _weights(found: Sequence[Stream]) -> NDArray[np.float64]:
    """Return weights of mean 1 that give the wholes and the parts half of the budget each."""
    whole = np.array([stream.facet is WatchFacet.WHOLE for stream in found], dtype=bool)
    if whole.all() or not whole.any():
        return np.ones(len(found))
    half = len(found) / 2
    return np.where(whole, half / whole.sum(), half / (~whole).sum())

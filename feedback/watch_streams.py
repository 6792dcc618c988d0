"""The streams that are watched: each theme in a whole service, and in parts of its retours.

A part is watched once it has 30 retours. Releases are no stream of their own: a new one has no past
to be compared with, and what changes with it shows in the whole (the page names the release).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

from feedback.counts import Counted, Watched, totals, weekly
from feedback.models import Subject, Theme, WatchFacet
from feedback.watch_entries import Entry
from nlp import streams
from nlp.edetector import Look, Week, detect

FEWEST_OF_PART = 30
WINDOW_WEEKS = 26  # the longest stretch that observed and expected are summed over
PARTS = (WatchFacet.FUNCTIONALITY, WatchFacet.REGION, WatchFacet.CHANNEL, WatchFacet.ROLE)
GROUPS = (WatchFacet.AGE, WatchFacet.OVERSEAS)  # what people declare of themselves
PartTotals = Mapping[WatchFacet, Mapping[str, Counter[date]]]  # retours a week, by value of a facet


@dataclass(frozen=True)
class Watch:
    """How a theme's or subject's streams are watched."""

    prior_share: float  # in (0, 1]
    arl: float  # weeks promised between false alarms of one stream
    start: int  # the week, from 0, where S and t begin


@dataclass(frozen=True, eq=False)
class Stream:
    """One theme or subject among the whole or a part of the retours, by week."""

    about: Theme | Subject
    facet: WatchFacet
    value: str
    first_week: date
    weeks: tuple[Week, ...]
    counted: Counted
    watch: Watch

    def since(self, index: int) -> list[Entry]:
        """Return the entries that count from week ``index`` on."""
        return self.within(self.counted.kept, index)

    def within(self, entries: Iterable[Entry], index: int) -> list[Entry]:
        """Return those of ``entries`` that lie between week ``index`` and the last one."""
        start = self.first_week + timedelta(weeks=index)
        end = self.first_week + timedelta(weeks=len(self.weeks))
        return [entry for entry in entries if start <= entry.day < end]

    @cached_property
    def looks(self) -> list[Look]:
        """Return what the detector saw week by week."""
        watch = self.watch
        return detect(self.weeks, watch.prior_share, watch.arl, watch.start)


def streams_of(watched: Watched, theme: Theme, watch: Watch, parts: PartTotals) -> Iterator[Stream]:
    """Yield the streams of ``theme``: one for the whole and for each of ``parts``."""
    counted = watched.placed[theme.id]
    for facet, values in parts.items():
        for value, every in values.items():
            part = _part(counted, facet, value)
            yield Stream(
                about=theme,
                facet=facet,
                value=value,
                first_week=watched.weeks[0],
                weeks=weekly(watched.weeks, part.kept, every),
                counted=part,
                watch=watch,
            )


def part_totals(watched: Watched) -> PartTotals:
    """Return the weekly retours of the whole and of every part that is large enough."""
    entries = watched.entries.values()
    found: dict[WatchFacet, dict[str, Counter[date]]] = {WatchFacet.WHOLE: {"": totals(entries)}}
    for facet in (*PARTS, *GROUPS):
        sizes = Counter(each.values[facet] for each in entries if facet in each.values)
        found[facet] = {
            value: totals(_of(entries, facet, value))
            for value, size in sorted(sizes.items())
            if size >= FEWEST_OF_PART
        }
    return found


def last_e_values(found: Sequence[Stream]) -> NDArray[np.float64]:
    """Return S / t of each stream's last week, shape (streams,); NaN where no look was possible."""
    values = np.full(len(found), np.nan)
    alike: dict[tuple[int, float, int], list[int]] = {}
    for place, stream in enumerate(found):
        key = (len(stream.weeks), stream.watch.arl, stream.watch.start)
        if any(week.total for week in stream.weeks):
            alike.setdefault(key, []).append(place)
    for (_length, arl, start), places in alike.items():
        observed = [[week.observed for week in found[place].weeks] for place in places]
        total = [[week.total for week in found[place].weeks] for place in places]
        prior = [found[place].watch.prior_share for place in places]
        paths = streams.scan(observed, total, prior, arl, start)
        looks = paths.looks[:, -1]
        values[places] = np.where(looks > 0, paths.sr[:, -1] / np.maximum(looks, 1), np.nan)
    return values


def _of(entries: Iterable[Entry], facet: WatchFacet, value: str) -> list[Entry]:
    return [e for e in entries if facet is WatchFacet.WHOLE or e.values.get(facet) == value]


def _part(counted: Counted, facet: WatchFacet, value: str) -> Counted:
    if facet is WatchFacet.WHOLE:
        return counted
    kept, copies, batches, contested = (
        tuple(_of(each, facet, value))
        for each in (counted.kept, counted.copies, counted.batches, counted.contested)
    )
    return Counted(kept, copies, batches, contested, counted.campaigns)


def strongest_window(looks: Sequence[Look]) -> int:
    """Return the place in ``looks`` where the stretch that departs most from its course begins."""

    def departure(start: int) -> float:
        observed = sum(each.observed for each in looks[start:])
        expected = max(sum(each.expected for each in looks[start:]), 0.05)
        if observed <= expected:
            return 0.0
        return observed * log(observed / expected) - (observed - expected)

    first = max(0, len(looks) - WINDOW_WEEKS)
    return max(range(first, len(looks)), key=lambda start: (departure(start), start))

"""Why a segment stands in its theme: the words they share, the numbers, the nearest texts, and
what people did to it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from app.db import db
from app.runtime import runtime
from feedback.evidence import words_of
from feedback.models import PlacedBy, Placement, Segment, Theme
from feedback.theme_coverage import Coverage, coverage_of
from feedback.theme_human_edits import HumanEdit, edits_of_placement
from feedback.theme_neighbours import PUBLIC, READABLE, Near, nearest

MOST_WORDS = 6
CLEAR = 0.1  # of similarity above the threshold, from which a segment is at home without a doubt


@dataclass(frozen=True)
class Why:
    """What "Pourquoi ?" says of one segment; ``words`` are the theme's that the segment holds.

    ``with_whole``: words and numbers are of its whole retour, for which it was placed.
    """

    segment: Segment
    theme: Theme
    score: float
    threshold: float
    words: tuple[str, ...]
    runner_up: Theme | None
    runner_up_score: float | None
    model: str
    placed: date
    by_person: bool
    contested: bool
    with_whole: bool
    neighbours: tuple[Near, ...]
    edits: tuple[HumanEdit, ...]

    @cached_property
    def coverage(self) -> Coverage:
        """How much of its service the theme holds: counted for the desk, no author waits for it."""
        return coverage_of(self.theme)

    @property
    def is_clear(self) -> bool:
        """Whether it is nearer than it had to be by a good margin."""
        return self.score - self.threshold >= CLEAR

    @property
    def is_below(self) -> bool:
        """Whether only the grouping of everything put it there, farther than a new one may be."""
        return self.score < self.threshold


def why(
    placement: Placement, published_only: bool = False, count: int = 3, folder: Path | None = None
) -> Why:
    """Return why a segment stands in its theme; the public sees published neighbours only."""
    theme, segment = placement.theme, placement.segment
    runner_up = db.session.get(Theme, placement.runner_up) if placement.runner_up else None
    states = PUBLIC if published_only else READABLE
    return Why(
        segment=segment,
        theme=theme,
        score=placement.score,
        threshold=placement.threshold,
        words=shared_words(theme, words_of(placement)),
        runner_up=runner_up,
        runner_up_score=placement.runner_up_score,
        model=placement.model,
        placed=placement.placed,
        by_person=placement.by == PlacedBy.PERSON and not placement.contested,
        contested=placement.contested,
        with_whole=placement.with_whole,
        neighbours=nearest(placement, folder or runtime().instance, states, count),
        edits=() if published_only else edits_of_placement(placement),
    )


def shared_words(theme: Theme, text: str) -> tuple[str, ...]:
    """Return the theme's words that ``text`` holds, heaviest first, whatever accent or plural."""
    inside = _plain_words(text)
    shared = [str(word) for word, _weight in theme.words if _plain_words(str(word)) <= inside]
    return tuple(shared[:MOST_WORDS])


def _plain_words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return {word.rstrip("sx") or word for word in re.findall(r"\w+", letters)}

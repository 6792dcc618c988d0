"""The score of each functionality in words and bars, of what was last published.

Citizens and team read the same numbers: both pages ask here.
"""

import textwrap
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.bars import Bar, BarChart, bar_chart
from app.catalogue import Service
from app.floors import RATE_FLOOR, shown_cells
from app.said import as_said, together
from feedback.part_publications import NO_FUNCTIONALITY, Parts, parts_published
from feedback.public_trend import public_trend
from feedback.published_path import Step
from feedback.ratings import Score, score_of
from feedback.score_trend import ScoreTrend
from feedback.standing_words import on_ten, score_words

ON_BAR = 40  # characters of a name beside its bar


@dataclass(frozen=True)
class PartScore:
    """One functionality that people named, and its score above the floors."""

    name: str
    short: str  # beside its bar
    score: Score | None
    trend: ScoreTrend | None

    @property
    def sentence(self) -> str:
        """The score with its interval, its share and its retours."""
        words = score_words(self.score) if self.score else ""
        return together((_("%(name)s :", name=self.name), words), " ")


@dataclass(frozen=True)
class PartScores:
    """What a page shows: the scores, their bars, and who has too few retours."""

    day: date
    shown: tuple[PartScore, ...]
    hidden: str  # their names
    chart: BarChart | None

    @property
    def finding(self) -> str:
        """The sentence that the bars say."""
        parts = [_("%(name)s : %(mean)s sur 10", name=p.name, mean=_mean(p)) for p in self.shown]
        return together(parts, ", ")


def scores_by_part(service: Service, found: Parts) -> dict[int, Score | None]:
    """Return the score of each part that somebody named, None where the floors hide it."""
    sizes = dict.fromkeys([each.id for each in service.functionalities], 0)
    sizes |= {part: sum(faces.values()) for part, faces in found.faces.items()}
    shown = shown_cells(sizes, RATE_FLOOR)
    return {
        part: score_of(found.faces[part]) if shown[part] else None
        for part in sizes
        if shown[part] != 0
    }


def part_scores(service: Service) -> PartScores | None:
    """Return what was published of the functionalities of ``service``, or None."""
    found = parts_published(service)
    if found is None:
        return None
    scores = scores_by_part(service, found)
    named = [
        (each.id, as_said(each.name), as_said(textwrap.shorten(each.name, ON_BAR, placeholder="…")))
        for each in service.functionalities
    ]
    none = str(_("Sans usage précisé"))
    now = {part: found.faces[part] for part, score in scores.items() if score}
    steps = (*found.path, Step(found.day, now))
    parts = [
        PartScore(name, short, scores[part], public_trend(service, steps, part))
        for part, name, short in (*named, (NO_FUNCTIONALITY, none, none))
        if part in scores
    ]
    shown = tuple(part for part in parts if part.score)
    hidden = together(part.name for part in parts if not part.score)
    return PartScores(found.day, shown, hidden, _chart(shown))


def _chart(parts: tuple[PartScore, ...]) -> BarChart | None:
    bars = [
        Bar(part.short, part.score.mean, _on_bar(part.score), (part.score.low, part.score.high))
        for part in parts
        if part.score
    ]
    return bar_chart(bars, 10) if bars else None


def _on_bar(score: Score) -> str:
    count = ngettext("%(num)s retour", "%(num)s retours", score.n)
    return str(_("%(mean)s · %(count)s", mean=on_ten(score.mean), count=count))


def _mean(part: PartScore) -> str:
    return on_ten(part.score.mean) if part.score else ""

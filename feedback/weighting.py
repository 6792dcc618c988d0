"""The share of *Très bien* as the public would have it, were it to speak (product.md §4).

Serves displayed shares only: no detector sees weights.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedback.facets import BY_CODE, FACETS, Facet
from feedback.margins import Margin
from feedback.models import Face
from feedback.voices import Voice
from nlp.representativeness import (
    FEWEST_ANSWERS,
    TooFewAnswers,
    rake,
)


@dataclass(frozen=True)
class Weighted:
    """The share of *Très bien* as it is and as the public would have it; or why there is none."""

    raw: float = 0.0
    weighted: float = 0.0
    n: int = 0
    effective: float = 0.0
    facets: tuple[Facet, ...] = ()
    too_few: tuple[str, ...] = ()  # the words of the cells that forbid weighting


def weigh(voices: list[Voice], margins: Mapping[str, Margin]) -> Weighted | None:
    """Weight the faces to every margin whose cells have 5 answers each; None without a face."""
    faced = [voice for voice in voices if voice.face is not None]
    few = {code: _too_few(faced, code, margin) for code, margin in margins.items()}
    used = tuple(facet for facet in FACETS if few.get(facet.code) == [])
    if not faced:
        return None
    if not used:
        return Weighted(too_few=_named([(code, v) for code in few for v in few[code]]))
    kept = [voice for voice in faced if all(_is_known(voice, f.code, margins) for f in used)]
    columns = {facet.code: [voice.values[facet.code] for voice in kept] for facet in used}
    try:
        raked = rake(columns, {facet.code: margins[facet.code].counts for facet in used})
    except TooFewAnswers as refused:
        return Weighted(too_few=_named(refused.cells))
    good = [voice.face == Face.GOOD for voice in kept]
    share = float(raked.weights[good].sum() / raked.weights.sum())
    return Weighted(sum(good) / len(good), share, len(kept), raked.effective, used)


def _too_few(voices: list[Voice], code: str, margin: Margin) -> list[str]:
    said = [voice.values.get(code) for voice in voices]
    cells = [value for value, count in margin.counts.items() if count > 0]
    return [value for value in cells if said.count(value) < FEWEST_ANSWERS]


def _is_known(voice: Voice, code: str, margins: Mapping[str, Margin]) -> bool:
    return margins[code].counts.get(voice.values.get(code, ""), 0) > 0


def _named(cells: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(str(BY_CODE[code].values[value]) for code, value in cells)

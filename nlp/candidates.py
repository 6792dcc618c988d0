"""Weighs the phrases that could name a theme, and keeps those that are noun phrases.

Contrast: Monroe, Colaresi & Quinn, "Fightin' Words" (2008), over the texts that hold a phrase.
Nearness to the centre as in KeyBERT (Grootendorst, 2020), by the texts instead of the phrase.
Pieces of longer phrases are left out as by the C-value (Frantzi, Ananiadou & Mima, 2000).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.assign import Vectors
from nlp.encode import unit_rows
from nlp.keywords import CERTAIN, contrast
from nlp.noun_phrases import Key
from nlp.spellings import family
from nlp.theme_terms import Read, Terms

SHORTLIST = 20  # phrases of a theme whose form is looked at
SOME = 1.0  # z that is enough for a phrase where none is certain
NESTED = 0.6  # share of a phrase's places in a longer one from which it is a piece of that


@dataclass(frozen=True)
class Candidate:
    """A phrase with its z against the other themes and its worth as a title."""

    key: Key
    z: float
    worth: float
    rows: frozenset[int]


def candidates(terms: Terms, theme: int, points: Mapping[int, Vectors] | None) -> list[Candidate]:
    """Return the phrases that stand out in a theme, best first, the form of none looked at."""
    read = terms.themes[theme]
    alone = len(terms.themes) == 1
    size, total = terms.sizes(read)
    found = []
    for key in read.places:
        if not terms.may_name(read, key):
            continue
        rows, everywhere = read.held(key), terms.everywhere_held(key)
        z = CERTAIN if alone else contrast(len(rows), everywhere, size, total)
        if z >= SOME:
            worth = _worth(terms, read, len(rows), everywhere)
            near = _nearness(rows, read, points[theme] if points else None)
            found.append(Candidate(key, z, worth * near, rows))
    found.sort(
        key=lambda each: (each.z < CERTAIN, -each.worth, -len(read.places[each.key]), each.key)
    )
    return found[:SHORTLIST]


def nominal(
    terms: Terms, theme: int, found: Sequence[Candidate], tagged: Mapping[tuple[int, Key], bool]
) -> list[Candidate]:
    """Return the noun phrases among candidates, without those that live in a longer one."""
    read = terms.themes[theme]
    kept = []
    for each in found:
        if terms.is_never_noun(each.key):
            continue
        known = tagged.get((theme, each.key))
        if known or (known is None and terms.looks_nominal(read, each.key)):
            kept.append(each)
    kept = [each for each in kept if not any(_holds(other, each, read) for other in kept)]
    first = {family(each.key[0]): each for each in reversed(kept) if len(each.key) == 1}
    return [each for each in kept if len(each.key) > 1 or first[family(each.key[0])] is each]


def _holds(long: Candidate, short: Candidate, read: Read) -> bool:
    """Tell whether a longer phrase has nearly all places of a shorter one: « pôle » « emploi »."""
    if len(long.key) <= len(short.key) or not set(short.key) < set(long.key):
        return False
    return len(read.places[long.key]) >= NESTED * len(read.places[short.key])


def _worth(terms: Terms, read: Read, inside: int, everywhere: int) -> float:
    """Return share of the theme's texts × log-lift over the other themes; at least 0."""
    size = len(read.texts)
    others = sum(len(each.texts) for each in terms.themes.values()) - size
    elsewhere = (everywhere - inside + 0.5) / (others + 1)
    lift = float(np.log(inside / size / elsewhere)) if others else 1.0
    return inside / size * max(lift, 0.0)


def _nearness(rows: frozenset[int], read: Read, points: Vectors | None) -> float:
    """Return the mean similarity of texts to the centre of their theme, from 0 to 1."""
    if points is None or not len(points):
        return 1.0
    centre = unit_rows(points.sum(axis=0, keepdims=True))[0]
    near = points[[read.rows[row] for row in sorted(rows)]] @ centre
    return float(np.clip((1 + near.mean()) / 2, 0, 1))

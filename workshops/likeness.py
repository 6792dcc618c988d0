"""Lines of the map that may say the same at several sites: proposed with a reason, never applied.

Words in common are the whole reason, so that anybody can check it and no model is needed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from app.db import folded
from workshops.site_lines import MapLine

SHORTEST_WORD = 4  # letters; shorter ones join what has nothing in common
LEAST_SHARE = 0.5  # of the words of the line that has fewer
MOST_SHOWN = 5
_WORD = re.compile(r"[^\W\d_]+")
_EMPTY = frozenset(  # of four letters or more, without accents
    re.findall(
        r"\w+",
        "dans pour avec sans mais plus moins tout tous toute toutes cette leur leurs elle elles "
        "nous vous votre notre etre avoir faire fait faut peut quand comme aussi tres trop bien "
        "encore chaque quelque quelques autre autres entre depuis avant apres chez vers lorsque",
    )
)


@dataclass(frozen=True)
class Likeness:
    """Two lines of different sites and the words that both hold."""

    first: MapLine
    second: MapLine
    words: tuple[str, ...]


def alike(lines: Sequence[MapLine]) -> tuple[Likeness, ...]:
    """Return the pairs of lines that share words and no site, the most alike first."""
    words = {line.key: _words(line) for line in lines}
    found = []
    for first, second in combinations(lines, 2):
        if set(first.sites) & set(second.sites):
            continue
        common = words[first.key].keys() & words[second.key].keys()
        fewest = min(len(words[first.key]), len(words[second.key]))
        if common and len(common) / fewest >= LEAST_SHARE:
            said = tuple(sorted(words[first.key][stem] for stem in common))
            found.append((len(common) / fewest, Likeness(first, second, said)))
    found.sort(key=lambda each: (-each[0], -len(each[1].words), each[1].first.title))
    return tuple(likeness for _share, likeness in found[:MOST_SHOWN])


def _words(line: MapLine) -> dict[str, str]:
    """Return the words of a line by their stem: without accent, case or plural."""
    texts = [line.title, *(card for place in line.places for card in place.cards)]
    every = [word for text in texts for word in _WORD.findall(text)]
    stems = {folded(word).rstrip("sx"): word.lower() for word in every}
    return {
        stem: word
        for stem, word in stems.items()
        if len(stem) >= SHORTEST_WORD and folded(word) not in _EMPTY
    }

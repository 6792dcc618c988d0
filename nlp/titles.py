"""Names themes: the contrastive noun phrases of each, and the best of them as its title.

Nothing is made up: a title is a phrase as most people write it, with a capital.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.assign import Vectors
from nlp.candidates import Candidate, candidates, nominal
from nlp.keywords import CERTAIN, Weighted
from nlp.lexicons import fold
from nlp.noun_phrases import Key
from nlp.tagged_phrases import tagged_nominal
from nlp.theme_terms import Read, Terms

ENOUGH = 0.2  # share of a phrase's texts that a longer one must hold to stand for it
WHOLE = 2  # words; a longer title is never a whole message


@dataclass(frozen=True)
class Named:
    """What a theme is called: words with their weight, heaviest first, and a title, "" if none.

    The phrases of the title are among the words.
    """

    words: Weighted
    title: str


def name_themes(
    texts_by_theme: Mapping[int, Sequence[str]],
    points: Mapping[int, Vectors] | None = None,
    pipeline: Any = None,
    count: int = 8,
) -> dict[int, Named]:
    """Return the words and the title of each theme, no title twice.

    ``points``: for each theme unit rows (texts, d) in the order of its texts; without them every
    phrase counts as equally near. ``pipeline``: what `tagged_phrases.load_tagger` returns; without
    it, or for English, the use of words in all texts tells nouns. The same input gives the same
    names. Weights are above 0: share of the theme's texts × log-lift over the others × nearness.
    At most 200 texts of a theme are read, evenly spaced, and 10 of them tagged.
    """
    terms = Terms(texts_by_theme)
    found = {theme: candidates(terms, theme, points) for theme in terms.themes}
    wanted = {theme: [each.key for each in some] for theme, some in found.items()}
    tagged = {} if pipeline is None else tagged_nominal(terms, wanted, pipeline)
    kept = {theme: nominal(terms, theme, some, tagged) for theme, some in found.items()}
    chosen = _choose(terms, kept)
    return {
        theme: Named(
            _words(terms, read, (chosen[theme], kept[theme]), count),
            _title(terms, read, chosen[theme]),
        )
        for theme, read in terms.themes.items()
    }


def _words(
    terms: Terms, read: Read, found: tuple[Sequence[Candidate], Sequence[Candidate]], count: int
) -> Weighted:
    """Return the title's phrases and what else is certain, without pieces of a better phrase."""
    chosen, kept = found
    said = list(chosen)
    for each in kept:
        if each.z >= CERTAIN and not any(_tells(other, each) for other in said):
            said.append(each)
    said = sorted(said[:count], key=lambda each: -each.worth)
    return [(terms.shown(read, each.key), each.worth) for each in said]


def _tells(said: Candidate, other: Candidate) -> bool:
    """Tell whether one of two phrases is in the other, and most of their texts are the same."""
    inside = set(other.key) <= set(said.key) or set(said.key) <= set(other.key)
    return inside and len(said.rows & other.rows) >= 0.5 * len(other.rows)


def _title(terms: Terms, read: Read, chosen: Sequence[Candidate]) -> str:
    text = " · ".join(terms.shown(read, each.key) for each in chosen)
    return text[:1].upper() + text[1:]


def _choose(
    terms: Terms, kept: Mapping[int, Sequence[Candidate]]
) -> dict[int, Sequence[Candidate]]:
    """Return the phrases of each theme's title, the theme that a phrase suits best first."""
    order = sorted(kept, key=lambda theme: (-max((c.worth for c in kept[theme]), default=0), theme))
    taken: set[tuple[Key, ...]] = set()
    chosen = {}
    for theme in order:
        chosen[theme] = _best(terms, terms.themes[theme], kept[theme], taken)
        taken.add(tuple(each.key for each in chosen[theme]))
    return chosen


def _best(
    terms: Terms, read: Read, kept: Sequence[Candidate], taken: Collection[tuple[Key, ...]]
) -> Sequence[Candidate]:
    """Return the phrase that makes the title, or two lone words; nothing when none does."""
    messages = {_plain(text) for text in read.texts}
    for best in kept:
        for each in [*_around(best, kept), best]:
            chosen = (each, *_second(each, kept))
            text = terms.shown(read, each.key)
            whole = len(text.split()) > WHOLE and _plain(text) in messages
            free = tuple(part.key for part in chosen) not in taken
            if free and not whole and _is_enough(each, read):
                return chosen
    return ()


def _around(best: Candidate, kept: Sequence[Candidate]) -> list[Candidate]:
    """Return the longer phrases around one that enough of its texts hold, the most first.

    A lone word yields to a phrase of a tenth of its texts where that is certain by itself.
    """
    longer = []
    for each in kept:
        share = len(each.rows) / len(best.rows)
        lone = len(best.key) == 1 and each.z >= CERTAIN
        if set(best.key) < set(each.key) and share >= (ENOUGH / 2 if lone else ENOUGH):
            longer.append(each)
    return sorted(longer, key=lambda each: (-len(each.rows), -each.worth, each.key))


def _is_enough(each: Candidate, read: Read) -> bool:
    """Tell whether a phrase is certain, of several words, or said by a third and by three."""
    if each.z >= CERTAIN or len(each.key) > 1:
        return True
    held, size = len(each.rows), len(read.texts)
    return 2 * held >= size or (held >= 3 and 3 * held >= size)


def _second(best: Candidate, kept: Sequence[Candidate]) -> list[Candidate]:
    """Return another lone word that names texts of its own, beside a lone word."""
    for other in kept if len(best.key) == 1 else []:
        new = len(other.rows - best.rows)
        apart = other.key != best.key and other.z >= CERTAIN and len(other.key) == 1
        if apart and 4 * new >= len(best.rows):
            return [other]
    return []


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))

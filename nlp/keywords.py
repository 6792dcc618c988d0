"""Says what groups are about: the words that set each apart, its most typical texts, a short title.

c-TF-IDF: Grootendorst, "BERTopic" (2022). Filter by log-odds with an informative Dirichlet prior:
Monroe, Colaresi & Quinn, "Fightin' Words", Political Analysis 16 (2008).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.assign import Labels, Vectors
from nlp.encode import unit_rows
from nlp.stop_words import stop_words

FEWEST_TEXTS = 2  # texts of a group in which a word must stand
CERTAIN = 1.96  # z of the log-odds: 5 % two-sided
PRIOR = 0.1  # of the whole counts, as pseudo-counts; smaller trusts small groups more
COPY = 0.95  # cosine from which two texts say the same in the same words
_MASK = re.compile(r"\[[^\[\]\s]{1,40}\]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

Weighted = list[tuple[str, float]]


def theme_words(texts_by_theme: Mapping[int, Sequence[str]], count: int = 8) -> dict[int, Weighted]:
    """Return up to ``count`` words and pairs of words of each theme, heaviest first.

    Weights are c-TF-IDF, above 0. Only terms that stand in two texts of the theme and are more
    frequent in it than elsewhere with z ≥ 1.96 are kept, so a theme may have none; a theme alone
    has nothing to be compared with and keeps its frequent terms. Terms are as people wrote them.
    """
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[int, Counter[str]] = {}
    spread: dict[int, Counter[str]] = {}
    for theme, texts in texts_by_theme.items():
        found = [terms(text) for text in texts]
        counts[theme] = Counter(term for each in found for term, _ in each)
        spread[theme] = Counter(term for each in found for term in {term for term, _ in each})
        for term, surface in (pair for each in found for pair in each):
            surfaces[term][surface] += 1
    whole: Counter[str] = sum(counts.values(), Counter())
    words = {}
    for theme, own in counts.items():
        kept = [term for term in own if spread[theme][term] >= FEWEST_TEXTS]
        if len(counts) > 1:
            kept = [term for term in kept if log_odds(term, own, whole) >= CERTAIN]
        weighed = _weigh(kept, own, whole, len(counts))
        words[theme] = [(_surface(surfaces[term]), weight) for term, weight in weighed][:count]
    return words


def terms(text: str) -> list[tuple[str, str]]:
    """Return (lower-case singular, as written) for words and pairs of a text, masks left out."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"[.,;:!?…()\n\"«»]+", _MASK.sub(".", text.replace("’", "'"))):
        last: str | None = None
        for surface in _WORD.findall(part):
            word = surface.lower()
            if word in stop_words() or len(word) < 3:
                last = None  # a pair never spans a word that was left out
                continue
            found.append((_singular(word), surface))
            if last is not None:
                pair = f"{_singular(last.lower())} {_singular(word)}"
                found.append((pair, f"{last} {surface}"))
            last = surface
    return found


def _singular(word: str) -> str:
    """Return the word without the s or x of a plural; for counting only, never shown."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" and word[-2] != "s" else word


def log_odds(term: str, own: Mapping[str, int], whole: Mapping[str, int]) -> float:
    """Return z of the log-odds of ``term`` in a theme against the other themes.

    0 = as frequent as elsewhere; ``whole`` counts the theme too.
    """
    return contrast(own[term], whole[term], sum(own.values()), sum(whole.values()))


def contrast(inside: int, everywhere: int, size: int, total: int) -> float:
    """Return z of the log-odds of a term counted ``inside`` of ``size``, against the others.

    ``everywhere`` of ``total`` counts the theme too. 0.0 for what is everything there is.
    """
    if everywhere >= total:
        return 0.0
    outside = everywhere - inside
    prior, prior_size = PRIOR * everywhere, PRIOR * total
    here = (inside + prior) / (size + prior_size - inside - prior)
    there = (outside + prior) / (total - size + prior_size - outside - prior)
    spread = 1 / (inside + prior) + 1 / (outside + prior)
    return float((np.log(here) - np.log(there)) / np.sqrt(spread))


def _weigh(
    kept: Sequence[str], own: Mapping[str, int], whole: Mapping[str, int], themes: int
) -> Weighted:
    """Return (term, c-TF-IDF), heaviest first, a word left out when a kept pair says it all."""
    size = sum(own.values())
    mean_size = sum(whole.values()) / themes
    weights = {term: own[term] / size * float(np.log(1 + mean_size / whole[term])) for term in kept}
    pairs = [term for term in kept if " " in term]
    told = {word for pair in pairs for word in pair.split() if own[pair] >= 0.8 * own[word]}
    ordered = sorted(weights, key=lambda term: (-weights[term], term))
    return [(term, weights[term]) for term in ordered if term not in told]


def _surface(written: Counter[str]) -> str:
    """Return the commonest spelling, in lower case unless most people capitalise it."""
    lower = sum(n for form, n in written.items() if form == form.lower())
    if 2 * lower >= written.total():
        written = Counter({form: n for form, n in written.items() if form == form.lower()})
    best = min(written, key=lambda form: (-written[form], form))
    return best.lower() if best.isupper() and len(best) > 5 else best


def typical(points: Vectors, labels: Labels, count: int = 3) -> dict[int, list[int]]:
    """Return for each theme up to ``count`` rows nearest to its centre, without near-copies.

    ``points``: (n, d) unit rows; label -1 has no theme.
    """
    chosen: dict[int, list[int]] = {}
    for theme in sorted({int(label) for label in labels} - {-1}):
        rows: NDArray[np.int64] = np.flatnonzero(np.asarray(labels) == theme)
        centre = unit_rows(points[rows].sum(axis=0, keepdims=True))[0]
        order = rows[np.argsort(-(points[rows] @ centre), kind="stable")]
        chosen[theme] = _different(points, order, count)
    return chosen


def _different(points: Vectors, order: NDArray[np.int64], count: int) -> list[int]:
    rows: list[int] = []
    for row in order.tolist():
        if len(rows) < count and all(points[row] @ points[other] < COPY for other in rows):
            rows.append(row)
    return rows


def title(words: Weighted, most: int = 3) -> str:
    """Return the first words as a title, « Envoi des ordonnances · délai »; "" without words.

    A word that an earlier one contains, or the reverse, is skipped, in singular or plural.
    """
    chosen: list[str] = []
    said: set[str] = set()
    for word, _ in words:
        parts = {_singular(part) for part in word.lower().split()}
        if len(chosen) < most and not parts & said:
            chosen.append(word)
            said |= parts
    text = " · ".join(chosen)
    return text[:1].upper() + text[1:]

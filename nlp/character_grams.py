"""Wording as character n-grams: hashed, weighed by how rare they are, laid on a few main axes.

Misspelt words and words of one family share most of their n-grams; no word is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.encode import unit_rows

Vectors = NDArray[np.float32]
BUCKETS = 32_768  # hashed n-grams
AXES = 256  # dimensions left of them; 128 lose words that few people use


@dataclass(frozen=True, eq=False)
class CharacterGrams:
    """``rarity`` (buckets,) and ``axes`` (w, buckets); without axes, nothing is placed."""

    rarity: Vectors
    axes: Vectors

    def transform(self, texts: Sequence[str]) -> Vectors:
        """Return (n, w) float32 unit rows; a text without letters gets zeros."""
        weighed = _weigh(count_grams(texts), self.rarity)
        return unit_rows(np.asarray(weighed @ self.axes.T, dtype=np.float32))


def no_grams() -> CharacterGrams:
    """Return the grams of too few texts: none."""
    return CharacterGrams(np.ones(BUCKETS, np.float32), np.zeros((0, BUCKETS), np.float32))


def fit_grams(texts: Sequence[str], seed: int) -> CharacterGrams:
    """Fit rarity and main axes on ``texts``, rounded to the precision of the file."""
    counts = count_grams(texts)
    rarity = rounded(_rarity(counts))
    axes = main_axes(_weigh(counts, rarity), AXES, seed)
    return CharacterGrams(rarity, rounded(axes))


def rounded(part: NDArray[Any]) -> Vectors:
    """Round to float16, so that a space read back from its file gives the same places."""
    return np.asarray(part, dtype=np.float16).astype(np.float32)


def main_axes(rows: Any, most: int, seed: int) -> Vectors:
    """Return the (w, columns) main axes of a sparse matrix, w at most ``most``."""
    # Half a second to import: not for those who only read a theme.
    from sklearn.utils.extmath import randomized_svd

    wanted = min(most, min(rows.shape) - 1)
    _, _, axes = randomized_svd(rows, wanted, n_iter=4, random_state=seed)
    return np.asarray(axes, dtype=np.float32)


def count_grams(texts: Sequence[str]) -> Any:
    """Return a sparse (n, BUCKETS) matrix of hashed n-grams of 3 to 5 characters.

    No n-gram goes over the edge of a word: each different word is taken apart once.
    """
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    found: list[int] = []
    ends = [0]
    for text in texts:
        plain = text.encode("utf-8", "replace").decode("utf-8").lower()
        found += [numbers.setdefault(word, len(numbers)) for word in plain.split()]
        ends.append(len(found))
    shape = (len(texts), len(numbers))
    words = csr_matrix((np.ones(len(found), np.float32), found, ends), shape=shape)
    counts = words @ _count_in_words(list(numbers))
    counts.sort_indices()
    return counts


def _count_in_words(words: list[str]) -> Any:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    if not words:
        return csr_matrix((0, BUCKETS), dtype=np.float32)
    hashing = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        n_features=BUCKETS,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )
    return hashing.transform(words)


def _rarity(counts: Any) -> Vectors:
    present = np.bincount(counts.indices, minlength=BUCKETS)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + present)) + 1, dtype=np.float32)


def _weigh(counts: Any, rarity: Vectors) -> Any:
    """Return unit rows of (1 + log count) × rarity."""
    from sklearn.preprocessing import normalize

    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * rarity[weighed.indices]
    return normalize(weighed, copy=False)

"""Wording as words, where words that mean nearly the same count for each other across languages.

Each word of the fitted texts is encoded alone; a text is its words, spread over their neighbours in
meaning and weighed by how rare that neighbourhood is (the soft cosine measure: Sidorov, Gelbukh,
Gómez-Adorno & Pinto, Computación y Sistemas 18, 2014), laid on a few main axes.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.character_grams import Vectors, main_axes, rounded
from nlp.encode import unit_rows
from nlp.stop_words import stop_words

EncodeWords = Callable[[Sequence[str]], Vectors]
MOST_WORDS = 20_000  # the most used; a rarer word still counts by its letters
FEWEST_WORDS = 30  # under which their mean tells nothing
NEIGHBOURS = 50  # words that one word may stand for
NEAR = 0.3  # cosine, after centring, from which two words count for each other
AXES = 256
DIRECTIONS = 2  # main directions of words: language and form rather than meaning
BLOCK = 1024
_WORD = re.compile(r"[^\W\d_]{3,}")
_MASK = re.compile(r"\[[^\[\]\s]{1,40}\]")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """``codes`` (v,) uint64, sorted: hashes of words, never a word; ``places`` (v, w)."""

    codes: NDArray[np.uint64]
    places: Vectors

    def transform(self, texts: Sequence[str]) -> Vectors:
        """Return (n, w) float32 unit rows; a text without a known word gets zeros."""
        counts = [Counter(words_of(text)) for text in texts]
        words = list(dict.fromkeys(word for each in counts for word in each))
        if not len(self.codes) or not words:
            return np.zeros((len(texts), self.places.shape[1]), dtype=np.float32)
        # Each different word is looked up once; one that is not known has no place.
        codes = np.array([code_of(word) for word in words], dtype=np.uint64)
        found = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        places = self.places[found] * (self.codes[found] == codes)[:, None]
        return unit_rows(np.asarray(_table(counts, words) @ places, dtype=np.float32))


def no_vocabulary() -> Vocabulary:
    """Return the vocabulary of too few texts, or without an encoder: no word."""
    return Vocabulary(np.zeros(0, np.uint64), np.zeros((0, 0), np.float32))


def fit_vocabulary(texts: Sequence[str], encode: EncodeWords, seed: int) -> Vocabulary:
    """Fit on ``texts``; ``encode`` gives (n, d) unit rows for single words.

    Under 30 different words there is no vocabulary.
    """
    counts = [Counter(words_of(text)) for text in texts]
    words = _most_used(counts)
    if len(words) < FEWEST_WORDS or len(texts) < 2:
        return no_vocabulary()
    near = _neighbours(_centred(encode(words)))
    table = _table(counts, words)
    spread = table @ near
    rarity = _rarity(spread, len(texts))
    table.data *= rarity[table.indices]
    from sklearn.preprocessing import normalize  # half a second, as in `character_grams`

    axes = main_axes(normalize(table @ near), AXES, seed)
    places = rounded((near @ axes.T) * rarity[:, None])
    codes = np.array([code_of(word) for word in words], dtype=np.uint64)
    order = np.argsort(codes)
    return Vocabulary(codes[order], places[order])


def words_of(text: str) -> list[str]:
    """Return the words of a text that tell something, in lower case, masks left out."""
    plain = _MASK.sub(" ", text).lower()
    return [word for word in _WORD.findall(plain) if word not in stop_words()]


def code_of(word: str) -> int:
    """Return 64 bits that stand for a word in a file."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())


def _most_used(counts: Sequence[Counter[str]]) -> list[str]:
    spread = Counter(word for each in counts for word in each)
    return sorted(spread, key=lambda word: (-spread[word], word))[:MOST_WORDS]


def _centred(vectors: Vectors) -> Vectors:
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    main = directions[:, ::-1][:, :DIRECTIONS].astype(np.float32)
    return unit_rows(centred - centred @ main @ main.T)


def _neighbours(vectors: Vectors) -> Any:
    """Return a sparse (v, v) matrix: 1 for the word itself, to 0 for what is not near."""
    from scipy.sparse import csr_matrix

    size, count = len(vectors), min(NEIGHBOURS, len(vectors))
    columns = np.zeros((size, count), dtype=np.int64)
    values = np.zeros((size, count), dtype=np.float32)
    for start in range(0, size, BLOCK):
        similar = vectors[start : start + BLOCK] @ vectors.T
        found = np.argpartition(-similar, count - 1, axis=1)[:, :count]
        columns[start : start + BLOCK] = found
        values[start : start + BLOCK] = np.take_along_axis(similar, found, axis=1)
    values = np.maximum(0, (values - NEAR) / (1 - NEAR))
    rows = np.repeat(np.arange(size), count)
    near = csr_matrix((values.ravel(), (rows, columns.ravel())), shape=(size, size))
    near.eliminate_zeros()
    return near


def _table(counts: Sequence[Counter[str]], words: Sequence[str]) -> Any:
    """Return the sparse (n, v) matrix of 1 + log count."""
    from scipy.sparse import csr_matrix

    column = {word: place for place, word in enumerate(words)}
    columns: list[int] = []
    values: list[int] = []
    ends = [0]
    for each in counts:
        known = [(column[word], count) for word, count in each.items() if word in column]
        columns += [place for place, _ in known]
        values += [count for _, count in known]
        ends.append(len(columns))
    logs = (1 + np.log(np.array(values, dtype=np.float64))).astype(np.float32)
    return csr_matrix((logs, columns, ends), shape=(len(counts), len(words)))


def _rarity(spread: Any, texts: int) -> Vectors:
    """Return for each word how rare it is among texts, the words near to it counted with it."""
    present = np.bincount(spread.indices[spread.data > 0.5], minlength=spread.shape[1])
    rarity = np.log((1 + texts) / (1 + np.maximum(present, 1)))
    return np.asarray(np.maximum(rarity, 0), dtype=np.float32)

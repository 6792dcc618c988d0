"""The space in which segments are compared, of three views side by side: the sentence vector
without what all share, the words, and their letters. Fitted in a refresh on the instance's own
segments (a sample of other services' texts separates far worse) and kept until the next; `hash`
says which fit a place is of.

Removing the mean and the main directions: Mu & Viswanath, "All-but-the-Top", ICLR 2018.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.character_grams import CharacterGrams, Vectors, fit_grams, no_grams, rounded
from nlp.encode import unit_rows
from nlp.vocabulary import EncodeWords, Vocabulary, fit_vocabulary, no_vocabulary

DIRECTIONS = 2  # main directions that carry language and style rather than subject
FEWEST = 30  # texts, below which neither mean nor directions mean anything
SAMPLE = 20_000  # texts that a fit reads; more change nothing that shows
BLOCK = 8_192  # texts placed at once, so that their n-grams take memory for these alone
PAIRED = 1_000  # texts whose pairs tell how much a view spreads
SHARES = (1.0, 0.5, 0.3)  # of meaning, words and letters, once each spreads alike
SHARES_WITHOUT_WORDS = (1.0, 0.0, 0.7)


def check_finite(vectors: Vectors) -> None:
    """Raise ValueError naming the first value that is not a number, and its place."""
    finite = np.isfinite(vectors)
    if not finite.all():
        place = tuple(int(each) for each in np.argwhere(~finite)[0])
        raise ValueError(f"vectors must be finite, got {vectors[place]} at {place}")


@dataclass(frozen=True, eq=False)
class Space:
    """``mean`` (d,) and ``directions`` (2, d) of sentence vectors; ``weights`` (3,) of views."""

    model_hash: str
    mean: Vectors
    directions: Vectors
    vocabulary: Vocabulary
    grams: CharacterGrams
    weights: Vectors

    @property
    def hash(self) -> str:
        """12 hex digits of everything that decides a place."""
        digest = hashlib.sha256(self.model_hash.encode())
        for name, part in sorted(self.parts().items()):
            if name != "model_hash":
                digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:12]

    @property
    def dimension(self) -> int:
        """Columns of what `transform` returns."""
        return len(self.mean) + int(self.vocabulary.places.shape[1]) + len(self.grams.axes)

    def transform(self, vectors: Vectors, texts: Sequence[str]) -> Vectors:
        """Return (n, dimension) float32 unit rows for the sentence vectors of ``texts``.

        Raises ValueError for NaN or a wrong shape.
        """
        if vectors.shape != (len(texts), len(self.mean)):
            wanted = (len(texts), len(self.mean))
            raise ValueError(f"vectors must have shape {wanted}, got {vectors.shape}")
        check_finite(vectors)
        points = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BLOCK):
            some = slice(start, start + BLOCK)
            points[some] = self._transform_block(vectors[some], texts[some])
        return points

    def _transform_block(self, vectors: Vectors, texts: Sequence[str]) -> Vectors:
        meaning, words, letters = self.weights
        views = (
            meaning * _without_shared(vectors, self.mean, self.directions),
            words * self.vocabulary.transform(texts),
            letters * self.grams.transform(texts),
        )
        return unit_rows(np.hstack(views))

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of its file: float16, the precision that `fit_space` rounded to."""
        small = {"mean": self.mean, "directions": self.directions}
        small |= {"rarity": self.grams.rarity, "axes": self.grams.axes}
        small |= {"words": self.vocabulary.places, "weights": self.weights}
        parts: dict[str, NDArray[Any]] = {k: v.astype(np.float16) for k, v in small.items()}
        return parts | {"codes": self.vocabulary.codes, "model_hash": np.array(self.model_hash)}

    def save(self, path: Path) -> None:
        """Write the space, for `load_space`."""
        save_arrays(path, self.parts())


def save_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write a compressed npz under exactly this name, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)
    draft.replace(path)


def load_space(path: Path) -> Space:
    """Read a space that `Space.save` wrote, or that a larger file holds."""
    # Opened here, because NumPy leaves a damaged file open.
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        names = ("mean", "directions", "rarity", "axes", "words", "weights")
        mean, directions, rarity, axes, words, weights = (
            stored[name].astype(np.float32) for name in names
        )
        vocabulary = Vocabulary(stored["codes"], words)
        grams = CharacterGrams(rarity, axes)
        return Space(str(stored["model_hash"]), mean, directions, vocabulary, grams, weights)


def fit_space(
    vectors: Vectors,
    texts: Sequence[str],
    model_hash: str,
    seed: int = 0,
    encode: EncodeWords | None = None,
) -> Space:
    """Fit on segments of the same services as those to be placed, all or 20,000 of them.

    ``encode`` gives the vectors of single words; without it, words count by their letters alone.
    Under 30 texts, nothing is removed and the wording is left out. Raises ValueError for NaN.
    """
    check_finite(vectors)
    size = vectors.shape[1]
    if len(texts) < FEWEST:
        mean, directions = np.zeros(size, np.float32), np.zeros((0, size), np.float32)
        alone = np.array([1, 0, 0], dtype=np.float32)
        return Space(model_hash, mean, directions, no_vocabulary(), no_grams(), alone)
    if len(texts) > SAMPLE:
        chosen = np.sort(np.random.default_rng(seed).choice(len(texts), SAMPLE, replace=False))
        vectors, texts = vectors[chosen], [texts[row] for row in chosen]
    mean = rounded(vectors.mean(axis=0))
    directions = rounded(_main_directions(vectors - mean, min(DIRECTIONS, size - 1)))
    vocabulary = fit_vocabulary(texts, encode, seed) if encode else no_vocabulary()
    grams = fit_grams(texts, seed)
    few = slice(0, len(texts), max(1, len(texts) // PAIRED))
    views = (
        _without_shared(vectors[few], mean, directions),
        vocabulary.transform(texts[few]),
        grams.transform(texts[few]),
    )
    shares = SHARES if len(vocabulary.codes) else SHARES_WITHOUT_WORDS
    return Space(model_hash, mean, directions, vocabulary, grams, _weights(views, shares))


def _without_shared(vectors: Vectors, mean: Vectors, directions: Vectors) -> Vectors:
    """Return unit rows of the vectors without the mean and the main directions."""
    centred: Vectors = (vectors - mean).astype(np.float32)
    shared: Vectors = (centred @ directions.T @ directions).astype(np.float32)
    return unit_rows(centred - shared)


def _weights(views: Sequence[Vectors], shares: Sequence[float]) -> Vectors:
    """Return each view's weight: cosines in a wide view must not drown those in a narrow one."""
    spreads = [_spread(view) for view in views]
    weights = [np.sqrt(share / spread) for share, spread in zip(shares, spreads, strict=True)]
    return rounded(np.array(weights) / max(weights))


def _spread(view: Vectors) -> float:
    """Return the standard deviation of the cosines between different texts, at least 0.01."""
    similar = view @ view.T
    return max(0.01, float(similar[~np.eye(len(view), dtype=bool)].std()))


def _main_directions(centred: Vectors, count: int) -> Vectors:
    # The eigenvectors of a (d, d) matrix: memory does not grow with the sample.
    _, vectors = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    return np.asarray(vectors[:, ::-1][:, :count].T, dtype=np.float32)

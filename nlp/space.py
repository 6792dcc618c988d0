"""The space in which segments are compared: a sentence vector without what all share, beside the
wording as character n-grams. Fitted in a refresh on the instance's own segments (a sample of other
services' texts separates far worse) and kept until the next; `hash` says which fit a place is of.

Removing the mean and the main directions: Mu & Viswanath, "All-but-the-Top", ICLR 2018.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.encode import unit_rows

Vectors = NDArray[np.float32]
DIRECTIONS = 2  # main directions that carry language and style rather than subject
BUCKETS = 32_768  # hashed n-grams: no word of the sample is kept
WORDING = 256  # dimensions left of the n-grams; 128 lose words that few people use
FEWEST = 30  # texts, below which neither mean nor directions mean anything


def check_finite(vectors: Vectors) -> None:
    """Raise ValueError naming the first value that is not a number, and its place."""
    bad = np.argwhere(~np.isfinite(vectors))
    if len(bad):
        place = tuple(int(each) for each in bad[0])
        raise ValueError(f"vectors must be finite, got {vectors[place]} at {place}")


@dataclass(frozen=True, eq=False)
class Space:
    """``mean`` (d,), ``directions`` (2, d), ``rarity`` (buckets,), ``axes`` (w, buckets).

    Without ``axes`` (w = 0), the wording counts for nothing.
    """

    model_hash: str
    mean: Vectors
    directions: Vectors
    rarity: Vectors
    axes: Vectors
    weight: float = 1.0  # of the wording beside the sentence vector, which has 1

    @property
    def hash(self) -> str:
        """12 hex digits of everything that decides a place."""
        digest = hashlib.sha256(f"{self.model_hash} {self.weight}".encode())
        for part in (self.mean, self.directions, self.rarity, self.axes):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:12]

    @property
    def dimension(self) -> int:
        """Columns of what `transform` returns."""
        return len(self.mean) + len(self.axes)

    def transform(self, vectors: Vectors, texts: Sequence[str]) -> Vectors:
        """Return (n, dimension) float32 unit rows for the sentence vectors of ``texts``.

        Raises ValueError for NaN or a wrong shape.
        """
        if vectors.shape != (len(texts), len(self.mean)):
            wanted = (len(texts), len(self.mean))
            raise ValueError(f"vectors must have shape {wanted}, got {vectors.shape}")
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        check_finite(vectors)
        centred: Vectors = (vectors - self.mean).astype(np.float32)
        shared: Vectors = (centred @ self.directions.T @ self.directions).astype(np.float32)
        meaning = unit_rows(centred - shared)
        wording: Vectors = _weigh(_count(texts), self.rarity) @ self.axes.T
        both = np.hstack([meaning, self.weight * unit_rows(wording)])
        return unit_rows(both.astype(np.float32))

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of its file: float16, the precision that `fit_space` rounded to."""
        arrays = {"mean": self.mean, "directions": self.directions}
        arrays |= {"rarity": self.rarity, "axes": self.axes}
        parts: dict[str, NDArray[Any]] = {k: v.astype(np.float16) for k, v in arrays.items()}
        return parts | {"model_hash": np.array(self.model_hash), "weight": np.array(self.weight)}

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
        names = ("mean", "directions", "rarity", "axes")
        parts = {name: stored[name].astype(np.float32) for name in names}
        return Space(str(stored["model_hash"]), **parts, weight=float(stored["weight"]))


def fit_space(vectors: Vectors, texts: Sequence[str], model_hash: str, seed: int = 0) -> Space:
    """Fit on segments of the same services as those to be placed, all or a sample of them.

    Under 30 texts, nothing is removed and the wording is left out. Raises ValueError for NaN.
    """
    check_finite(vectors)
    size = vectors.shape[1]
    if len(texts) < FEWEST:
        empty = np.zeros((0, BUCKETS), dtype=np.float32)
        nothing = np.zeros((0, size), dtype=np.float32)
        mean = np.zeros(size, dtype=np.float32)
        return Space(model_hash, mean, nothing, np.ones(BUCKETS, dtype=np.float32), empty)
    mean = vectors.mean(axis=0)
    directions = _main_directions(vectors - mean, min(DIRECTIONS, size - 1))
    counts = _count(texts)
    rarity = _rarity(counts)
    axes = _wording_axes(_weigh(counts, rarity), seed)
    mean, directions, rarity, axes = map(_rounded, (mean, directions, rarity, axes))
    return Space(model_hash, mean, directions, rarity, axes)


def _rounded(part: NDArray[Any]) -> Vectors:
    """Round to float16, so that a space read back from its file gives the same places."""
    return np.asarray(part, dtype=np.float16).astype(np.float32)


def _main_directions(centred: Vectors, count: int) -> Vectors:
    # The eigenvectors of a (d, d) matrix: memory does not grow with the sample.
    _, vectors = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    return np.asarray(vectors[:, ::-1][:, :count].T, dtype=np.float32)


def _count(texts: Sequence[str]) -> Any:
    """Return a sparse (n, BUCKETS) matrix of hashed n-grams of 3 to 5 characters."""
    # Half a second to import: not for those who only read a theme.
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        n_features=BUCKETS,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )
    return hashing.transform([text.encode("utf-8", "replace").decode("utf-8") for text in texts])


def _rarity(counts: Any) -> Vectors:
    present = np.bincount(counts.indices, minlength=BUCKETS)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + present)) + 1, dtype=np.float32)


def _weigh(counts: Any, rarity: Vectors) -> Any:
    """Return unit rows of (1 + log count) × rarity."""
    from sklearn.preprocessing import normalize

    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * rarity[weighed.indices]
    return normalize(weighed, copy=False)


def _wording_axes(weighed: Any, seed: int) -> Vectors:
    """Return the (w, BUCKETS) main axes of the wording, w at most 256."""
    from sklearn.utils.extmath import randomized_svd

    wanted = min(WORDING, weighed.shape[0] - 1)
    _, _, axes = randomized_svd(weighed, wanted, n_iter=4, random_state=seed)
    return np.asarray(axes, dtype=np.float32)

"""Which texts share most of their wording: 5-character shingles, MinHash bands, exact Jaccard."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5
JACCARD = 0.8
MIN_WORDS = 5
_BANDS, _ROWS = 25, 5
_PRIME = np.uint64(2**31 - 1)


def cut_shingles(text: str) -> frozenset[str]:
    """Return the text's shingles without case, accents or punctuation; none under five words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    if len(words) < MIN_WORDS:
        return frozenset()
    line = " ".join(words)
    return frozenset(line[i : i + SHINGLE] for i in range(max(1, len(line) - SHINGLE + 1)))


def link_copies(shingles: list[frozenset[str]]) -> NDArray[np.int64]:
    """Link each text to the earlier originals that it copies, comparing within bands only."""
    originals: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    links = []
    for index, bands in _banded(shingles):
        candidates = {other for band in bands for other in originals[band]}
        copied = [o for o in candidates if _jaccard(shingles[index], shingles[o]) > JACCARD]
        links += [(index, other) for other in copied]
        if not copied:
            for band in bands:
                originals[band].append(index)
    return np.array(links, dtype=np.int64).reshape(-1, 2)


def _banded(shingles: list[frozenset[str]]) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Yield each text's place and its MinHash bands (Broder 1997).

    With 25 bands of 5 minima, a pair at Jaccard 0.8 shares one with probability 0.99995, a pair
    at 0.2 with 0.008. The hash family is fixed: the same texts always give the same groups.
    """
    filled = [index for index, each in enumerate(shingles) if each]
    if not filled:
        return
    tokens = [crc32(s.encode("utf-8", "replace")) for index in filled for s in shingles[index]]
    keys, starts = np.array(tokens, dtype=np.uint64), [0]
    for index in filled[:-1]:
        starts.append(starts[-1] + len(shingles[index]))
    family = np.random.default_rng(5).integers(1, _PRIME, (_BANDS * _ROWS, 2), dtype=np.uint64)
    minima = [np.minimum.reduceat((a * keys + b) % _PRIME, starts) for a, b in family]
    signatures = np.array(minima, dtype=np.uint32).T.reshape(len(filled), _BANDS, _ROWS)
    for index, signature in zip(filled, signatures, strict=True):
        yield index, [(band, row.tobytes()) for band, row in enumerate(signature)]


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    if min(len(one), len(other)) <= JACCARD * max(len(one), len(other)):
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)

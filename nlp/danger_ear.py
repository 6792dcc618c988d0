"""A second ear for danger beside the lists: how much a message sounds like those that people wrote.

A logistic regression on hashed letter groups and words, small enough for the process that answers
people. It hears what no list foresaw, and misspelt; the words that weigh most are its evidence.
``nlp/build_danger_ear.py`` fits it; a sentence that it gets wrong is mended by adding it there.
"""

import re
import unicodedata
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.phrases import Span

FILE = Path(__file__).parent / "data" / "danger_ear.npz"
KINDS = ("suicide", "violence", "threat", "child", "abuse", "medical", "homeless", "online")
BUCKETS = 16_384  # of hashed groups: 32,768 gave the same figures in a file twice as large
GROUPS = (2, 3, 4, 5)  # letters
PASSAGE = 8  # words shown as evidence
FEWEST = 3  # words of a sentence that is read by itself
WORD = re.compile(r"[^\W_]+")
SENTENCE = re.compile(r"[^.!?;\n…]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ear:
    """The fitted model.

    ``rarity`` (buckets,) weighs groups, ``weights`` (buckets,) and ``bias`` say danger or not in
    log-odds, ``kinds`` (8, buckets) and ``kind_bias`` (8,) which one; ``threshold`` is the log-odds
    from which a message is held.
    """

    rarity: Floats
    weights: Floats
    bias: float
    kinds: Floats
    kind_bias: Floats
    threshold: float


def fold_word(word: str) -> str:
    """Return ``word`` without case, accents and letters drawn out."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _DRAWN_OUT.sub(r"\1\1", plain)


def groups_of(word: str) -> list[int]:
    """Return the buckets of one folded word: its groups of 2 to 5 letters and itself."""
    padded = f" {word} "
    pieces = [padded[at : at + n] for n in GROUPS for at in range(max(1, len(padded) - n + 1))]
    return [_bucket(piece) for piece in (*pieces, f"word:{word}")]


def buckets_of(words: list[str]) -> Counter[int]:
    """Return how often each bucket stands in a run of folded words, pairs of words included."""
    found = Counter(bucket for word in words for bucket in groups_of(word))
    found.update(
        _bucket(f"pair:{left} {right}") for left, right in zip(words, words[1:], strict=False)
    )
    return found


def _bucket(piece: str) -> int:
    return zlib.crc32(piece.encode()) % BUCKETS


def rows(counts: Counter[int], rarity: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the buckets of a text and their weights: 1 + log count, times rarity, unit length."""
    buckets = np.fromiter(counts.keys(), np.int64, len(counts))
    values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * rarity[buckets]
    return buckets, np.asarray(values / max(float(np.linalg.norm(values)), 1e-9), np.float32)


@dataclass(frozen=True)
class Heard:
    """The log-odds of danger in a text, and the passage that weighs most from the threshold on."""

    odds: float
    spans: tuple[Span, ...] = ()


def listen(text: str, ear: Ear | None = None) -> Heard:
    """Return what is heard in ``text``: the most of the whole and of each of its sentences.

    Without a word the odds are minus infinity. The passage has the likeliest kind.
    """
    ear = ear or packaged_ear()
    odds, start, part = max(_heard(text, ear), default=(-np.inf, 0, ""))
    if odds < ear.threshold:
        return Heard(odds)
    found = list(WORD.finditer(part))
    folded = [fold_word(match[0]) for match in found]
    kind = KINDS[int(np.argmax(_per_kind(folded, ear)))]
    first = _heaviest([float(ear.weights[groups_of(word)].sum()) for word in folded])
    last = min(first + PASSAGE, len(found)) - 1
    return Heard(odds, (Span(kind, start + found[first].start(), start + found[last].end()),))


def _heard(text: str, ear: Ear) -> list[tuple[float, int, str]]:
    """Return (log-odds, start, words) of the text and of its sentences."""
    parts = [(0, text), *((match.start(), match[0]) for match in SENTENCE.finditer(text))]
    heard = []
    for start, part in parts:
        words = [fold_word(match[0]) for match in WORD.finditer(part)]
        if words and (start == 0 or len(words) >= FEWEST):
            buckets, values = rows(buckets_of(words), ear.rarity)
            heard.append((float(values @ ear.weights[buckets]) + ear.bias, start, part))
    return heard


def _per_kind(words: list[str], ear: Ear) -> Floats:
    buckets, values = rows(buckets_of(words), ear.rarity)
    return np.asarray(ear.kinds[:, buckets] @ values + ear.kind_bias, np.float32)


def _heaviest(weight: list[float]) -> int:
    """Return where the window of ``PASSAGE`` words that weighs most begins."""
    last = max(0, len(weight) - PASSAGE)
    return max(range(last + 1), key=lambda at: sum(weight[at : at + PASSAGE]))


@cache
def packaged_ear() -> Ear:
    """Return the ear of this release."""
    return read_ear(FILE)


def read_ear(path: Path) -> Ear:
    """Read the ear that `write_ear` wrote to ``path``."""
    with np.load(path) as kept:
        parts = {name: kept[name].astype(np.float32) for name in kept.files}
    return Ear(
        parts["rarity"],
        parts["weights"],
        float(parts["bias"]),
        parts["kinds"],
        parts["kind_bias"],
        float(parts["threshold"]),
    )


def write_ear(ear: Ear, path: Path) -> None:
    """Write ``ear`` to ``path``, half precision: the figures stay the same."""
    np.savez_compressed(
        path,
        rarity=ear.rarity.astype(np.float16),
        weights=ear.weights.astype(np.float16),
        bias=np.float32(ear.bias),
        kinds=ear.kinds.astype(np.float16),
        kind_bias=ear.kind_bias.astype(np.float32),
        threshold=np.float32(ear.threshold),
    )

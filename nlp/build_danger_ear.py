"""Fit the second ear for danger anew; run by hand when sentences are added.

``python -m nlp.build_danger_ear DANGERS.jsonl [DANGERS.jsonl …] --ordinary TEXTS.txt``: dangers are
lines of ``text`` and ``kind`` (empty: harmless), the ordinary texts one a line.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.danger_ear import (
    BUCKETS,
    FILE,
    KINDS,
    SENTENCE,
    WORD,
    Ear,
    buckets_of,
    fold_word,
    listen,
    rows,
    write_ear,
)

STRENGTH = 20.0  # inverse of the regularisation; 5 and 80 gave less over five folds
FOLDS = 5
FALSE_ALERTS = 0.01  # of harmless look-alikes, over the folds: what the ear adds to the lists
SEED = 0
Labelled = Sequence[tuple[str, str]]  # text, kind or nothing


def fit(labelled: Labelled, threshold: float = 0.0) -> Ear:
    """Return the ear fitted to ``labelled``; its threshold is what is given.

    The sentences of harmless texts count as harmless too. Raises ValueError unless there are
    harmless texts and dangers of each kind.
    """
    missing = {"", *KINDS} - {kind for _, kind in labelled}
    if missing:
        raise ValueError(f"each kind needs a text, got none of {sorted(missing)}")
    more = [(part, "") for text, kind in labelled if not kind for part in _sentences(text)]
    everything = [*labelled, *more]
    counts = [_counts(text) for text, _ in everything]
    rarity = _rarity(counts)
    matrix = _matrix(counts, rarity)
    dangerous = np.array([bool(kind) for _, kind in everything])
    which = [kind for _, kind in everything if kind]
    whether, kinds = _regression(), _regression()
    whether.fit(matrix, dangerous)
    kinds.fit(matrix[dangerous], which)
    order = [list(kinds.classes_).index(kind) for kind in KINDS]
    return Ear(
        rarity,
        whether.coef_[0].astype(np.float32),
        float(whether.intercept_[0]),
        kinds.coef_[order].astype(np.float32),
        kinds.intercept_[order].astype(np.float32),
        threshold,
    )


def choose_threshold(labelled: Labelled, look_alikes: frozenset[str]) -> float:
    """Return the log-odds that ``FALSE_ALERTS`` of look-alikes reach, each unseen in its fold."""
    chance = np.random.default_rng(SEED)
    fold = chance.integers(FOLDS, size=len(labelled))
    reached = []
    for each in range(FOLDS):
        ear = fit([pair for pair, at in zip(labelled, fold, strict=True) if at != each])
        reached += [
            listen(text, ear).odds
            for (text, kind), at in zip(labelled, fold, strict=True)
            if at == each and not kind and text in look_alikes
        ]
    return float(np.quantile(reached, 1 - FALSE_ALERTS))


def _counts(text: str) -> Counter[int]:
    return buckets_of([fold_word(match[0]) for match in WORD.finditer(text)])


def _sentences(text: str) -> list[str]:
    parts = [match[0] for match in SENTENCE.finditer(text)]
    return [part for part in parts if len(part.split()) > 2] if len(parts) > 1 else []


def _rarity(counts: Sequence[Counter[int]]) -> NDArray[np.float32]:
    seen = np.zeros(BUCKETS)
    for each in counts:
        seen[list(each)] += 1
    return np.asarray(np.log((1 + len(counts)) / (1 + seen)) + 1, np.float16).astype(np.float32)


def _matrix(counts: Sequence[Counter[int]], rarity: NDArray[np.float32]) -> Any:
    from scipy.sparse import csr_matrix  # only who builds needs it

    built = [rows(each, rarity) for each in counts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in built)])
    values = np.concatenate([values for _, values in built])
    places = np.concatenate([buckets for buckets, _ in built])
    return csr_matrix((values, places, ends), shape=(len(built), BUCKETS))


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)


def read_labelled(path: Path) -> list[tuple[str, str]]:
    """Return the (text, kind) pairs of one file of JSON lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return [(row["text"], row.get("kind") or "") for row in found]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit on the files named and write the release's ear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dangers", nargs="+", type=Path)
    parser.add_argument("--ordinary", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FILE)
    asked = parser.parse_args(arguments)
    written = [pair for path in asked.dangers for pair in read_labelled(path)]
    ordinary = asked.ordinary.read_text(encoding="utf-8").splitlines()
    labelled = [*written, *((line, "") for line in ordinary if line.strip())]
    alike = frozenset(text for text, kind in written if not kind)
    threshold = choose_threshold(labelled, alike)
    write_ear(replace(fit(labelled), threshold=threshold), asked.out)
    print(f"fitted on {len(labelled)} texts, threshold {threshold:.3f}, written to {asked.out}")


if __name__ == "__main__":
    main()

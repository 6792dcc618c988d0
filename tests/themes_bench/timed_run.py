"""Times one grouping in a process of its own.

``python -m tests.themes_bench.timed_run WAY FOLDER`` where FOLDER holds `vectors.npy` and
`texts.json`. Libraries are loaded and compiled on a small sample before the clock starts. Prints
one line of JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WARMED_ON = 300  # rows
Run = Callable[[NDArray[np.float32], list[str]], Any]


def boucle(vectors: NDArray[np.float32], texts: list[str]) -> Any:
    """Group points of Boucle's space."""
    from nlp.cluster import cluster

    return cluster(vectors, 0)


def bertopic(vectors: NDArray[np.float32], texts: list[str]) -> Any:
    """Fit BERTopic with its defaults but a word table limited to 5,000 words."""
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(max_features=5_000)
    return BERTopic(vectorizer_model=words).fit_transform(texts, vectors)[0]


WAYS: dict[str, Run] = {"boucle": boucle, "bertopic": bertopic}


def peak_mb(process: str = "self") -> float:
    """Return the most memory that a process held, in MB (10⁶ bytes).

    Read from /proc: what `getrusage` tells of a child starts at its parent's size.
    """
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    (line,) = [each for each in status.splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 1e6


def main(way: str, folder: str) -> None:
    """Group and print seconds, memory and number of groups."""
    vectors = np.load(Path(folder) / "vectors.npy")
    texts = json.loads((Path(folder) / "texts.json").read_text("utf-8"))
    WAYS[way](vectors[:WARMED_ON], texts[:WARMED_ON])
    before, start = peak_mb(), time.perf_counter()
    labels = np.array(WAYS[way](vectors, texts))
    found = {"seconds": time.perf_counter() - start, "peak": peak_mb(), "before": before}
    found |= {"groups": int(labels.max()) + 1, "placed": float((labels >= 0).mean())}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])

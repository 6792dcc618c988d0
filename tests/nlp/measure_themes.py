"""Prints how well the groups agree with the hand-made ones of the Mini-BAR sets.

``python -m tests.nlp.measure_themes FOLDER MODELS`` where FOLDER holds ``*.clusters.csv`` and the
packaged model is built in MODELS once. Each unplaced text counts as a group of its own; AMI5 is
over the texts whose true group has five members or more.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from nlp.cluster import cluster
from nlp.encode import Encoder, load_encoder
from nlp.space import fit_space


def measure(path: Path, encoder: Encoder) -> list[float]:
    """Return groups, unplaced share, AMI, ARI and AMI5 of one set."""
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    texts = [row["data"] for row in rows]
    truth = np.array([row["ground_truth"] for row in rows])
    vectors = encoder.encode(texts)
    points = fit_space(vectors, texts, encoder.model_hash).transform(vectors, texts)
    labels = cluster(points, seed=0)
    unplaced = np.flatnonzero(labels < 0)
    groups = int(labels.max() + 1)
    labels[unplaced] = groups + np.arange(len(unplaced))
    large = np.array([(truth == each).sum() >= 5 for each in truth])
    return [
        groups,
        len(unplaced) / len(labels),
        adjusted_mutual_info_score(truth, labels),
        adjusted_rand_score(truth, labels),
        adjusted_mutual_info_score(truth[large], labels[large]),
    ]


def main(folder: str, models: str) -> None:
    """Print one line a set and their mean."""
    encoder = load_encoder(None, Path(models))
    table = []
    print(f"{'set':45}{'groups':>8}{'unplaced':>9}{'AMI':>7}{'ARI':>7}{'AMI5':>7}")
    for path in sorted(Path(folder).glob("*.clusters.csv")):
        table.append(measure(path, encoder))
        print_row(path.name, table[-1])
    print_row("mean", list(np.mean(table, axis=0)))


def print_row(name: str, values: list[float]) -> None:
    """Print one line of the table."""
    groups, unplaced, *scores = values
    print(f"{name:45}{groups:8.1f}{unplaced:9.2f}" + "".join(f"{each:7.3f}" for each in scores))


if __name__ == "__main__":
    main(*sys.argv[1:])

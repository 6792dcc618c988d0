"""The ways of grouping that are compared. Each gets one set with its vectors and returns labels,
-1 for the unplaced. BERTopic's UMAP is seeded, everything else of its defaults stays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.cluster import cluster
from nlp.encode import Encoder, unit_rows
from nlp.space import fit_space
from tests.nlp.measure_registers import main_themes

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
NEIGHBOURS, RESOLUTION = 8, 4.0  # of the baseline
SMALLEST = 3  # members of a group of HDBSCAN


@dataclass(frozen=True, eq=False)
class Task:
    """What a way of grouping gets: ``groups`` is the true number, for those that must be told."""

    texts: list[str]
    vectors: Vectors
    groups: int
    encoder: Encoder
    seed: int = 0


Group = Callable[[Task], Labels]


def boucle_points(task: Task) -> Vectors:
    """Return the texts' places in the space that Boucle fits on them."""
    encoder = task.encoder
    space = fit_space(task.vectors, task.texts, encoder.model_hash, task.seed, encoder.encode)
    return space.transform(task.vectors, task.texts)


def boucle_whole(task: Task) -> Labels:
    """Group whole texts."""
    return cluster(boucle_points(task), task.seed)


def boucle_segments(task: Task) -> Labels:
    """Group as the product does: cut into segments, then the main theme of each text."""
    return np.array(main_themes(task.texts, task.encoder, task.seed), dtype=np.int64)


def bertopic(min_topic_size: int = 10, n_neighbors: int = 15) -> Group:
    """Return BERTopic on the given vectors; the arguments' defaults are its own."""

    def group(task: Task) -> Labels:
        from bertopic import BERTopic
        from umap import UMAP

        # BERTopic's own UMAP, with a seed.
        umap = UMAP(n_neighbors, 5, min_dist=0.0, metric="cosine", random_state=task.seed)
        model: Any = BERTopic(umap_model=umap, min_topic_size=min_topic_size)
        topics, _ = model.fit_transform(task.texts, task.vectors)
        return np.array(topics, dtype=np.int64)

    return group


def hdbscan_raw(task: Task) -> Labels:
    """Run HDBSCAN on the vectors as they are."""
    return _hdbscan(task.vectors)


def hdbscan_cleaned(task: Task) -> Labels:
    """Run HDBSCAN on the vectors without mean and two main directions."""
    return _hdbscan(all_but_the_top(task.vectors))


def _hdbscan(vectors: Vectors) -> Labels:
    from hdbscan import HDBSCAN

    model: Any = HDBSCAN(min_cluster_size=SMALLEST)
    return np.array(model.fit_predict(vectors.astype(np.float64)), dtype=np.int64)


def kmeans(task: Task) -> Labels:
    """Run k-means on the vectors as they are, told the true number of groups."""
    from sklearn.cluster import KMeans

    found = KMeans(task.groups, n_init=10, random_state=task.seed).fit_predict(task.vectors)
    return np.asarray(found, dtype=np.int64)


def baseline(task: Task) -> Labels:
    """Run Leiden once on the 8 nearest by meaning plus letters, at resolution 4."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    letters = grams.fit_transform(task.texts)
    meaning = all_but_the_top(task.vectors)
    # The cosine in the two views side by side.
    similar = (meaning @ meaning.T + np.asarray((letters @ letters.T).todense())) / 2
    return _leiden(similar, task.seed)


def _leiden(similar: NDArray[Any], seed: int) -> Labels:
    import igraph
    import leidenalg

    np.fill_diagonal(similar, -1)
    nearest = np.argsort(-similar, axis=1, kind="stable")[:, :NEIGHBOURS]
    rows = np.repeat(np.arange(len(similar)), NEIGHBOURS)
    ends = np.unique(np.sort(np.column_stack([rows, nearest.ravel()]), axis=1), axis=0)
    weights = np.maximum(similar[ends[:, 0], ends[:, 1]], 1e-3).astype(float)
    found = leidenalg.find_partition(
        igraph.Graph(n=len(similar), edges=ends.tolist()),
        leidenalg.RBConfigurationVertexPartition,
        weights=weights.tolist(),
        resolution_parameter=RESOLUTION,
        seed=seed,
    )
    return np.array(found.membership, dtype=np.int64)


def all_but_the_top(vectors: Vectors) -> Vectors:
    """Return unit rows without the mean and the two main directions."""
    centred = vectors - vectors.mean(axis=0)
    main = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return unit_rows(centred - centred @ main.T @ main)


BOUCLE, BOUCLE_SEGMENTS = "Boucle, whole texts", "Boucle, cut into segments"
BERTOPIC = "BERTopic, defaults"
TUNED = {
    "BERTopic, min_topic_size 3": bertopic(3),
    "BERTopic, min_topic_size 5, n_neighbors 5": bertopic(5, 5),
}
METHODS: dict[str, Group] = {
    BOUCLE: boucle_whole,
    BOUCLE_SEGMENTS: boucle_segments,
    "Baseline: one Leiden run, k 8, r 4": baseline,
    BERTOPIC: bertopic(),
    **TUNED,
    "HDBSCAN min 3, raw vectors": hdbscan_raw,
    "HDBSCAN min 3, all-but-the-top-2": hdbscan_cleaned,
    "k-means, told the true k": kmeans,
}

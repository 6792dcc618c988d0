"""How fast segments are placed among themes, and how fast and faithful the encoder is."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp.assign import assign, fit_thresholds
from nlp.encode import Encoder, load_encoder, unit_rows
from nlp.precision import FLOAT32
from tests.nlp import measure_encoder
from tests.report_sections import table
from tests.themes_bench.corpora import (
    FAMILY,
    GRAND_DEBAT,
    MINIBAR,
    LabelledSet,
    Vectors,
    enlarge,
)
from tests.themes_bench.kept_vectors import KeptEncoder
from tests.themes_bench.rivals import BOUCLE, METHODS, Task, boucle_points
from tests.themes_bench.scores import score
from tests.themes_bench.targets import Target, at_least, at_most

PLACED, THEMES, TIMES = 50_000, 500, 5
SEEDS = range(5)  # one grouping alone is chaotic: the last bit of a vector moves texts about


@dataclass(frozen=True)
class Encoding:
    """Medians over rounds that alternate; cosines to the plain path; each set's changes of AMI, one
    for each seed, which groups both kinds of vectors."""

    texts_per_second: dict[str, float]
    ratios: dict[str, float]
    cosine_mean: float
    cosine_lowest: float
    ami_changes: dict[str, list[float]]
    precision: str


def rows_per_second(real: list[str], encoder: Encoder) -> tuple[float, int]:
    """Return how many points a second `assign` places into 500 themes, and their dimension."""
    vectors = encoder.encode(real)
    points = boucle_points(Task(real, vectors, 0, encoder))
    many, _ = enlarge(points, real, PLACED)
    rng = np.random.default_rng(0)
    centres = points[rng.choice(len(points), THEMES, replace=False)]
    prototypes = fit_thresholds(points, nearest_centre(points, centres))
    assign(many, prototypes)
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        assign(many, prototypes)
        taken.append(time.perf_counter() - start)
    return PLACED / float(np.median(taken)), many.shape[1]


def nearest_centre(points: Vectors, centres: Vectors) -> np.ndarray:
    """Return for each point the row of the centre nearest to it."""
    return np.asarray((unit_rows(points) @ centres.T).argmax(axis=1), dtype=np.int64)


def measure_encoding(
    data: Path, models: Path, sets: list[LabelledSet], kept: Path, rounds: int
) -> Encoding:
    """Compare the product's encoder with the plain path, as `measure_encoder` does."""
    texts = [t for n in (MINIBAR, GRAND_DEBAT) for t in measure_encoder.read_texts(data / n)]
    texts = [texts[row] for row in np.random.default_rng(0).permutation(len(texts))]
    paths = measure_encoder.load_paths(models)
    chosen = measure_encoder.choose(texts, models)
    speeds: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(rounds):
        for name, encode in paths.items():
            speeds[name].append(measure_encoder.timed(encode, chosen)[0])
    ratios = {n: float(np.median(np.divide(s, speeds["plain"]))) for n, s in speeds.items()}
    checked = texts[: measure_encoder.CHECKED]
    cosines = (paths["plain"](checked) * paths["int8"](checked)).sum(axis=1)
    fast = load_encoder(None, models)
    return Encoding(
        {name: float(np.median(found)) for name, found in speeds.items()},
        ratios,
        float(cosines.mean()),
        float(cosines.min()),
        _ami_changes(sets, models, kept),
        str(getattr(fast, "precision", "?")),
    )


def _ami_changes(sets: list[LabelledSet], models: Path, kept: Path) -> dict[str, list[float]]:
    """Return by how much AMI moves with the fast vectors, on each set of the family, by seed."""
    exact = KeptEncoder(load_encoder(None, models, FLOAT32), kept)
    fast = KeptEncoder(load_encoder(None, models), kept)
    family = [each for each in sets if each.name.startswith(FAMILY)]
    return {
        each.name: [_ami(each, fast, seed) - _ami(each, exact, seed) for seed in SEEDS]
        for each in family
    }


def _ami(each: LabelledSet, encoder: Encoder, seed: int) -> float:
    task = Task(each.texts, encoder.encode(each.texts), 0, encoder, seed)
    return score(each.truth, METHODS[BOUCLE](task)).ami


def speed_targets(placed: float, encoding: Encoding) -> list[Target]:
    """Return the targets about speed and about how faithful it is."""
    changes = [float(np.mean(each)) for each in encoding.ami_changes.values()]
    fast = encoding.ratios["int8"]
    return [
        at_least("encoder, times the plain fp32 path", 2.5, fast),
        at_least("fast encoder's mean cosine to plain fp32", 0.995, encoding.cosine_mean, "{:.4f}"),
        at_least("… the lowest", 0.99, encoding.cosine_lowest, "{:.4f}"),
        at_most(
            "… change of AMI, mean of sets and seeds", 0.01, abs(float(np.mean(changes))), "{:.3f}"
        ),
        at_most(
            "… largest change of one set's AMI, mean of seeds",
            0.01,
            max(map(abs, changes)),
            "{:.3f}",
        ),
        at_least("segments a second placed among 500 themes", 20_000, placed, "{:,.0f}"),
    ]


def assign_page(placed: float, dimension: int) -> str:
    """Return the paragraph about placing."""
    return (
        "### Placing new segments\n\n"
        f"`assign` places {PLACED:,} points of {dimension} dimensions among {THEMES} themes at "
        f"**{placed:,.0f} a second** (median of {TIMES} runs; real points and, "
        "above their number, made ones, already in the space; themes around 500 of them). "
        "Encoding comes before it and is far slower: it decides how long a new message waits."
    )


def encoding_page(encoding: Encoding) -> str:
    """Return the tables about the encoder."""
    names = {"plain": "SentenceTransformer.encode, float32, defaults"}
    names |= {kind: f"Boucle, {kind}" for kind in ("int8", "float32")}
    speeds = encoding.texts_per_second
    rows = [[names[n], f"{speeds[n]:.0f}", f"{encoding.ratios[n]:.2f}"] for n in speeds]
    changes = [
        [name, f"{np.mean(each):+.3f}", f"{min(each):+.3f} to {max(each):+.3f}"]
        for name, each in encoding.ami_changes.items()
    ]
    return "\n\n".join(
        [
            "### Encoder",
            f"{measure_encoder.TEXTS} texts of 18 to 56 tokens, rounds that alternate, medians. "
            f"On this processor the product chooses {encoding.precision}.",
            table(["path", "texts/s", "× plain"], rows),
            f"int8 to plain on {measure_encoder.CHECKED:,} texts: mean cosine "
            f"{encoding.cosine_mean:.4f}, lowest {encoding.cosine_lowest:.4f}. The ratio holds for "
            "this processor: without 8-bit dot products the product computes in float32.",
            table(["AMI with the fast vectors, against float32", "change", "by seed"], changes),
            f"The mean change is {np.mean(list(encoding.ami_changes.values())):+.3f}. A change is "
            f"the mean over {len(SEEDS)} seeds, each of which groups both kinds of vectors: on 200 "
            "texts another seed alone moves the groups too (see Steadiness).",
        ]
    )

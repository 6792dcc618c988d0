"""How much a grouping changes when only chance or a few texts change."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.cluster import cluster
from nlp.encode import Encoder
from tests.report_sections import table
from tests.themes_bench.corpora import FAMILY, LabelledSet
from tests.themes_bench.rivals import BERTOPIC, METHODS, Task, boucle_points
from tests.themes_bench.scores import Labels, agreement

SHARE = 0.9  # of the texts in a subsample
HEADINGS = ["set", "tool", "two seeds", "two subsamples of 90 %"]


@dataclass(frozen=True)
class Steadiness:
    """AMI between two groupings of one set: other seed; other tenth left out (shared texts)."""

    set_name: str
    tool: str
    seeds: float
    subsamples: float


def measure_steadiness(sets: Sequence[LabelledSet], encoder: Encoder) -> list[Steadiness]:
    """Return the steadiness on Mini-BAR, BERTopic's too, and on the Grand Débat."""
    found = []
    for each in sets:
        if each.name.startswith((FAMILY, "Grand")):
            found.append(_boucle(each, encoder))
        if each.name.startswith(FAMILY):
            found.append(_bertopic(each, encoder))
    return found


def _boucle(each: LabelledSet, encoder: Encoder) -> Steadiness:
    """Group points of one space; the space itself has no chance in it on so few texts."""
    points = boucle_points(Task(each.texts, encoder.encode(each.texts), 0, encoder))
    seeds = agreement(cluster(points, 0), cluster(points, 1))
    rows = subsamples(len(points))
    halves = [cluster(points[part], 0) for part in rows]
    return Steadiness(each.name, "Boucle", seeds, on_shared(rows, halves))


def _bertopic(each: LabelledSet, encoder: Encoder) -> Steadiness:
    vectors, run = encoder.encode(each.texts), METHODS[BERTOPIC]

    def group(rows: NDArray[np.int64], seed: int) -> Labels:
        return run(Task([each.texts[row] for row in rows], vectors[rows], 0, encoder, seed))

    every, rows = np.arange(len(vectors)), subsamples(len(vectors))
    seeds = agreement(group(every, 0), group(every, 1))
    halves = [group(part, 0) for part in rows]
    return Steadiness(each.name, BERTOPIC, seeds, on_shared(rows, halves))


def subsamples(size: int) -> list[NDArray[np.int64]]:
    """Return the rows of two random subsamples, in order (seed 0)."""
    rng = np.random.default_rng(0)
    return [np.sort(rng.choice(size, int(SHARE * size), replace=False)) for _ in range(2)]


def on_shared(rows: Sequence[NDArray[np.int64]], labels: Sequence[Labels]) -> float:
    """Return the agreement of two groupings on the texts that both hold."""
    shared = np.intersect1d(rows[0], rows[1])
    one, other = (
        each[np.searchsorted(part, shared)] for part, each in zip(rows, labels, strict=True)
    )
    return agreement(one, other)


def steadiness_page(found: Sequence[Steadiness]) -> str:
    """Return the table, the mean of the four sets first."""
    rows = [_row(each) for each in [*_means(found), *found]]
    return "\n\n".join(
        [
            "### Steadiness",
            "AMI between two groupings of the same texts, each unplaced text as a group of its "
            "own: seeds 0 and 1 on all texts; seed 0 on two random subsamples, compared on the "
            "texts in both. For Boucle, `cluster()` on points of one space.",
            table(HEADINGS, rows),
            "1 would be the same groups. Themes last in the product not by this alone but by "
            "matching with the themes of before; what people see kept is the next figure.",
        ]
    )


def _means(found: Sequence[Steadiness]) -> list[Steadiness]:
    means = []
    for tool in ("Boucle", BERTOPIC):
        own = [e for e in found if e.tool == tool and e.set_name.startswith(FAMILY)]
        seeds, parts = (
            float(np.mean([getattr(e, k) for e in own])) for k in ("seeds", "subsamples")
        )
        means.append(Steadiness(f"{FAMILY}, mean of the four sets", tool, seeds, parts))
    return means


def _row(each: Steadiness) -> list[str]:
    return [each.set_name, each.tool, f"{each.seeds:.3f}", f"{each.subsamples:.3f}"]

"""Groups every labelled set in every way and tells the agreement with people, as tables."""

import sys
import time
from collections.abc import Mapping, Sequence

from nlp.encode import Encoder
from tests.report_sections import table
from tests.themes_bench.corpora import FAMILY, LabelledSet
from tests.themes_bench.rivals import (
    BERTOPIC,
    BOUCLE,
    BOUCLE_SEGMENTS,
    METHODS,
    TUNED,
    Task,
)
from tests.themes_bench.scores import Score, mean_score, score
from tests.themes_bench.targets import Target, at_least

Scores = Mapping[str, Mapping[str, Score]]  # by set, then by method
HEADINGS = ["method", "groups", "AMI", "ARI", "B³ F", "V", "placed"]
MEAN = f"{FAMILY}, mean of the four sets"


def compare(sets: Sequence[LabelledSet], encoder: Encoder) -> Scores:
    """Return every score; all ways get the same vectors of a set."""
    scores: dict[str, dict[str, Score]] = {}
    for each in sets:
        task = Task(each.texts, encoder.encode(each.texts), len(set(each.truth)), encoder)
        scores[each.name] = {}
        for name, group in METHODS.items():
            start = time.perf_counter()
            scores[each.name][name] = score(each.truth, group(task))
            taken = time.perf_counter() - start
            print(f"{each.name}: {name}, {taken:.0f} s", file=sys.stderr, flush=True)
    return with_mean(scores)


def with_mean(scores: Scores) -> Scores:
    """Put the mean of the family before its sets."""
    family = [each for name, each in scores.items() if name.startswith(FAMILY)]
    return {MEAN: {name: mean_score([each[name] for each in family]) for name in METHODS}, **scores}


def best_tuned(scores: Scores) -> str:
    """Return the setting of BERTopic with the best mean AMI on the family."""
    return max(TUNED, key=lambda name: scores[MEAN][name].ami)


def comparison_targets(scores: Scores) -> list[Target]:
    """Return the targets about agreement, for whole texts and as the product groups."""
    found = []
    for name in (BOUCLE, BOUCLE_SEGMENTS):
        mean = scores[MEAN][name]
        found.append(
            at_least(f"mean AMI, four development sets ({name})", 0.38, mean.ami, "{:.3f}")
        )
        found.append(
            at_least(f"mean ARI, four development sets ({name})", 0.25, mean.ari, "{:.3f}")
        )
    return found


def comparison_page(sets: Sequence[LabelledSet], scores: Scores) -> str:
    """Return the tables, with what each set is."""
    sizes = {each.name: (len(each.texts), len(set(each.truth))) for each in sets}
    parts = ["### Agreement with people's groups", _preface(scores)]
    for name, by_method in scores.items():
        texts, groups = sizes.get(name, (0, 0))
        parts.append(f"**{name}**" + (f" ({texts:,} texts, {groups} true groups)" if texts else ""))
        parts.append(table(HEADINGS, [_row(method, by_method[method]) for method in METHODS]))
        parts.append(_meaning(by_method))
    return "\n\n".join(parts)


def _preface(scores: Scores) -> str:
    return (
        "Same sentence vectors for all (packaged encoder, float32); each unplaced text counts as a "
        "group of its own; seed 0. Only k-means is told the number of groups. `Boucle, cut into "
        "segments` is what `python -m nlp themes` does: the theme of a text is that of its segment "
        "most at home. BERTopic keeps its defaults but for a seed in UMAP and what the row says; "
        f"of its two other settings the better by mean AMI on {FAMILY} is `{best_tuned(scores)}`."
    )


def _row(method: str, found: Score) -> list[str]:
    figures = [f"{each:.3f}" for each in (found.ami, found.ari, found.bcubed, found.v)]
    return [method, f"{found.groups:.0f}", *figures, f"{found.coverage:.0%}"]


def _meaning(by_method: Mapping[str, Score]) -> str:
    """Say who is first by AMI and where Boucle stands, in one line."""
    order = sorted(METHODS, key=lambda name: -by_method[name].ami)
    rival = max((BERTOPIC, *TUNED), key=lambda name: by_method[name].ami)
    own, theirs = by_method[BOUCLE], by_method[rival]
    places = [f"{order.index(name) + 1}" for name in (BOUCLE, BOUCLE_SEGMENTS)]
    return (
        f"By AMI the first is {order[0]} ({by_method[order[0]].ami:.3f}); Boucle is number "
        f"{places[0]} of {len(order)} on whole texts and number {places[1]} cut into segments. "
        f"The best of the BERTopic rows here reaches {theirs.ami:.3f} with {theirs.coverage:.0%} "
        f"placed, Boucle {own.ami:.3f} with {own.coverage:.0%}."
    )

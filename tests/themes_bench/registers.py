"""Whose words find their theme: recall by register and by channel, the worst group first."""

from nlp.encode import Encoder
from tests.nlp.measure_registers import WORST_GROUP_BAR, GroupRecall, register_recall
from tests.report_sections import table
from tests.themes_bench.targets import Target, at_least

HEADINGS = ["group", "texts", "unplaced", "recall", "near"]


def measure_recall(encoder: Encoder) -> list[GroupRecall]:
    """Return the recall of each register and channel, all topics in one grouping."""
    return register_recall(encoder)


def recall_targets(found: list[GroupRecall]) -> list[Target]:
    """Return the bar that blocks a release."""
    worst = found[0]
    name = f"recall of the worst group ({worst.facet}: {worst.group})"
    return [at_least(name, WORST_GROUP_BAR, worst.recall)]


def recall_page(found: list[GroupRecall]) -> str:
    """Return the table."""
    rows = [
        [
            f"{each.facet}: {each.group}",
            str(each.texts),
            str(each.unplaced),
            f"{each.recall:.2f}",
            f"{each.near_recall:.2f}",
        ]
        for each in found
    ]
    return "\n\n".join(
        [
            "### Whose words find their theme",
            "Made-up messages on 12 topics (`tests/nlp/data/registers.jsonl`), grouped as the "
            "product does. *Recall*: texts in the theme where their topic's standard texts are at "
            "home. *Near*: in any theme whose standard texts are mostly of their topic.",
            table(HEADINGS, rows),
            f"The worst is {found[0].group} with {found[0].recall:.2f}, the best {found[-1].group} "
            f"with {found[-1].recall:.2f}: who writes like the former weighs less in the themes.",
        ]
    )

"""Agreement with people's groups through the whole application, in its own environment."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.report_sections import table
from tests.themes_bench.corpora import FAMILY, minibar_files, minibar_name
from tests.themes_bench.growth import run_measure
from tests.themes_bench.targets import Target, at_least

MODULE = "tests.feedback.measure_agreement"
LINE = re.compile(r"^agreement: (\S+) (\S+) (\S+) (\S+) (.+)$", re.M)
HEADINGS = ["service of 200 reviews", "themes", "AMI", "ARI", "retours in a theme"]
AMI, ARI = 0.38, 0.25


@dataclass(frozen=True)
class Through:
    """Figures of one set, or the mean of all."""

    name: str
    themes: float
    placed: float
    ami: float
    ari: float


def measure_application(data: Path, models: Path, product: Path) -> list[Through]:
    """Measure the four sets; the last row is their mean."""
    files = minibar_files(data)
    names = {str(path): minibar_name(path) for path in files}
    told = run_measure(MODULE, product, models, *files)
    return [
        Through(names.get(name, f"{FAMILY}, mean of the four sets"), *map(float, figures))
        for *figures, name in LINE.findall(told)
    ]


def application_targets(found: list[Through]) -> list[Target]:
    """Return the targets of the mean."""
    told = "four development sets (through the application)"
    mean = found[-1]
    return [
        at_least(f"mean AMI, {told}", AMI, mean.ami, "{:.3f}"),
        at_least(f"mean ARI, {told}", ARI, mean.ari, "{:.3f}"),
    ]


def application_page(found: list[Through]) -> str:
    """Return the table."""
    rows = [
        [e.name, f"{e.themes:.0f}", f"{e.ami:.3f}", f"{e.ari:.3f}", f"{e.placed:.0%}"]
        for e in found
    ]
    return "\n\n".join(
        [
            "### Through the whole application",
            f"`python -m {MODULE}`: the messages of each set come in as retours of one service, "
            "are cut, encoded, placed and grouped by one refresh, with its floors for a theme and "
            "its rules for messages that say several things. The theme of a retour is the one that "
            "the desk names it by. Mean of three rounds: ids are random and decide the order.",
            table(HEADINGS, rows),
        ]
    )

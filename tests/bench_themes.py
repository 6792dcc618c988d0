"""Measures themes against other tools in one run and writes them to ``docs/benchmark.md``.

``make bench-themes``, or ``python -m tests.bench_themes [DATA] [--quick]`` where BERTopic and
HDBSCAN are installed. Vectors are kept in the instance folder: the first run waits for the model.
"""

import argparse
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from app.config import instance_folder
from nlp.encode import load_encoder
from nlp.precision import FLOAT32
from tests.report_sections import REPORT, machine, write_section
from tests.themes_bench import comparison, registers, sizes, speeds, steadiness
from tests.themes_bench.corpora import LabelledSet, MissingData, read_sets, real_texts
from tests.themes_bench.growth import growth_page, growth_targets, measure_growth
from tests.themes_bench.kept_vectors import KeptEncoder
from tests.themes_bench.targets import Target, targets_table

DATA = Path("../shared/data")
PRODUCT = Path(".venv/bin/python")  # where the tests' own libraries are
REAL = 10_000  # real texts in the large corpus
TOOLS = ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "torch", "leidenalg", "numpy")
SECTION = "themes"

Part = tuple[list[Target], str]  # targets, page


class Measures:
    """The parts of the document, each measured by one method, on one set of kept vectors."""

    def __init__(self, data: Path, product: Path, quick: bool) -> None:
        self.data, self.product, self.quick = data, product, quick
        self.models = instance_folder() / "models"
        self.kept = instance_folder() / "bench"
        self.sets: list[LabelledSet] = read_sets(data, quick)
        self.encoder = KeptEncoder(load_encoder(None, self.models, FLOAT32), self.kept)
        self.real = real_texts(data, 2_000 if quick else REAL)

    def agreement(self) -> Part:
        """Every set in every way."""
        found = comparison.compare(self.sets, self.encoder)
        page = comparison.comparison_page(self.sets, found)
        return comparison.comparison_targets(found), page

    def steadiness(self) -> Part:
        """Seeds and subsamples."""
        found = steadiness.measure_steadiness(self.sets, self.encoder)
        return [], steadiness.steadiness_page(found)

    def growth(self) -> Part:
        """Memberships after 1 % more messages."""
        found = measure_growth(self.data, self.sets, self.kept, self.product)
        return growth_targets(found), growth_page(found)

    def time_and_memory(self) -> Part:
        """Both tools at each size."""
        folder = self.kept / "sizes"
        runs, placings = sizes.measure_sizes(self.real, self.encoder, folder, self.quick)
        return sizes.size_targets(runs), sizes.sizes_page(runs, placings, len(self.real))

    def placing_and_encoding(self) -> Part:
        """New segments into themes, and the encoder."""
        placed, dimension = speeds.rows_per_second(self.real, self.encoder)
        rounds = 2 if self.quick else 5
        found = speeds.measure_encoding(self.data, self.models, self.sets, self.kept, rounds)
        page = f"{speeds.assign_page(placed, dimension)}\n\n{speeds.encoding_page(found)}"
        return speeds.speed_targets(placed, found), page

    def recall(self) -> Part:
        """Registers and channels, with the encoder that the product chooses here."""
        found = registers.measure_recall(KeptEncoder(load_encoder(None, self.models), self.kept))
        return registers.recall_targets(found), registers.recall_page(found)

    def parts(self) -> list[Callable[[], Part]]:
        """Return every measurement in the order of the document."""
        first = [self.agreement, self.recall, self.steadiness, self.growth]
        return [*first, self.time_and_memory, self.placing_and_encoding]


def measure(measures: Measures, write: Callable[[str], None]) -> list[str]:
    """Write the section after each part; return the parts that failed: none costs the others."""
    targets: list[Target] = []
    pages, failed = [], []
    for part in measures.parts():
        start = time.perf_counter()
        try:
            found, page = part()
        except Exception as error:
            traceback.print_exc()
            failed.append(part.__name__)
            found, page = [], f"**{part.__name__}**: not measured ({type(error).__name__})."
        targets += found
        pages.append(page)
        write("\n\n".join([preface(measures.quick), targets_table(targets), *pages]))
        print(f"{part.__name__}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return failed


def preface(quick: bool) -> str:
    """Return what the figures were measured on."""
    versions = ", ".join(f"{name} {_version(name)}" for name in TOOLS)
    short = " **A quick run**: without the largest sets and sizes." if quick else ""
    return (
        f"## Themes\n\nWritten by `make bench-themes` on {machine()}, {versions}. "
        f"Seed 0 unless said.{short} The labelled sets are development data: rules and "
        "settings were chosen with an eye on them."
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def main() -> int:
    """Measure and write the section; return 0 when every part was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="development data")
    parser.add_argument("--product", type=Path, default=PRODUCT, help="Python of the product")
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # the compared libraries' own, on every fit
    if missing := [name for name in ("bertopic", "hdbscan") if not find_spec(name)]:
        print(f"not installed: {', '.join(missing)}; use make bench-themes", file=sys.stderr)
        return 1
    try:
        measures = Measures(arguments.data, arguments.product, arguments.quick)
    except MissingData as error:
        print(f"{error}: name the folder, make bench-themes DATA=…", file=sys.stderr)
        return 1
    failed = measure(measures, partial(write_section, SECTION))
    print(f"written: {REPORT}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

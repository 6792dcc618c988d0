"""Measures themes against other tools in one run and writes them to ``docs/benchmark.md``.

``make bench-themes``, or ``python -m tests.bench_themes [DATA] [--quick]`` where BERTopic and
HDBSCAN are installed. Vectors are kept in the instance folder: the first run waits for the model.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from tests.report_sections import REPORT, machine, write_section
from tests.themes_bench.corpora import MissingData
from tests.themes_bench.measures import ALONE, BESIDE, Measures, Part, Plan, run_part
from tests.themes_bench.targets import Target, targets_table

DATA = Path("../shared/data")
PRODUCT = Path(".venv/bin/python")  # where the tests' own libraries are
TOOLS = ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "torch", "leidenalg", "numpy")
SECTION = "themes"
Measured = tuple[str, Callable[[], Part]]  # name, what gives the part


def measure(parts: Iterable[Measured], head: str, write: Callable[[str], None]) -> list[str]:
    """Write the section after each part; return the parts that failed: none costs the others."""
    targets: list[Target] = []
    pages, failed = [], []
    for name, part in parts:
        start = time.perf_counter()
        try:
            found, page = part()
        except Exception as error:
            traceback.print_exc()
            failed.append(name)
            found, page = [], f"**{name}**: not measured ({type(error).__name__})."
        targets += found
        pages.append(page)
        write("\n\n".join([head, targets_table(targets), *pages]))
        taken = time.perf_counter() - start
        print(f"{name}: {taken:.0f} s after the part before", file=sys.stderr, flush=True)
    return failed


def head_of(plan: Plan) -> str:
    """Return what the figures were measured on."""
    versions = ", ".join(f"{name} {_version(name)}" for name in TOOLS)
    short = " **A quick run**: without the largest sets and sizes." if plan.quick else ""
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


def run(plan: Plan) -> list[str]:
    """Measure everything, what is timed last and alone; return the parts that failed."""
    measures = Measures(plan)
    measures.encode()
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        parts = [(name, pool.submit(run_part, plan, name).result) for name in BESIDE]
        parts += [(name, getattr(measures, name)) for name in ALONE]
        return measure(parts, head_of(plan), partial(write_section, SECTION))


def main() -> int:
    """Measure and write the section; return 0 when every part was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="development data")
    parser.add_argument("--product", type=Path, default=PRODUCT, help="Python of the product")
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    arguments = parser.parse_args()
    if missing := [name for name in ("bertopic", "hdbscan") if not find_spec(name)]:
        print(f"not installed: {', '.join(missing)}; use make bench-themes", file=sys.stderr)
        return 1
    try:
        failed = run(Plan(arguments.data, arguments.product, arguments.quick))
    except MissingData as error:
        print(f"{error}: name the folder, make bench-themes DATA=…", file=sys.stderr)
        return 1
    print(f"written: {REPORT}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

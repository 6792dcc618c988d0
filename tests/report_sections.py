"""Lets several measurements keep their own part of one document."""

import os
import platform
import re
from pathlib import Path

REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmark.md"
TITLE = "# Benchmark\n"


def write_section(name: str, text: str, path: Path = REPORT) -> None:
    """Replace what stands between the marks of ``name``; a new section comes last."""
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    section = f"{start}\n\n{text.strip()}\n\n{end}"
    page = path.read_text("utf-8") if path.exists() else TITLE
    pattern = re.escape(start) + ".*?" + re.escape(end)
    page, found = re.subn(pattern, lambda _: section, page, flags=re.S)
    if not found:
        page = f"{page.rstrip()}\n\n{section}\n"
    path.write_text(page, "utf-8")


def rows_of(name: str, path: Path = REPORT) -> dict[str, list[str]]:
    """Return the cells of the table in the section of ``name``, by the first of each row."""
    page = path.read_text("utf-8") if path.exists() else ""
    section = page.partition(f"<!-- {name}: start -->")[2].partition(f"<!-- {name}: end -->")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    rows = [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines]
    return {row[0]: row for row in rows[2:]}


def table(headings: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, the first column to the left and the others to the right."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def machine() -> str:
    """Return what a figure was measured on."""
    return f"{cores()} cores ({platform.machine()}), Python {platform.python_version()}"

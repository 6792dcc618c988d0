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

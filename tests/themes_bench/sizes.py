"""Time and memory of grouping 1,000, 10,000 and 100,000 segments, each in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlp.encode import Encoder
from nlp.space import fit_space
from tests.report_sections import table
from tests.themes_bench.corpora import MIXED, NOISE, Vectors, enlarge
from tests.themes_bench.targets import Target, at_least, at_most, not_measured
from tests.themes_bench.timed_run import peak_mb

SIZES = (1_000, 10_000, 100_000)
LARGEST = SIZES[-1]
MILLION, FITTED_ON = 1_000_000, 100_000  # of a million, these give the space
CAP = 360  # seconds after which a run is stopped
LOADING = 60  # seconds given to libraries before that
HEADINGS = ["segments", "tool", "seconds", "peak MB", "of which before", "groups", "placed"]
FASTER, MOST_MB = 5.0, 1_500.0


@dataclass(frozen=True)
class Timed:
    """One run; ``seconds`` is None where it was stopped."""

    size: int
    way: str
    seconds: float | None
    peak: float
    before: float = 0.0
    groups: int = 0
    placed: float = 0.0


@dataclass(frozen=True)
class Placing:
    """Seconds to fit the space and to place all segments in it, once they are encoded."""

    size: int
    fit: float
    transform: float


def measure_sizes(
    real: list[str], encoder: Encoder, folder: Path, quick: bool
) -> tuple[list[Timed], list[Placing]]:
    """Time both tools at each size; the quick run leaves the largest out."""
    runs, placings = [], []
    vectors = encoder.encode(real)
    for size in SIZES[:-1] if quick else SIZES:
        larger, texts = enlarge(vectors, real, size)
        runs.append(time_way("bertopic", larger, texts, folder))
        points, placing = _place(larger, texts, encoder)
        placings.append(placing)
        runs.append(time_way("boucle", points, texts, folder))
        print(f"{size} segments: {runs[-2:]}", file=sys.stderr, flush=True)
    return runs, placings


def measure_million(real: list[str], encoder: Encoder, folder: Path) -> tuple[Timed, Placing]:
    """Time Boucle alone on a million segments, in a space that 100,000 of them gave."""
    larger, texts = enlarge(encoder.encode(real), real, MILLION)
    start = time.perf_counter()
    space = fit_space(larger[:FITTED_ON], texts[:FITTED_ON], encoder.model_hash, 0, encoder.encode)
    fitted = time.perf_counter()
    points = space.transform(larger, texts)
    placing = Placing(MILLION, fitted - start, time.perf_counter() - fitted)
    del larger
    return time_way("boucle", points, texts, folder), placing


def million_page(run: Timed, placing: Placing) -> str:
    """Return what a million segments took."""
    seconds = f"{placing.fit:.0f} s with the encoding of its words"
    return (
        "### A million segments\n\nMade in the same way; Boucle alone, in a space that "
        f"{FITTED_ON:,} of them gave ({seconds}). Placing all in it took {placing.transform:.0f} s."
        f"\n\n{table(HEADINGS, [_row(run)])}"
    )


def _place(vectors: Vectors, texts: list[str], encoder: Encoder) -> tuple[Vectors, Placing]:
    encoding = 0.0

    def encode(words: Sequence[str]) -> Vectors:
        nonlocal encoding
        start = time.perf_counter()
        found = encoder.encode(words)
        encoding += time.perf_counter() - start
        return found

    start = time.perf_counter()
    space = fit_space(vectors, texts, encoder.model_hash, 0, encode)
    fitted = time.perf_counter()
    points = space.transform(vectors, texts)
    placed = time.perf_counter() - fitted
    return points, Placing(len(texts), fitted - start - encoding, placed)


def time_way(way: str, vectors: Vectors, texts: list[str], folder: Path) -> Timed:
    """Run one tool in a process of its own, and stop it after `CAP` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", vectors)
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    command = [sys.executable, "-m", "tests.themes_bench.timed_run", way, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        out, _ = process.communicate(timeout=CAP + LOADING)
    except subprocess.TimeoutExpired:
        peak = peak_mb(str(process.pid))
        process.kill()
        process.communicate()
        return Timed(len(texts), way, None, peak)
    if process.returncode:
        raise RuntimeError(f"{way} on {len(texts)} segments ended with {process.returncode}")
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return Timed(len(texts), way, **found)


def size_targets(runs: list[Timed]) -> list[Target]:
    """Return the targets about the largest size."""
    by_way = {each.way: each for each in runs if each.size == LARGEST}
    faster, lighter = "cluster 100,000 segments, times as fast as BERTopic", "… peak memory"
    if not by_way:
        why = "left out of a quick run"
        return [not_measured(faster, "≥ 5.0", why), not_measured(lighter, "≤ 1,500 MB", why)]
    own, other = by_way["boucle"], by_way["bertopic"]
    memory = at_most(lighter, MOST_MB, own.peak, "{:,.0f} MB")
    if own.seconds is None:
        return [Target(faster, f"≥ {FASTER}", f"stopped at {CAP} s", False), memory]
    ratio = (other.seconds or CAP) / own.seconds
    found = at_least(faster, FASTER, ratio, "{:.1f}")
    if other.seconds is None:  # it takes longer: the true ratio is higher
        reached = found.is_reached or None
        found = Target(faster, found.wanted, f"> {found.measured} (BERTopic stopped)", reached)
    return [found, memory]


def sizes_page(runs: list[Timed], placings: list[Placing], real: int) -> str:
    """Return the table of time and memory."""
    places = "; ".join(
        f"{p.size:,}: fitted in {p.fit:.1f} s, placed in {p.transform:.1f} s" for p in placings
    )
    return "\n\n".join(
        [
            "### Time and memory",
            f"The first {real:,} segments are real texts of the development sets. Above that, the "
            "corpus is made: a vector is that of a real text with "
            f"{MIXED} of another's and {NOISE} of a random direction added, and its text is "
            "repeated (seed 0). BERTopic with its defaults (no seed: it may use every core) fits "
            "on given vectors and a word table of at most 5,000 words; Boucle is `cluster()` on "
            "points of its space. Each runs in a process of its own; loading libraries and a first "
            f"run on 300 rows, which compiles, are outside the time. A run is stopped at {CAP} s. "
            "Memory is the most that the main process held, the libraries (and for BERTopic torch) "
            "with it; *of which before* is that after the first run.",
            table(HEADINGS, [_row(each) for each in runs]),
            f"Not in the time of Boucle: its space ({places}), without encoding its words. "
            + _ratios(runs),
        ]
    )


def _row(run: Timed) -> list[str]:
    name = {"boucle": "Boucle cluster()", "bertopic": "BERTopic"}[run.way]
    if run.seconds is None:
        return [f"{run.size:,}", name, f"> {CAP}", f"{run.peak:,.0f}", "–", "–", "–"]
    memory = [f"{run.peak:,.0f}", f"{run.before:,.0f}"]
    return [
        f"{run.size:,}",
        name,
        f"{run.seconds:.1f}",
        *memory,
        str(run.groups),
        f"{run.placed:.0%}",
    ]


def _ratios(runs: list[Timed]) -> str:
    """Say at each size how many times as fast, whichever way that goes."""
    told = []
    for size in sorted({each.size for each in runs}):
        by_way = {each.way: each.seconds for each in runs if each.size == size}
        own, other = by_way["boucle"], by_way["bertopic"]
        if own:
            more = "over " if other is None else ""
            told.append(f"{more}{(other or CAP) / own:.1f} at {size:,}")
    return f"Seconds of BERTopic to one of Boucle: {', '.join(told)}."

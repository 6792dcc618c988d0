"""Twenty minutes of mixed requests at a steady pace: memory, errors, durations, a worker beside."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults_bench.site import SLUG, Answer, Site, make
from tests.faults_bench.writing import Row
from tests.workshop_bench.report import quantile

PACE = 20  # requests a second, asked whether or not the last ones were answered
WARM_UP = 120  # seconds until every process has loaded what it loads once
WIDEST = 32  # requests at once: more than the site has threads
READ = (f"/s/{SLUG}", f"/s/{SLUG}/ce-qui-change", f"/s/{SLUG}/flux.atom", "/", "/mots", "/suivi")


@dataclass
class Day:
    """What people did meanwhile, and what they were answered."""

    site: Site
    dice: Random = field(default_factory=lambda: Random(60))
    codes: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def do(self, number: int, chance: float) -> None:
        """Send a message, come back with a code, or read a page."""
        if chance < 0.1:
            answer = self.site.send(number, self.site.key())
            self.codes += [answer.code] if answer.code else []
        elif chance < 0.2 and self.codes:
            answer = self.site.try_code(self.codes[number % len(self.codes)], number)
        else:
            answer = self.site.get(READ[number % len(READ)])
        self.answers.append(answer)


def soak(folder: Path, minutes: float) -> Row:
    """Ask at a steady pace for ``minutes``; compare memory after the warm-up with the end's."""
    site = make(folder / "soak")
    site.start()
    worker = site.worker()
    day = Day(site)
    began = time.monotonic()
    first = 0
    with ThreadPoolExecutor(WIDEST) as people:
        for number in range(int(minutes * 60 * PACE)):
            time.sleep(max(0.0, began + number / PACE - time.monotonic()))
            people.submit(day.do, number, day.dice.random())
            if not first and number >= min(WARM_UP, minutes * 30) * PACE:
                first = memory(site)
    last = memory(site)
    seconds = time.monotonic() - began
    worker.terminate()
    worker.wait(timeout=60)
    site.stop()
    times = [answer.seconds for answer in day.answers]
    errors = sum(answer.status == 0 or answer.status >= 500 for answer in day.answers)
    refused = sum(400 <= answer.status < 500 for answer in day.answers)
    growth, slow = last / first - 1, quantile(times, 0.95)
    return Row(
        "soak",
        f"{minutes:.0f} minutes at {PACE} requests a second, a tenth of them messages and a tenth "
        "codes, the worker analysing beside",
        "memory of web grows by less than 10 %, no 5xx, p95 at most 300 ms",
        f"{len(times)} requests in {seconds:.0f} s; memory {first / 2**20:.0f} to "
        f"{last / 2**20:.0f} MB ({growth:+.1%}); {errors} errors, {refused} × 4xx; "
        f"p95 {slow * 1000:.0f} ms, median {quantile(times, 0.5) * 1000:.0f} ms",
        growth < 0.1 and errors == 0 and slow <= 0.3,
    )


def memory(site: Site) -> int:
    """Return the bytes that the web processes hold alone or share, each page counted once."""
    assert site.web
    group = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    return sum(_proportional(pid) for pid in group if _leader(pid) == site.web.pid)


def _leader(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)

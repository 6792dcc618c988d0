"""Measures digests: composing for many readers, delivering over SMTP, eight kills of the worker.

``python -m tests.bench_digests``, with ``--quick`` for a tenth of everything. Writes its section of
``docs/benchmark.md``.
"""

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, func, select, update

from app import digests
from app.catalogue import Service
from app.config import ROOT
from app.db import db, will_write
from app.editions import Delivery
from app.mail import OutboxRow
from tests.conftest import NOON, writing
from tests.digest_bench.acts import open_app
from tests.digest_bench.stage import Size, fill
from tests.factories import TODAY
from tests.report_sections import REPORT, machine, table, write_section

WHOLE = Size(services=100, readers=10_000, messages=100_000)
QUICK = Size(services=10, readers=1_000, messages=10_000)
KILLS = 8
CALM = 0.5  # of the mails leave before the first kill: what the speed is measured on
SECONDS_MOST, MIB_MOST, MAILS_LEAST = 60.0, 500.0, 200.0


@dataclass(frozen=True)
class Found:
    """What was measured."""

    size: Size
    seconds: float
    processor: float
    mib: float
    mails: int
    queries: tuple[int, int]  # of a service with ten readers and with a thousand
    per_second: float
    lost: int
    repeated: int
    kills: int


def act(name: str, folder: Path, port: int = 25) -> list[str]:
    """Return the command of one process of the bench."""
    return [sys.executable, "-m", "tests.digest_bench.acts", name, str(folder), str(port)]


def queries_for(folder: Path, readers: int) -> int:
    """Return how many statements composing and queueing cost a service with ``readers``."""
    app = open_app(_new(folder / f"readers-{readers}"))
    with app.app_context():
        upgrade()
    fill(app, Size(1, readers, 300), TODAY)
    count: list[str] = []
    with app.app_context():
        will_write()
        service = db.session.scalars(select(Service)).one()
        event.listen(db.engine, "before_cursor_execute", lambda *said: count.append(said[2]))
        assert digests.send_for(service, NOON) == readers - 2  # the team is not asked for here
        db.session.rollback()
        db.engine.dispose()
    return len(count)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def sink(folder: Path) -> Iterator[int]:
    """Run the mail server; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = subprocess.Popen(act("sink", folder, port), cwd=ROOT)
    while not (folder / "listening").exists():
        time.sleep(0.05)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def taken(folder: Path) -> list[str]:
    """Return the ids that the server took, in order."""
    path = folder / "taken.txt"
    return path.read_text().split() if path.exists() else []


def deliver(folder: Path, port: int, mails: int) -> tuple[float, int]:
    """Let the worker deliver, calmly first, then killed; return the speed and how many kills."""
    calm, draw, kills = int(mails * CALM), random.Random(8), 0
    work = subprocess.Popen(act("deliver", folder, port), cwd=ROOT)
    _wait_for(folder, 25)  # the process is up
    started, first = time.perf_counter(), len(taken(folder))
    _wait_for(folder, calm)
    speed = (len(taken(folder)) - first) / (time.perf_counter() - started)
    left = mails - len(taken(folder))
    for n in range(KILLS):
        _wait_for(folder, len(taken(folder)) + draw.randrange(1, max(2, left // (2 * KILLS))))
        time.sleep(draw.random() / 100)
        work.kill()
        kills += 1
        work.wait()
        work = subprocess.Popen(act("deliver", folder, port), cwd=ROOT)
        print(f"kill {n + 1}, {len(taken(folder))} mails taken", flush=True)
    work.wait()
    _end_leases(folder)
    subprocess.run(act("deliver", folder, port), cwd=ROOT, check=True)
    return speed, kills


def _wait_for(folder: Path, count: int) -> None:
    while len(taken(folder)) < count:
        time.sleep(0.02)


def _end_leases(folder: Path) -> None:
    """Behave as if two minutes had passed: what a killed worker held is free again."""
    with writing(open_app(folder)):
        db.session.execute(update(OutboxRow).values(leased_until=None))


def measure(folder: Path, size: Size) -> Found:
    """Fill, compose, deliver, kill, count."""
    app: Flask = open_app(folder)
    with app.app_context():
        upgrade()
    started = time.perf_counter()
    fill(app, size, TODAY)
    with app.app_context():
        db.engine.dispose()
    print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
    done = subprocess.run(act("compose", folder), cwd=ROOT, check=True, capture_output=True)
    composed = json.loads(done.stdout.split(b"\n")[-2])
    print(composed, flush=True)
    with writing(app):  # what was to leave on that Monday leaves now
        db.session.execute(update(OutboxRow).values(due=NOON - timedelta(days=365)))
        wanted = set(db.session.scalars(select(OutboxRow.key)))
    with sink(folder) as port:
        speed, kills = deliver(folder, port, composed["mails"])
    ids = Counter(taken(folder))
    with app.app_context():
        waiting = db.session.scalar(select(func.count()).select_from(OutboxRow)) or 0
        open_ = select(func.count()).where(~Delivery.delivered)
        assert (waiting, db.session.scalar(open_)) == (0, 0)
        db.engine.dispose()
    repeated = sum(count - 1 for count in ids.values())
    queries = queries_for(folder, 10), queries_for(folder, 1000)
    return Found(
        size, composed["seconds"], composed["processor"], composed["mib"], composed["mails"],
        queries, speed, len(wanted - set(ids)), repeated, kills,
    )  # fmt: skip


def verdict(met: bool) -> str:
    """Return the last cell of a row."""
    return "reached" if met else "**not reached**"


def report(found: Found) -> str:
    """Return the section that is written."""
    few, many = found.queries
    rows = [
        ("composed and queued, seconds", f"≤ {SECONDS_MOST:.0f}",
         f"{found.seconds:.1f} ({found.processor:.1f} of the processor)",
         found.seconds <= SECONDS_MOST),
        ("memory of that process, MiB", f"≤ {MIB_MOST:.0f}", f"{found.mib:.0f}",
         found.mib <= MIB_MOST),
        ("statements of a service with 10 and 1,000 readers", "the same", f"{few} and {many}",
         few == many),
        ("delivered to a local SMTP sink, mails a second", f"≥ {MAILS_LEAST:.0f}",
         f"{found.per_second:.0f}", found.per_second >= MAILS_LEAST),
        (f"lost after {found.kills} × kill -9", "0", str(found.lost), found.lost == 0),
        ("sent twice, under the same Message-ID", f"≤ {found.kills}", str(found.repeated),
         found.repeated <= found.kills),
    ]  # fmt: skip
    size = found.size
    lines = [[name, wanted, measured, verdict(met)] for name, wanted, measured, met in rows]
    return "\n".join(
        [
            "## Digests",
            "",
            f"Written by `make bench-digests` on {machine()}: {size.readers:,} subscriptions on "
            f"{size.services:,} services with {size.messages:,} messages; {found.mails:,} mails. "
            "Speed is that of one worker before the first kill; no pace per domain. "
            "Other work on the machine shows in the seconds.",
            "",
            table(["target", "wanted", "measured", ""], lines),
        ]
    )


def main() -> None:
    """Measure, write the section, print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of everything")
    size = QUICK if options.parse_args().quick else WHOLE
    with tempfile.TemporaryDirectory() as folder:
        text = report(measure(Path(folder), size))
    write_section("digests", text)
    print(text, f"\nwritten into {REPORT.name}")


if __name__ == "__main__":
    main()

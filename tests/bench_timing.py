"""Times what somebody who guesses could time: addresses of staff, codes of authors.

``make bench-timing``: 200 tries of each kind, one after the other in turn, on the application.
Writes the medians into ``docs/benchmark.md`` (``--dry``: prints only) and exits 1 when two of a
kind differ by 5 ms or more. By the clock on the wall, as a guesser would, and by the processor's,
which what else runs on the machine does not touch.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app import privacy
from app.accounts import Role
from app.db import db
from app.factory import create_app
from feedback.models import Feedback
from tests.app.staff_entry import ADDRESS, hire
from tests.conftest import NOON, settings, writing
from tests.factories import csrf_token
from tests.fakes import FakeRuntime, StandingClock
from tests.feedback.citizen import code_of, open_service, send
from tests.report_sections import machine, table, write_section

TRIES = 200
MOST_MS = 5.0
KINDS = {"known address": "a wrong passphrase", "erased code": "a wrong code"}
WRONG = "une phrase qui n’est pas la bonne"


@dataclass
class Spent:
    """The milliseconds of each try, by two clocks."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def measure(kinds: dict[str, Callable[[], int]], clock: StandingClock) -> dict[str, Spent]:
    """Return what each kind spent, tried in turn; the clock frees the limits."""
    spent = {name: Spent() for name in kinds}
    for _ in range(TRIES):
        clock.forward(minutes=20)
        for name, act in kinds.items():
            start, worked = time.perf_counter(), time.process_time()
            act()
            spent[name].processor.append((time.process_time() - worked) * 1000)
            spent[name].wall.append((time.perf_counter() - start) * 1000)
    return spent


def knocks(app: Flask, clock: StandingClock) -> dict[str, Callable[[], int]]:
    """Return a wrong passphrase at an address with an account, and at one without."""

    def knock(address: str) -> Callable[[], int]:
        def act() -> int:
            client = app.test_client()
            typed = {"email": address, "password": WRONG, "csrf_token": csrf_token(client)}
            return client.post("/connexion", data=typed).status_code

        return act

    return {"known address": knock(ADDRESS), "unknown address": knock("x@example.fr")}


def codes(app: Flask) -> dict[str, Callable[[], int]]:
    """Return a code that was erased, one that never was, and one sign off from one that opens."""
    slug = open_service(app)
    code = code_of(send(app.test_client(), slug))
    with writing(app):
        privacy.erase(db.session.scalars(select(Feedback)).one(), NOON.date())
    known = code_of(send(app.test_client(), slug))
    other = ("0" if known[-1] != "0" else "1").join((known[:-1], ""))

    def enter(typed: str) -> Callable[[], int]:
        return lambda: app.test_client().post("/suivi", data={"code": typed}).status_code

    return {
        "erased code": enter(code),
        "unknown code": enter("0" * 16),
        "one sign off": enter(other),
    }


def report(rows: list[list[str]], load: float) -> str:
    """Return the section that is written."""
    return "\n".join(
        [
            "## What a stopwatch tells a guesser",
            "",
            f"Written by `make bench-timing` on {machine()}, **shared with whatever else ran** "
            f"(as it began, {load:.1f} processes wanted a core): {TRIES} tries of each, in turn, "
            "on the application itself, without a network. Wanted: medians less than "
            f"{MOST_MS:.0f} ms apart.",
            "",
            table(["tried", "clock", "median of each, ms", "apart, ms"], rows),
        ]
    )


def medians(tried: str, by: str, times: dict[str, list[float]]) -> tuple[list[str], float]:
    """Return a row of the table and how far apart its medians are."""
    found = {name: median(each) for name, each in times.items()}
    apart = max(found.values()) - min(found.values())
    return [tried, by, ", ".join(f"{n} {ms:.1f}" for n, ms in found.items()), f"{apart:.2f}"], apart


def main() -> int:
    """Write the medians; return 1 when two of a kind differ too much."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dry", action="store_true", help="print only")
    given, load, rows = options.parse_args(), os.getloadavg()[0], []
    clock, late = StandingClock(NOON), False
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(), Path(folder), clock, FakeRuntime(Path(folder)))
        with app.app_context():
            upgrade()
        hire(app, Role.PROMOTER)
        for kinds in (knocks(app, clock), codes(app)):
            found = measure(kinds, clock)
            tried = KINDS[next(iter(found))]
            by_wall = {name: spent.wall for name, spent in found.items()}
            by_processor = {name: spent.processor for name, spent in found.items()}
            for by, times in (("wall", by_wall), ("processor", by_processor)):
                row, apart = medians(tried, by, times)
                rows.append(row)
                print(" · ".join(row))
                late = late or (by == "wall" and apart >= MOST_MS)
        with app.app_context():
            db.engine.dispose()
    if not given.dry:
        write_section("timing", report(rows, load))
    return int(late)


if __name__ == "__main__":
    sys.exit(main())

"""Faults of the worker: killed, poisoned, without model or mail server, under a jumping clock."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from app import mail
from app.factory import create_app
from tests.app.mail_server import mail_server
from tests.conftest import NOON
from tests.conftest import writing as committing
from tests.faults_bench.site import SLUG, Process, Site, make, text_of
from tests.faults_bench.writing import Row
from tests.workshop_bench.report import quantile

NO_MODEL = {"ENCODER_MODEL": "absent", "NAMES_MODEL": "absent"}
POISONED = "tests.faults_bench.poison"
ROUNDS, BLOCK = 5, 60  # posts: blocks with a sound and a broken analysis, in turn


def _until(is_so: Callable[[], object], seconds: float) -> bool:
    """Wait until ``is_so``; say whether it came within ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def _kill(process: Process) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _execute(site: Site, statement: str) -> None:
    with closing(sqlite3.connect(site.folder / "boucle.db", timeout=30)) as line, line:
        line.execute(statement)


def _end_of_patience(site: Site) -> None:
    """Let the ten minutes of a lease, and the minutes before another try, be over."""
    _execute(site, "UPDATE job SET leased_until='2026-01-01' WHERE leased_until IS NOT NULL")
    _execute(site, "UPDATE job SET due='2026-01-01'")


def killed_worker(folder: Path) -> Row:
    """Kill the worker while it holds messages, three times, then let it finish."""
    site = make(folder / "worker")
    site.start(**NO_MODEL)  # no name finder: the patterns mask, sending is quick
    for number in range(120):
        site.send(number, site.key())
    site.stop()
    _execute(site, "UPDATE feedback SET names_masked=1, state='open'")
    held = "SELECT count(*) FROM job WHERE kind='analyse' AND leased_until IS NOT NULL"
    kills = 0
    for _ in range(3):
        process = site.worker()
        if _until(lambda: site.rows(held)[0][0], 120):
            kills += 1
        _kill(process)
        _end_of_patience(site)
    for _ in range(4):
        site.worker("--once").wait(timeout=300)
        _end_of_patience(site)
    analysed = site.rows("SELECT count(*) FROM feedback WHERE analysed")[0][0]
    twice = site.rows(
        "SELECT count(*) FROM (SELECT 1 FROM segment GROUP BY feedback_id, start HAVING count(*)>1)"
    )
    aside = site.rows("SELECT count(*) FROM job WHERE kind='analyse'")[0][0]
    holds = analysed == 120 and twice[0][0] == 0 and aside == 0 and kills == 3
    return Row(
        "worker killed in mid-analysis",
        f"kill -9 while it held messages, {kills} times; the lease's ten minutes passed by hand",
        "each message analysed once, none left",
        f"{analysed} of 120 analysed, {twice[0][0]} pieces twice, {aside} jobs left",
        holds,
    )


def poisoned(folder: Path) -> Row:
    """Give the worker one message on which its model fails, among nineteen others."""
    site = make(folder / "poison")
    site.start(**NO_MODEL)
    for number in range(20):
        site.send(number, site.key())
    site.stop()
    _execute(site, "UPDATE feedback SET names_masked=1, state='open'")
    tries = 0
    while tries < 8 and not site.rows("SELECT 1 FROM job WHERE set_aside"):
        site.worker("--once", app=POISONED).wait(timeout=300)
        _execute(site, "UPDATE job SET due='2026-01-01' WHERE NOT set_aside")
        tries += 1
    aside = site.rows("SELECT tries, error FROM job WHERE set_aside AND kind='analyse'")
    others = site.rows("SELECT count(*) FROM feedback WHERE analysed")[0][0]
    kept = text_of(0) in site.kept()
    holds = len(aside) == 1 and aside[0][0] <= 4 and others == 19 and kept
    return Row(
        "poison message",
        "the model fails on one text of twenty",
        "set aside after 3 tries of its own, the others analysed, its words kept",
        f"set aside: {aside}; {others} of 19 others analysed; words kept: {kept}",
        holds,
    )


def without_models(folder: Path) -> Row:
    """Serve and work without name finder and encoder."""
    site = make(folder / "bare")
    site.start(**NO_MODEL)
    taken = [site.send(number, site.key()).status for number in range(10)]
    site.worker("--once", **NO_MODEL).wait(timeout=120)
    waits = site.rows("SELECT kind, tries FROM job WHERE kind IN ('analyse','mask_names')")
    home = site.get(f"/s/{SLUG}").status
    site.stop()
    holds = taken == [200] * 10 and home == 200 and all(tries == 0 for _, tries in waits)
    return Row(
        "models missing",
        "neither name pipeline nor sentence model",
        "posts taken, work waits untried",
        f"{taken.count(200)} of 10 taken, {len(waits)} jobs wait, {sum(t for _, t in waits)} tries",
        holds and bool(waits),
    )


def dead_mail(folder: Path) -> Row:
    """Let no mail server listen, then one that does."""
    site = make(folder / "mail")
    app = create_app(site.settings, site.folder)
    with committing(app):
        for number in range(20):
            mail.put(mail.Mail(f"k{number}", "a@example.org", "Bonjour", "Un texte.\n"), NOON)
    site.start(**NO_MODEL)
    process = site.worker(**NO_MODEL)
    tried = _until(lambda: site.rows("SELECT sum(tries) FROM outbox")[0][0], 60)
    posts = [site.send(number, site.key()).status for number in range(10)]
    _kill(process)
    with mail_server() as server:
        for _ in range(3):
            _execute(site, "UPDATE outbox SET due='2026-01-01'")
            changes = NO_MODEL | {"SMTP_PORT": str(server.port)}
            site.worker("--once", **changes).wait(timeout=120)
        arrived = len({message["Message-ID"] for message in server.messages})
        times = len(server.messages)
    site.stop()
    left = site.rows("SELECT count(*) FROM outbox")[0][0]
    holds = tried and posts == [200] * 10 and arrived == times == 20 and not left
    return Row(
        "mail server dead",
        "nothing listens, the worker killed while it tries; then a server that does",
        "posts taken; every mail leaves once afterwards",
        f"{posts.count(200)} of 10 posts taken; {arrived} of 20 mails arrived, "
        f"{times - arrived} twice, {left} left",
        holds,
    )


def jumping_clock(folder: Path) -> Row:
    """Serve and work an hour ahead, then an hour behind, with forms opened in between."""
    if not (faketime := shutil.which("faketime")):
        return Row("clock jumps", "faketime is not installed", "", "**not run**", False)
    site = make(folder / "clock")
    statuses, editions = [], []
    for shift in ("+0s", "+1h", "-1h", "+0s"):
        site.before = (faketime, "-f", shift)
        site.start(**NO_MODEL)
        statuses.append(site.send(len(statuses), site.key()).status)
        statuses.append(site.send(len(statuses), site.key()).status)
        site.worker("--once", **NO_MODEL).wait(timeout=180)
        editions.append(site.rows("SELECT count(*) FROM edition")[0][0])
        site.stop()
    doubled = site.rows(
        "SELECT count(*) FROM (SELECT 1 FROM edition GROUP BY audience, service_id, frequency, "
        "start HAVING count(*)>1)"
    )[0][0]
    stuck = site.rows("SELECT count(*) FROM job WHERE set_aside")[0][0]
    holds = statuses == [200] * 8 and len(set(editions)) == 1 and not doubled and not stuck
    return Row(
        "clock jumps",
        "web and worker an hour ahead, an hour behind, back",
        "posts taken, no edition twice, no job stuck",
        f"{statuses.count(200)} of 8 posts taken; editions {editions}, {doubled} twice; "
        f"{stuck} jobs set aside",
        holds,
    )


def _tries(site: Site) -> tuple:
    """Return how many messages wait for their analysis and how often it was tried."""
    return site.rows("SELECT count(*), sum(tries) FROM job WHERE kind='analyse'")[0]


def _differs(site: Site, before: tuple) -> bool:
    return _tries(site) != before


def posting_beside(folder: Path) -> Row:
    """Time posts beside a sound worker and beside one whose every analysis fails, in turn."""
    site = make(folder / "p95")
    site.start()
    for number in range(20):
        site.send(number, site.key())  # the first ones load what is loaded once
    times: dict[str, list[float]] = {"sound": [], "broken": []}
    number = 100
    for _ in range(ROUNDS):
        for kind in times:
            changes = {} if kind == "sound" else {"BENCH_POISON": "e"}
            app = "wsgi" if kind == "sound" else POISONED
            process = site.worker(app=app, **changes)
            _until(partial(_differs, site, _tries(site)), 45)
            for _ in range(BLOCK):
                times[kind].append(site.send(number, site.key()).seconds)
                number += 1
                time.sleep(0.15)
            _kill(process)
            _execute(site, "UPDATE job SET leased_until=NULL, tries=0, set_aside=0")
    site.stop()
    sound, broken = quantile(times["sound"], 0.95), quantile(times["broken"], 0.95)
    return Row(
        "posting while analysis is broken",
        f"{ROUNDS * BLOCK} posts beside a sound worker and as many beside one that fails on every "
        "text, in turn",
        "p95 within +20 %",
        f"p95 {sound * 1000:.0f} ms sound, {broken * 1000:.0f} ms broken "
        f"({broken / sound - 1:+.0%}); median {quantile(times['sound'], 0.5) * 1000:.0f} and "
        f"{quantile(times['broken'], 0.5) * 1000:.0f} ms",
        broken <= 1.2 * sound,
    )

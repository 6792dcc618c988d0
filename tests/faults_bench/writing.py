"""Faults while people write: the web process killed, the database locked, full or read-only."""

import sqlite3
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.db import db
from nlp.redact import redact
from tests.browser.site import build
from tests.faults_bench.site import SLUG, Answer, Site, make, text_of
from tests.pages_bench.filling import fill
from tests.workshop_bench.stage import free_port

WRITERS = 8
KILL_EVERY = 30.0  # seconds
NO_NAMES = {"NAMES_MODEL": "absent"}  # back at once after a kill: what is tested is writing
DISK = "12m"


@dataclass(frozen=True)
class Row:
    """One fault: how it was made, what was wanted and what came."""

    fault: str
    how: str
    wanted: str
    measured: str
    holds: bool


@dataclass
class Sending:
    """What eight people were told while the site died again and again."""

    codes: dict[int, set[str]] = field(default_factory=dict)
    unanswered: int = 0
    refused: Counter[int] = field(default_factory=Counter)

    def send(self, site: Site, number: int) -> None:
        """Send message ``number`` again with one key until it is acknowledged."""
        key = site.key()
        while True:
            answer = site.send(number, key)
            if answer.status == 200 and answer.code:
                self.codes.setdefault(number, set()).add(answer.code)
                if number % 10 == 0 and len(self.codes[number]) == 1:
                    again = site.send(number, key)  # a double tap, a retry of a lost answer
                    if again.status == 200:
                        self.codes[number].add(again.code)
                return
            self.unanswered += answer.status == 0
            self.refused[answer.status] += 1
            time.sleep(0.1)


def killed(folder: Path, wanted: int) -> Row:
    """Kill every web process each 30 s while eight people write ``wanted`` messages."""
    site, sending, over = make(folder / "killed"), Sending(), threading.Event()
    site.start(**NO_NAMES)
    kills = 0
    pool = ThreadPoolExecutor(WRITERS)
    waiting = [pool.submit(sending.send, site, number) for number in range(wanted)]
    while not over.wait(KILL_EVERY):
        if all(each.done() for each in waiting):
            break
        site.kill()
        kills += 1
        site.start(**NO_NAMES)
    pool.shutdown()
    for each in waiting:
        each.result()
    site.stop()
    kept = Counter(site.kept())
    # A few of the words are first names: what masking makes of them is what must be there.
    sent = Counter(redact(text_of(number), None).text for number in sending.codes)
    lost, doubled = (sent - kept).total(), (kept - sent).total()
    split = sum(1 for codes in sending.codes.values() if len(codes) > 1)
    holds = not (lost or doubled or split) and site.is_sound() and len(sending.codes) == wanted
    return Row(
        "web killed while people write",
        f"kill -9 of all web processes {kills} times, {WRITERS} writers, patterns mask, one key "
        "until it is taken",
        "0 lost, 0 double, one code for one key",
        f"{len(sending.codes):,} acknowledged, {lost} lost, {doubled} double, {split} keys with "
        f"two codes; {sending.unanswered} answers that never came; file sound: {site.is_sound()}",
        holds,
    )


def locked(folder: Path) -> Row:
    """Hold the write lock as another process would."""
    site = make(folder / "locked")
    site.start()
    key = site.key()
    site.send(1, site.key())
    holder = sqlite3.connect(site.folder / "boucle.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    refused, read = site.send(2, key), site.get(f"/s/{SLUG}")
    holder.execute("ROLLBACK")
    holder.close()
    again = site.send(2, key)
    site.stop()
    keeps = text_of(2) in refused.text
    holds = (refused.status, read.status, again.status) == (503, 200, 200) and keeps
    holds = holds and "Retry-After" in refused.headers and site.kept().count(text_of(2)) == 1
    return Row(
        "database locked",
        "BEGIN EXCLUSIVE by another process",
        "503 with Retry-After and the text; pages readable; the retry is taken once",
        f"{refused.status} after {refused.seconds:.1f} s, text kept: {keeps}, the form read in "
        f"{read.seconds * 1000:.0f} ms, the retry {again.status}",
        holds,
    )


def full_then_read_only(folder: Path) -> list[Row]:
    """Put the instance on a disk of 12 MB, fill it, free it, then make it read-only."""
    disk = folder / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", disk], check=False
    )
    if made.returncode:
        return [Row("disk full", "a tmpfs could not be mounted here", "", "**not run**", False)]
    try:
        site = make(disk / "instance")
        site.logs = folder
        site.start()
        return [_full(site, disk), _read_only(site, disk)]
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def _full(site: Site, disk: Path) -> Row:
    answers: dict[int, Answer] = {}
    refused = 0
    ballast = disk / "ballast"
    for number in range(4000):
        answers[number] = site.send(number, site.key())
        refused += answers[number].status != 200
        if number == 30:  # the rest of the disk is taken by something else, as a log would
            _fill(ballast)
        if refused >= 40:
            break
    acknowledged = {n for n, answer in answers.items() if answer.status == 200}
    statuses = Counter(answer.status for answer in answers.values())
    read = site.get(f"/s/{SLUG}")
    keeps = all(text_of(n) in a.text for n, a in answers.items() if a.status == 503)
    ballast.unlink()
    after = site.send(9999, site.key())
    kept = Counter(site.kept())
    lost = sum(1 for number in acknowledged if kept[text_of(number)] != 1)
    holds = set(statuses) == {200, 503} and not lost and keeps and site.is_sound()
    return Row(
        "disk full",
        f"the instance on a tmpfs of {DISK.upper()}B that something else fills",
        "acknowledged = rows; 503 with the text, never 500; pages readable; taken again after",
        f"{statuses[200]} × 200, {statuses[503]} × 503, "
        f"{len(answers) - statuses[200] - statuses[503]} others; {lost} acknowledged lost; "
        f"text kept: {keeps}; form {read.status}; first post after room was made {after.status}",
        holds and (read.status, after.status) == (200, 200),
    )


def _fill(ballast: Path) -> None:
    """Take what is left of the disk."""
    with ballast.open("wb", buffering=0) as rest:
        try:
            while True:
                rest.write(b"\0" * 4096)
        except OSError:
            return


def _read_only(site: Site, disk: Path) -> Row:
    site.stop()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    site.start()
    refused, read, ready = site.send(77, site.key()), site.get("/mots"), site.get("/readyz")
    site.stop()
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    site.start()
    after = site.send(77, site.key())
    site.stop()
    keeps = text_of(77) in refused.text
    holds = (refused.status, read.status, after.status) == (503, 200, 200) and keeps
    return Row(
        "database read-only",
        "the disk mounted read-only, the site started anew",
        "503 with the text; pages that need no database readable; taken once it is writable",
        f"post {refused.status}, text kept: {keeps}, /mots {read.status}, /readyz {ready.status}, "
        f"after {after.status}",
        holds,
    )


def restored(folder: Path, messages: int) -> Row:
    """Back up 100,000 messages, restore them beside, and open one with its code."""
    folder.mkdir(exist_ok=True)
    app, _ = build(folder / "first")
    filled = fill(app, messages, date.today())
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    first = Site(folder / "first", app.config["SETTINGS"], free_port())
    second = Site(folder / "second", app.config["SETTINGS"], free_port())
    second.folder.mkdir()
    copy = folder / "backup"
    seconds = {
        "backup": first.flask("backup", str(copy)),
        "verify": second.flask("restore", str(copy), "--verify"),
        "restore": second.flask("restore", str(copy)),
    }
    counts = "SELECT (SELECT count(*) FROM feedback), (SELECT count(*) FROM answer)"
    same = first.rows(counts) == second.rows(counts)
    second.start(**NO_NAMES)
    opened = second.open(filled.code)
    second.stop()
    told = ", ".join(f"{name} {time:.0f} s" for name, time in seconds.items())
    took = seconds["verify"] + seconds["restore"]
    return Row(
        f"restoring {messages:,} messages",
        "flask backup, then flask restore --verify and flask restore into an empty instance",
        "5 minutes, equal counts, receipts still open",
        f"{told}; {second.rows(counts)[0][0]:,} messages, counts equal: {same}; the code opens: "
        f"{opened}; file sound: {second.is_sound()}",
        took <= 300 and same and opened and second.is_sound(),
    )

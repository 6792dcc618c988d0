"""A copy of the database that can be checked and restored: SQLite's backup, emptied of what is
operational, with a manifest of digests and counts.

The list of erasures lies beside it and is replayed after every restore (model.md §7).
"""

import hashlib
import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

from app.checkup import fingerprint
from app.db import db
from app.erasures import ERASED_LIST

# model.md §2: left out of backups, and so is what would tell who typed for whom.
OPERATIONAL = (
    "job",
    "outbox",
    "rate_bucket",
    "limit_key",
    "burst",
    "board_act",
    "group_suggestion",
    "phase_window",
    "code_claim",
    "entry_batch",
    "entry_count",
    "desk_act_row",
    "desk_act",
    "staff_session",
    "staff_token",
)
# The same in rows that stay: timers of live sessions, and names that the close was to erase.
EMPTIED: dict[str, dict[str, str | None]] = {
    "workshop": {
        "timer_until": None,
        "timer_left_seconds": None,
        "quiet_since": None,
        "crew_seen": None,
    },
    "card_group": {"timer_until": None, "timer_left_seconds": None},
    "participant": {"name": "", "seen": None},
}
DATABASE = "boucle.db"
MANIFEST = "manifest.json"


class BadBackup(Exception):
    """The folder holds no sound backup; the message says what is wrong."""


class InUse(Exception):
    """Another process has the database open: putting a file in its place would mix the two."""


def back_up(source: Path, target: Path, day: date, receipt_secret: str) -> dict[str, Any]:
    """Copy the database file ``source`` into the new folder ``target``; return the manifest.

    Raises ``FileExistsError`` when ``target`` holds something.
    """
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise FileExistsError(f"{target} is not empty")
    copy = target / DATABASE
    _copy(source, copy)
    erased = source.parent / ERASED_LIST
    if erased.exists():
        shutil.copy(erased, target / ERASED_LIST)
    manifest = {
        "day": day.isoformat(),
        "sha256": _digest(copy),
        "counts": counts(copy),
        "receipt_secret": fingerprint(receipt_secret),
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2), "utf-8")
    return manifest


def _copy(source: Path, copy: Path) -> None:
    """Copy page by page while others write, then empty what is operational and compact."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(copy)
    try:
        reading.backup(writing)
        writing.execute("PRAGMA secure_delete=ON")
        for name in OPERATIONAL:
            writing.execute(f"DELETE FROM {name}")  # nosec B608: names of the list above
        for name, values in EMPTIED.items():
            blanks = ", ".join(f"{column} = ?" for column in values)
            words = f"UPDATE {name} SET {blanks}"  # nosec B608: names of the table above
            writing.execute(words, list(values.values()))
        writing.commit()
        writing.execute("PRAGMA journal_mode=DELETE")
        writing.execute("VACUUM")
    finally:
        reading.close()
        writing.close()


def counts(path: Path) -> dict[str, int]:
    """Return how many rows each table of the database at ``path`` holds."""
    connection = sqlite3.connect(path)
    try:
        names = sorted(db.metadata.tables)
        queries = {name: f"SELECT count(*) FROM {name}" for name in names}  # nosec B608: our tables
        return {name: connection.execute(query).fetchone()[0] for name, query in queries.items()}
    finally:
        connection.close()


def verify(folder: Path, receipt_secret: str) -> dict[str, Any]:
    """Return the manifest of ``folder``; raise ``BadBackup`` unless the copy matches it."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadBackup(f"{folder} has no readable {MANIFEST}") from error
    copy = folder / DATABASE
    if not copy.exists() or _digest(copy) != manifest["sha256"]:
        raise BadBackup(f"{copy} is not the file that the manifest describes")
    if counts(copy) != manifest["counts"]:
        raise BadBackup(f"{copy} does not hold the counts of the manifest")
    if manifest["receipt_secret"] != fingerprint(receipt_secret):
        raise BadBackup("the backup was made with another RECEIPT_SECRET: no code would open")
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def restore(folder: Path, target: Path) -> None:
    """Put the verified copy of ``folder`` in place of the database file ``target``.

    The list of erasures of both places is kept, so that the replay knows every one. Raises
    ``InUse`` while the site or its worker runs, and changes nothing then.
    """
    if _is_open_elsewhere(target):
        raise InUse(f"{target} is in use: stop the site and its worker first")
    lists = [path / ERASED_LIST for path in (target.parent, folder)]
    erased = {line for path in lists if path.exists() for line in path.read_text("ascii").split()}
    for leftover in (f"{target.name}-wal", f"{target.name}-shm"):
        (target.parent / leftover).unlink(missing_ok=True)
    shutil.copy(folder / DATABASE, target)
    if erased:
        text = "".join(f"{each}\n" for each in sorted(erased))
        (target.parent / ERASED_LIST).write_text(text, "ascii")


def _is_open_elsewhere(database: Path) -> bool:
    """Say whether another process has ``database`` open: only who is alone may leave WAL."""
    if not database.exists():
        return False
    connection = sqlite3.connect(database, timeout=0)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False  # damaged: what a restore is for
    finally:
        connection.close()
    return False

"""Whether the instance can take a message now: room on its disk, and a database that is written to.

Asked by monitors through ``/readyz`` and by ``flask doctor``; writes nothing.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from app.db import db

LEAST_TO_SERVE = 50 * 2**20  # bytes; ``doctor`` warns long before


def disk_is_full(instance: Path) -> bool:
    """Say whether so little room is left that the next message may be refused."""
    return shutil.disk_usage(instance).free < LEAST_TO_SERVE


def takes_writes() -> bool:
    """Say whether the database lets itself be written to; one that somebody writes to does.

    Takes the write lock for no time at all and gives it back, on a connection of its own.
    """
    name = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not name:
        return True
    place = f"file:{quote(str(Path(name).resolve()))}?mode=rw"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=0, isolation_level=None)) as own:
            own.execute("BEGIN IMMEDIATE")
            own.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    return True

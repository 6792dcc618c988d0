"""The processes of the bench: composing, delivering, and a mail server that counts.

``python -m tests.digest_bench.acts compose|deliver|sink FOLDER PORT``: each is a process of its
own, so that memory is that of the act alone and the server takes no time from the worker's.
"""

import asyncio
import json
import re
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from flask import Flask

from app import tasks, worker
from app.days import utc_now
from app.db import db, will_write
from app.factory import create_app
from tests.conftest import NOON, settings
from tests.fakes import FakeRuntime, StandingClock

MESSAGE_ID = re.compile(rb"^Message-ID: <([^>@]+)", re.M)


def open_app(folder: Path, port: int = 25, ticking: bool = False) -> Flask:
    """Return the application on the database of ``folder``."""
    chosen = settings(SMTP_PORT=port, MAIL_PER_DOMAIN_MINUTE=0)
    clock = utc_now if ticking else StandingClock(NOON)
    return create_app(chosen, folder, clock, FakeRuntime(folder))


def compose(folder: Path, _port: int) -> None:
    """Run the digest's job once; print seconds, memory and mails as JSON."""
    app = open_app(folder)
    started, spent = time.perf_counter(), time.process_time()
    with app.app_context():
        will_write()
        said = tasks.digest("bench", NOON)
    taken, busy = time.perf_counter() - started, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {"seconds": taken, "processor": busy, "mib": peak, "mails": int(said.split()[0])}
        )
    )


def deliver(folder: Path, port: int) -> None:
    """Turn as the worker does until nothing is left, or somebody kills us."""
    app = open_app(folder, port, ticking=True)
    while worker.turn(app):
        pass
    with app.app_context():
        db.engine.dispose()


class Sink:
    """Takes every mail and writes its Message-ID into a file."""

    def __init__(self, path: Path) -> None:
        self.lines = path.open("ab", buffering=0)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep one id; the name is aiosmtpd's."""
        found = MESSAGE_ID.search(envelope.content)
        self.lines.write((found[1] if found else b"?") + b"\n")
        return "250 kept"


def sink(folder: Path, port: int) -> None:
    """Serve until asked to stop."""
    handler = Sink(folder / "taken.txt")

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", port)
        stop = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        (folder / "listening").touch()
        await stop.wait()
        server.close()

    asyncio.run(serve())


if __name__ == "__main__":
    act = {"compose": compose, "deliver": deliver, "sink": sink}[sys.argv[1]]
    act(Path(sys.argv[2]), int(sys.argv[3]))

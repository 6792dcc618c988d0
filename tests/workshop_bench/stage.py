"""The site of the load test: one service, one facilitator, gunicorn as deployed, killed and raised.

What was kept is read from the database itself, past the application.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.accounts import Role
from app.config import ROOT, Settings
from app.days import utc_now
from app.db import db
from tests import factories
from tests.browser.site import PASSPHRASE, build, make_account
from tests.conftest import writing
from tests.served import environment

MAIL = "animation@example.fr"
WORDS = PASSPHRASE


@dataclass
class Stage:
    """The served site: where it listens and where its files lie."""

    folder: Path
    settings: Settings
    port: int
    clock: Callable[[], datetime] = utc_now
    process: "subprocess.Popen[bytes] | None" = None

    def raise_up(self) -> None:
        """Start gunicorn with our settings file: two workers of eight threads."""
        bind = f"--bind=127.0.0.1:{self.port}"
        with (self.folder / "web.log").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", bind],
                cwd=ROOT,
                env=environment(self.settings, self.folder),
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill every web process at once, as a crash or a lost machine would."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Let the site end in order."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def cards(self) -> Counter[str]:
        """Return the texts of all cards in the database, with how often each stands there."""
        return Counter(text for (text,) in self._rows("SELECT text FROM card"))

    def dots(self) -> Counter[str]:
        """Return how many dots each group holds in the database."""
        query = "SELECT group_id, SUM(dots) FROM vote GROUP BY group_id"
        return Counter(dict(self._rows(query)))

    def most_given(self) -> int:
        """Return how many dots the participant who gave most has given."""
        query = "SELECT MAX(given) FROM (SELECT SUM(dots) given FROM vote GROUP BY participant_id)"
        return int(self._rows(query)[0][0] or 0)

    def _rows(self, query: str) -> list[tuple]:
        with sqlite3.connect(f"file:{self.folder / 'boucle.db'}?mode=ro", uri=True) as line:
            return line.execute(query).fetchall()


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Serve a site with a service and a facilitator until the block ends."""
    app, clock = build(folder)
    clock.moment = datetime.now(UTC)
    with writing(app):
        service = factories.service(slug="suivi-tension", name="Mon suivi tension")
        make_account("animation", (Role.FACILITATOR,), service)
    with app.app_context():
        db.engine.dispose()
    stage = Stage(folder, app.config["SETTINGS"], free_port())
    stage.raise_up()
    try:
        yield stage
    finally:
        stage.stop()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])

"""The site that is broken: gunicorn and worker as deployed, people who send until it is taken.

What was kept is read from the database file itself, past the application.
"""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from app import form_keys
from app.config import ROOT, Settings
from app.db import db
from tests import factories
from tests.browser.site import build
from tests.conftest import writing
from tests.served import environment
from tests.workshop_bench.stage import free_port

SLUG = "suivi-tension"
SOUNDS = [c + v for c in "bdflmnprtv" for v in "aeiou"]  # 50: a number becomes three of them
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:[  -][0-9A-HJKMNP-TV-Z]{4}){3}")
PATIENCE = 30  # seconds for one request
Process = subprocess.Popen[bytes]


def text_of(number: int) -> str:
    """Return the words of the message called ``number``: no name or digit that masking changes."""
    last, rest = SOUNDS[number % 50], number // 50
    return f"le bouton ne fait rien, {SOUNDS[rest // 50 % 50]}{SOUNDS[rest % 50]}{last} encore"


@dataclass
class Answer:
    """What one request brought."""

    status: int = 0  # 0: nothing came back
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def code(self) -> str:
        """The receipt code on the page, or nothing."""
        found = CODE.search(self.text)
        return found[0] if found else ""


@dataclass
class Site:
    """One instance, its web process and what is known of it."""

    folder: Path
    settings: Settings
    port: int
    web: Process | None = None
    before: tuple[str, ...] = ()  # what the processes are started through, as faketime
    logs: Path | None = None  # where the processes speak to; beside the instance by default

    def start(self, **changes: str) -> None:
        """Start gunicorn with our settings file, and wait until it answers."""
        bind = f"--bind=127.0.0.1:{self.port}"
        self.web = self._launch([sys.executable, "-m", "gunicorn", bind], "web.log", changes)
        for _ in range(240):
            if self.get("/healthz").status == 200:
                return
            time.sleep(0.5)
        raise RuntimeError("the site did not start")

    def worker(self, *words: str, app: str = "wsgi", **changes: str) -> Process:
        """Start the worker, with ``words`` behind ``flask work``."""
        command = [sys.executable, "-m", "flask", "--app", app, "work", *words]
        return self._launch(command, "worker.log", changes)

    def _launch(self, command: list[str], log: str, changes: dict[str, str]) -> Process:
        with ((self.logs or self.folder.parent) / log).open("ab") as said:
            return subprocess.Popen(
                [*self.before, *command],
                cwd=ROOT,
                env=environment(self.settings, self.folder) | changes,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill every web process at once."""
        assert self.web
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def stop(self) -> None:
        """End the web process in order."""
        if self.web and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGTERM)
            self.web.wait(timeout=60)

    def get(self, path: str) -> Answer:
        """Return what ``path`` answers."""
        return self._ask("GET", path, None, 0)

    def send(self, number: int, key: str) -> Answer:
        """Send message ``number`` with the form's ``key``, from a network of its own."""
        form = {"key": key, "face": "0", "text": text_of(number)}
        return self._ask("POST", f"/s/{SLUG}", urlencode(form), number)

    def try_code(self, code: str, number: int) -> Answer:
        """Type ``code``, from the network called ``number``."""
        return self._ask("POST", "/suivi", urlencode({"code": code}), number)

    def open(self, code: str) -> bool:
        """Say whether ``code`` opens the page of its author."""
        answer = self.try_code(code, 1)
        return answer.status == 303 and "/suivi/retour" in answer.headers.get("Location", "")

    def flask(self, *words: str) -> float:
        """Run a command of ours to its end; return its seconds."""
        began = time.perf_counter()
        process = self._launch(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words], "flask.log", {}
        )
        if process.wait(timeout=900):
            raise RuntimeError(f"flask {words[0]} failed, see flask.log")
        return time.perf_counter() - began

    def _ask(self, method: str, path: str, body: str | None, number: int) -> Answer:
        headers = {"X-Forwarded-For": f"10.{number // 250 % 250}.{number % 250}.7"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, headers)
            came = line.getresponse()
            text = came.read().decode()
        except (OSError, HTTPException):
            return Answer(seconds=time.perf_counter() - began)
        finally:
            line.close()
        return Answer(came.status, text, dict(came.headers), time.perf_counter() - began)

    def key(self) -> str:
        """Return a fresh key, as the page of the service gives one."""
        return form_keys.issue(self.settings.SECRET_KEY, SLUG, date.today())

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Return what ``query`` finds in the database file."""
        with closing(sqlite3.connect(self.folder / "boucle.db", timeout=30)) as line:
            return line.execute(query, values).fetchall()

    def kept(self) -> list[str]:
        """Return the text of every message in the database."""
        return [text for (text,) in self.rows("SELECT text FROM feedback") if text]

    def is_sound(self) -> bool:
        """Say whether SQLite finds the file whole."""
        return self.rows("PRAGMA integrity_check") == [("ok",)]


def make(folder: Path, **changes: object) -> Site:
    """Return a new instance with one service in ``folder``; nothing runs yet."""
    folder.mkdir(parents=True, exist_ok=True)
    app, _ = build(folder)
    with writing(app):
        factories.service(slug=SLUG, name="Mon suivi tension")
    with app.app_context():
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    own = {"PROXY_HOPS": 1, "SMTP_PORT": free_port(), **changes}
    return Site(folder, replace(app.config["SETTINGS"], **own), free_port())

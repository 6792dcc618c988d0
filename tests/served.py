"""The site as it is really served: gunicorn with our settings file, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from app.config import ROOT, Settings

PATIENCE = 120  # seconds for the first answer: the name pipeline is being loaded


@dataclass
class Answer:
    """What came back."""

    status_code: int
    location: str
    text: str


@dataclass
class HttpClient:
    """Gets and posts over real HTTP, and keeps cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: dict[str, str]) -> Answer:
        """Return what ``path`` answers."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, data: dict[str, Any], headers: dict[str, str]) -> Answer:
        """Return what a form sent to ``path`` answers."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(data, doseq=True), headers | form)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        target = urlsplit(path)
        cookie = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        address = target._replace(scheme="", netloc="").geturl()
        line.request(method, address, body, headers | (cookie if self.cookies else {}))
        answer = line.getresponse()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: each.value for name, each in SimpleCookie(value).items()}
        text = answer.read().decode()
        line.close()
        return Answer(answer.status, answer.headers.get("Location", ""), text)


@contextmanager
def served(settings: Settings, instance: Path, log: Path, app: str = "wsgi:app") -> Iterator[int]:
    """Serve ``instance`` until the block ends; yield the port. All it says goes to ``log``.

    The listening socket is ours: a request waits in its queue until the site is ready.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    port = int(listening.getsockname()[1])
    bind = f"fd://{listening.fileno()}"
    command = [sys.executable, "-m", "gunicorn", "--workers=1", f"--bind={bind}", app]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(settings, instance),
            stdout=said,
            stderr=said,
            pass_fds=(listening.fileno(),),
        )
        listening.close()
        try:
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def environment(settings: Settings, instance: Path) -> dict[str, str]:
    """Return what a process needs to know to serve ``instance`` with ``settings``."""
    values = {each.name: getattr(settings, each.name) for each in fields(settings)}
    ours = {name: str(value) for name, value in values.items()}
    return {**os.environ, **ours, "BOUCLE_INSTANCE": str(instance)}

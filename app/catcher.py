"""The demonstration's mail server: takes every mail over real SMTP and keeps it as a file to read.

Started by ``app/demo_run.py``; ``app/mailbox_views.py`` shows what it caught.
"""

import email
import email.policy
import itertools
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class KeepMail:
    """Writes each accepted mail into ``folder``, numbered in order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.numbers = itertools.count(len(list(folder.glob("*.eml"))) + 1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep one mail."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        (self.folder / f"{next(self.numbers):05}.eml").write_bytes(raw)
        return "250 kept"


def start(folder: Path, host: str, port: int) -> Controller:
    """Return a running catcher; stop it with ``.stop()``."""
    controller = Controller(KeepMail(folder), hostname=host, port=port)
    controller.start()
    return controller


def caught(folder: Path) -> list[tuple[int, EmailMessage]]:
    """Return the caught mails with their numbers, newest first."""
    return [(int(path.stem), read(path)) for path in sorted(folder.glob("*.eml"), reverse=True)]


def read(path: Path) -> EmailMessage:
    """Return the mail kept at ``path``."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message

"""Speaks SMTP: hands mails to the server of the settings, several over one connection.

What waits and what is tried again is ``app/posting.py``.
"""

import select
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from app.config import Settings
from app.posting import Send

ALIVE = 250  # what a server answers to a NOOP


class Line:
    """A connection that is opened with the first mail and opened anew when the server hung up."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: smtplib.SMTP | None = None

    def __call__(self, msg: EmailMessage) -> None:
        """Send one message; what the server refuses is raised."""
        try:
            self._open().send_message(msg)
        except smtplib.SMTPResponseException:
            raise  # it spoke: the line is good for the next one
        except (OSError, smtplib.SMTPServerDisconnected):
            self.close()
            raise

    def _open(self) -> smtplib.SMTP:
        """Return a live connection; an idle one is asked first, for a mail is never sent twice."""
        if self.server is not None and not self._answers(self.server):
            self.close()
        if self.server is None:
            self.server = self._connect()
        return self.server

    @staticmethod
    def _answers(server: smtplib.SMTP) -> bool:
        """Say whether the line is alive; one that has nothing to say was not hung up."""
        try:
            if server.sock and not select.select([server.sock], [], [], 0)[0]:
                return True
            return bool(server.noop()[0] == ALIVE)
        except (OSError, ValueError, smtplib.SMTPException):  # ValueError: closed on our side
            return False

    def _connect(self) -> smtplib.SMTP:
        chosen = self.settings
        server = smtplib.SMTP(chosen.SMTP_HOST, chosen.SMTP_PORT, timeout=chosen.SMTP_SECONDS)
        try:
            if chosen.SMTP_TLS:
                server.starttls(context=ssl.create_default_context())
            if chosen.SMTP_USER:
                server.login(chosen.SMTP_USER, chosen.SMTP_PASSWORD)
        except BaseException:
            server.close()
            raise
        return server

    def close(self) -> None:
        """Say goodbye; the mails are theirs once they said yes, whatever they answer now."""
        server, self.server = self.server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


@contextmanager
def smtp_line(settings: Settings) -> Iterator[Send]:
    """Give what sends over one connection, closed at the end."""
    line = Line(settings)
    try:
        yield line
    finally:
        line.close()


def smtp_sender(settings: Settings) -> Send:
    """Return a function that sends one message over a connection of its own."""

    def send(msg: EmailMessage) -> None:
        with smtp_line(settings) as line:
            line(msg)

    return send

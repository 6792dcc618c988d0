"""Speaks SMTP: the function that hands one mail to the server of the settings.

What waits and what is tried again is ``app/mail.py``.
"""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from app.config import Settings
from app.mail import Send

SMTP_SECONDS = 20  # a server that says nothing for so long is tried again later


def smtp_sender(settings: Settings) -> Send:
    """Return a function that sends one message over SMTP with ``settings``."""

    def send(msg: EmailMessage) -> None:
        server = smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=SMTP_SECONDS)
        try:
            if settings.SMTP_TLS:
                server.starttls(context=ssl.create_default_context())
            if settings.SMTP_USER:
                server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
            server.send_message(msg)
        finally:  # the mail is theirs once they said yes: a rude goodbye must not send it again
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    return send

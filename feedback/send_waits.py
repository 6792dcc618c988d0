"""How long a network that sends a lot waits, and what whoever sends from there reads.

A whole hospital may stand behind one address: their words stay on the page, which sends them again
by itself when the window is over, spread over a minute so that not all come at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Response
from flask_babel import ngettext

SPREAD_SECONDS = 60


@dataclass(frozen=True)
class Wait:
    """The seconds until the same form may be sent again, and the sentence that says so."""

    seconds: int
    words: str


def wait_until(window: timedelta, key: str, moment: datetime) -> Wait:
    """Return the wait of the form with ``key`` for the end of the ``window`` of ``moment``."""
    length = int(window.total_seconds())
    left = length - int(moment.timestamp()) % length
    seconds = left + int.from_bytes(sha256(key.encode()).digest()[:4]) % SPREAD_SECONDS
    words = ngettext(
        "Beaucoup de messages partent de votre réseau. "
        "Votre texte est gardé. Vous pouvez le renvoyer dans %(num)s minute.",
        "Beaucoup de messages partent de votre réseau. "
        "Votre texte est gardé. Vous pouvez le renvoyer dans %(num)s minutes.",
        -(-seconds // 60),
    )
    return Wait(seconds, str(words))


def told_to_wait(page: Response, wait: Wait) -> Response:
    """Return ``page`` with the seconds to wait for programs too."""
    page.headers["Retry-After"] = str(wait.seconds)
    return page

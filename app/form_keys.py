"""The signed key that a citizen's form carries: it stands for a session that we do not open.

128 random bits, the service and the day, sealed with an HMAC (model.md §3). The receipt code is
derived from it, so it is as secret as the code: never logged, on pages that are not stored.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import date, timedelta

VALID_FOR = timedelta(days=7)
RANDOM_BYTES = 16


class ExpiredForm(Exception):
    """The form's key is unknown, altered, of another service or too old: show a fresh form."""


def issue(secret: str, purpose: str, day: date) -> str:
    """Return a fresh signed key for ``purpose`` (a service's address) on ``day``."""
    random = base64.urlsafe_b64encode(secrets.token_bytes(RANDOM_BYTES)).decode().rstrip("=")
    body = f"{random}.{day:%Y%m%d}"
    return f"{body}.{_seal(secret, purpose, body)}"


def check(secret: str, purpose: str, key: str, day: date) -> str:
    """Return ``key`` when it is ours, for ``purpose`` and still valid; raise ``ExpiredForm``."""
    body, _, seal = key.rpartition(".")
    if not key.isascii() or not hmac.compare_digest(seal, _seal(secret, purpose, body)):
        raise ExpiredForm
    issued = date.fromisoformat(body.rpartition(".")[2])
    if not timedelta(0) <= day - issued <= VALID_FOR:
        raise ExpiredForm
    return key


def _seal(secret: str, purpose: str, body: str) -> str:
    digest = hmac.new(secret.encode(), f"form:{purpose}:{body}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()[:16]).decode().rstrip("=")

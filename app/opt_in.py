"""The link that confirms an address: good for a day, stored as a hash, its end sealed within it."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email

VALID = timedelta(hours=24)
QUIET_DAYS = 2  # rows keep days only: two of them are never less than 24 hours


class BadAddress(Exception):
    """The address cannot receive mail."""


def clean_address(typed: str) -> str:
    """Return ``typed`` normalised; raise ``BadAddress``. Never asks the network."""
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadAddress from error


def new_token(now: datetime) -> str:
    """Return a token that says itself until when it is good."""
    return f"{secrets.token_urlsafe(24)}-{int((now + VALID).timestamp()):x}"


def token_hash(token: str) -> str:
    """Return what is stored of ``token``."""
    return hashlib.sha256(token.encode()).hexdigest()


def lasts(token: str, now: datetime) -> bool:
    """Say whether a token that is known is still good."""
    return int(token.rpartition("-")[2], 16) >= now.timestamp()


def is_quiet(created: date, day: date) -> bool:
    """Say whether a link went to this address too lately for another."""
    return (day - created).days < QUIET_DAYS

"""How much one network may send; asked before words are masked, which is what a flood costs."""

from datetime import timedelta

from flask import current_app

from app import limits
from app.days import now

# By one network in ten minutes: a hospital behind one address gets through, a flood ends. A form's
# key is good for one message, so that each further one costs a fresh page.
SENDS = 600
WINDOW = timedelta(minutes=10)


def has_sent_too_much(what: str, address: str | None) -> bool:
    """Say whether the network of ``address`` sent ``SENDS`` of ``what`` lately; takes no lock."""
    who = limits.network_of(address)
    return limits.is_spent(what, who, SENDS, WINDOW, now(), current_app.config["SECRET_KEY"])


def count_sending(what: str, address: str | None) -> None:
    """Count one sending of the network of ``address``. The caller commits."""
    who = limits.network_of(address)
    limits.allow(what, who, SENDS, WINDOW, now(), current_app.config["SECRET_KEY"])
